// Cuts path, query and body of the requests this package sends out of GitHub's REST description, into
// request-schemas.json. The package is 385 MB unpacked, so it is no dependency: unpack `@octokit/openapi` elsewhere and
// name its directory.
//   node packages/github/src/testing/cut-requests.ts DIRECTORY/package && npx biome format --write packages/github
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isObject } from '../failures.ts';

type Json = Readonly<Record<string, unknown>>;

const operations = [
  'POST /app/installations/{installation_id}/access_tokens',
  'GET /app',
  'GET /users/{username}/installation',
  'POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches',
  'GET /repos/{owner}/{repo}/issues',
  'POST /repos/{owner}/{repo}/issues',
  'PATCH /repos/{owner}/{repo}/issues/{issue_number}',
  'POST /repos/{owner}/{repo}/issues/{issue_number}/comments',
  'GET /repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs',
  'GET /repos/{owner}/{repo}/actions/runs/{run_id}/jobs',
] as const;

const source = (version: string) =>
  `@octokit/openapi ${version} (MIT), generated/api.github.com.json: path, query and body of the requests this package sends. References are resolved, descriptions left out, and unknown keys of a body are refused, as GitHub does.`;

function cut(directory: string): Json {
  const read = (path: string): Json => record(JSON.parse(readFileSync(join(directory, path), 'utf8')));
  const api = read('generated/api.github.com.json');
  const requests = Object.fromEntries(operations.map((name) => [name, request(api, name)]));
  return { source: source(String(read('package.json')['version'])), requests };
}

function request(api: Json, name: string): Json {
  const [method = '', path = ''] = name.split(' ');
  const found = record(resolved(api, at(api, 'paths', path, method.toLowerCase())));
  const body = at(found, 'requestBody', 'content', 'application/json')['schema'];
  return {
    path: parameters(found['parameters'], 'path'),
    query: parameters(found['parameters'], 'query'),
    body: body === undefined ? null : closed(body),
  };
}

/** GitHub refuses keys that it does not know. */
function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed);
  if (!isObject(value)) return value;
  const schema = Object.fromEntries(Object.entries(value).map(([key, field]) => [key, closed(field)]));
  return isObject(value['properties']) ? { additionalProperties: false, ...schema } : schema;
}

function parameters(all: unknown, place: 'path' | 'query'): Json {
  const here = (Array.isArray(all) ? all : []).map(record).filter((one) => one['in'] === place);
  return {
    type: 'object',
    additionalProperties: false,
    required: here.filter(({ required }) => required === true).map(({ name }) => name),
    properties: Object.fromEntries(here.map(({ name, schema }) => [String(name), schema])),
  };
}

const unneeded = new Set(['responses', 'title', 'description', 'example', 'examples', 'nullable']);

/**
 * With every reference replaced by what it points to (no schema of a request refers to itself), and OpenAPI 3.0's
 * `nullable` as JSON Schema says it.
 */
function resolved(api: Json, value: unknown, isPropertyMap = false): unknown {
  if (Array.isArray(value)) return value.map((item) => resolved(api, item));
  if (!isObject(value)) return value;
  const { $ref: reference } = value;
  if (typeof reference === 'string') return resolved(api, at(api, ...reference.split('/').slice(1)));
  const kept = Object.entries(value).filter(([key]) => isPropertyMap || !unneeded.has(key));
  const schema = Object.fromEntries(kept.map(([key, field]) => [key, resolved(api, field, key === 'properties')]));
  return !isPropertyMap && value['nullable'] === true ? { anyOf: [schema, { type: 'null' }] } : schema;
}

function at(value: Json, ...path: readonly string[]): Json {
  return path.reduce((object, key) => record(object[key]), value);
}

function record(value: unknown): Json {
  return isObject(value) ? value : {};
}

const [directory] = process.argv.slice(2);
if (directory === undefined) throw new Error('Name the directory of the unpacked @octokit/openapi package.');
const file = new URL('request-schemas.json', import.meta.url);
writeFileSync(file, `${JSON.stringify(cut(directory), null, 2)}\n`);
