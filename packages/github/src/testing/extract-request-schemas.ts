// Extracts the path, query and body schemas of the requests that this package sends from GitHub's REST description into
// request-schemas.json. `@octokit/openapi` is 385 MB unpacked and therefore not a dependency: unpack it into a
// directory and pass that directory.
//   node packages/github/src/testing/extract-request-schemas.ts DIRECTORY/package && npx biome format --write packages/github
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isObject } from '../transport/error-mapping.ts';

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
  'POST /repos/{owner}/{repo}/check-runs',
  'PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}',
  'GET /repos/{owner}/{repo}/check-runs/{check_run_id}',
  'GET /repos/{owner}/{repo}/commits/{ref}/check-runs',
  'GET /repos/{owner}/{repo}/check-suites/{check_suite_id}/check-runs',
] as const;

const source = (version: string) =>
  `@octokit/openapi ${version} (MIT), generated/api.github.com.json: path, query and body of the requests this package sends. References are resolved, descriptions left out, and unknown keys of a body are refused, as GitHub does.`;

function extract(directory: string): Json {
  const read = (path: string): Json => record(JSON.parse(readFileSync(join(directory, path), 'utf8')));
  const api = read('generated/api.github.com.json');
  const requests = Object.fromEntries(operations.map((name) => [name, request(api, name)]));
  return { source: source(String(read('package.json')['version'])), requests };
}

function request(api: Json, name: string): Json {
  const [method = '', path = ''] = name.split(' ');
  const operation = record(resolved(api, at(api, 'paths', path, method.toLowerCase())));
  const body = at(operation, 'requestBody', 'content', 'application/json')['schema'];
  return {
    path: parameters(operation['parameters'], 'path'),
    query: parameters(operation['parameters'], 'query'),
    body: body === undefined ? null : closed(body),
  };
}

/** Refuses unknown keys, as GitHub does. */
function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed);
  if (!isObject(value)) return value;
  const schema = Object.fromEntries(Object.entries(value).map(([key, field]) => [key, closed(field)]));
  return isObject(value['properties']) ? { additionalProperties: false, ...schema } : schema;
}

function parameters(all: unknown, location: 'path' | 'query'): Json {
  const matching = (Array.isArray(all) ? all : []).map(record).filter((one) => one['in'] === location);
  return {
    type: 'object',
    additionalProperties: false,
    required: matching.filter(({ required }) => required === true).map(({ name }) => name),
    properties: Object.fromEntries(matching.map(({ name, schema }) => [String(name), schema])),
  };
}

const omittedKeys = new Set(['responses', 'title', 'description', 'example', 'examples', 'nullable']);

/**
 * Replaces every reference by its target (no request schema is recursive), and OpenAPI 3.0's `nullable` by its JSON
 * Schema equivalent.
 */
function resolved(api: Json, value: unknown, isPropertyMap = false): unknown {
  if (Array.isArray(value)) return value.map((item) => resolved(api, item));
  if (!isObject(value)) return value;
  const { $ref: reference } = value;
  if (typeof reference === 'string') return resolved(api, at(api, ...reference.split('/').slice(1)));
  const kept = Object.entries(value).filter(([key]) => isPropertyMap || !omittedKeys.has(key));
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
if (directory === undefined) throw new Error('Pass the directory of the unpacked @octokit/openapi package.');
const file = new URL('request-schemas.json', import.meta.url);
writeFileSync(file, `${JSON.stringify(extract(directory), null, 2)}\n`);
