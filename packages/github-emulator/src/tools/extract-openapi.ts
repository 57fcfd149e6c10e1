// Extracts the parts of GitHub's REST description that the tests validate responses against into
// testing/fixtures/github-openapi.json. `@octokit/openapi` is 385 MB unpacked and therefore not a dependency: unpack it
// into a directory and pass that directory.
//   node packages/github-emulator/src/tools/extract-openapi.ts DIRECTORY/package
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

type Json = { readonly [key: string]: unknown };

const OPERATIONS = [
  'GET /app',
  'GET /app/installations',
  'GET /app/installations/{installation_id}',
  'GET /users/{username}/installation',
  'GET /orgs/{org}/installation',
  'GET /repos/{owner}/{repo}/installation',
  'POST /app/installations/{installation_id}/access_tokens',
  'POST /app-manifests/{code}/conversions',
  'DELETE /installation/token',
  'GET /installation/repositories',
  'GET /user',
  'GET /user/{account_id}',
  'GET /repos/{owner}/{repo}/collaborators/{username}/permission',
  'GET /orgs/{org}/memberships/{username}',
  'GET /orgs/{org}/teams/{team_slug}/memberships/{username}',
  'DELETE /applications/{client_id}/token',
  'DELETE /applications/{client_id}/grant',
  'GET /app/hook/config',
  'PATCH /app/hook/config',
  'GET /app/hook/deliveries',
  'GET /app/hook/deliveries/{delivery_id}',
  'POST /app/hook/deliveries/{delivery_id}/attempts',
  'GET /repos/{owner}/{repo}',
  'POST /repos/{owner}/{repo}/dispatches',
  'GET /repos/{owner}/{repo}/actions/workflows',
  'GET /repos/{owner}/{repo}/actions/workflows/{workflow_id}',
  'POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches',
  'GET /repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs',
  'GET /repos/{owner}/{repo}/actions/runs',
  'GET /repos/{owner}/{repo}/actions/runs/{run_id}',
  'GET /repos/{owner}/{repo}/actions/runs/{run_id}/jobs',
  'GET /repos/{owner}/{repo}/issues',
  'POST /repos/{owner}/{repo}/issues',
  'GET /repos/{owner}/{repo}/issues/{issue_number}',
  'PATCH /repos/{owner}/{repo}/issues/{issue_number}',
  'GET /repos/{owner}/{repo}/issues/{issue_number}/comments',
  'POST /repos/{owner}/{repo}/issues/{issue_number}/comments',
  'POST /repos/{owner}/{repo}/check-runs',
  'GET /repos/{owner}/{repo}/check-runs/{check_run_id}',
  'PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}',
  'GET /repos/{owner}/{repo}/check-runs/{check_run_id}/annotations',
  'GET /repos/{owner}/{repo}/commits/{ref}/check-runs',
  'GET /repos/{owner}/{repo}/check-suites/{check_suite_id}/check-runs',
  'GET /repos/{owner}/{repo}/check-suites/{check_suite_id}',
  'GET /repos/{owner}/{repo}/commits/{ref}/check-suites',
] as const;

const WEBHOOKS = [
  'webhook-workflow-run-completed',
  'webhook-github-app-authorization-revoked',
  'webhook-check-run-rerequested',
  'webhook-check-suite-rerequested',
  'webhook-push',
  'webhook-pull-request-opened',
  'webhook-pull-request-synchronize',
  ...['archived', 'edited', 'privatized', 'publicized', 'renamed', 'transferred', 'unarchived'].map(
    (action) => `webhook-repository-${action}`,
  ),
  ...['created', 'deleted', 'new-permissions-accepted', 'suspend', 'unsuspend'].map(
    (action) => `webhook-installation-${action}`,
  ),
  'webhook-installation-repositories-added',
  'webhook-installation-repositories-removed',
  'webhook-installation-target-renamed',
];
const ERRORS = ['basic-error', 'validation-error'];

/** Keywords that do not affect validation. */
const NON_VALIDATING_KEYWORDS = new Set([
  'description',
  'example',
  'examples',
  'title',
  'externalDocs',
  'deprecated',
  'default',
  'readOnly',
]);

function extract(directory: string): Json {
  const read = (path: string): Json => JSON.parse(readFileSync(join(directory, path), 'utf8'));
  const api = read('generated/api.github.com.json');
  const operations = Object.fromEntries(OPERATIONS.map((name) => [name, operation(api, name)]));
  const schemas: Record<string, unknown> = {};
  addReferenced(
    api,
    [operations, ...[...WEBHOOKS, ...ERRORS].map((name) => ({ $ref: `#/components/schemas/${name}` }))],
    schemas,
  );
  return {
    source: "Extracted from GitHub's published REST description by tools/extract-openapi.ts",
    package: `@octokit/openapi ${String(read('package.json')['version'])}`,
    license: 'MIT',
    operations,
    components: { schemas },
  };
}

function operation(api: Json, name: string): Json {
  const [method = '', path = ''] = name.split(' ');
  const definition = at(api, 'paths', path, method.toLowerCase());
  const responses = Object.entries(record(definition['responses'])).map(([status, response]) => {
    if (name === 'GET /app/installations' && status === '200') {
      // The list requires an account to be both a user and an enterprise, which is impossible.
      return [status, { type: 'array', items: { $ref: '#/components/schemas/installation' } }];
    }
    const reference = record(response)['$ref'];
    const resolved = typeof reference === 'string' ? at(api, ...reference.split('/').slice(1)) : record(response);
    return [status, schemaOf(resolved)];
  });
  return { body: schemaOf(record(definition['requestBody'])), responses: Object.fromEntries(responses) };
}

/** Returns null when there is no JSON body. */
function schemaOf(holder: Json): unknown {
  return simplify(at(holder, 'content', 'application/json')['schema'] ?? null);
}

function addReferenced(api: Json, value: unknown, schemas: Record<string, unknown>): void {
  if (Array.isArray(value)) {
    value.forEach((item) => addReferenced(api, item, schemas));
    return;
  }
  const fields = record(value);
  const reference = fields['$ref'];
  if (typeof reference === 'string') {
    const name = reference.split('/').at(-1) ?? '';
    if (!(name in schemas)) {
      schemas[name] = simplify(at(api, 'components', 'schemas')[name]);
      addReferenced(api, schemas[name], schemas);
    }
  }
  Object.values(fields).forEach((field) => addReferenced(api, field, schemas));
}

/** Removes descriptions and replaces OpenAPI 3.0's `nullable` by its JSON Schema equivalent. */
function simplify(value: unknown, isPropertyMap = false): unknown {
  if (Array.isArray(value)) {
    return value.map((item) => simplify(item));
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const entries = Object.entries(value).filter(
    ([key]) => isPropertyMap || !(NON_VALIDATING_KEYWORDS.has(key) || key === 'nullable' || key.startsWith('x-')),
  );
  const schema = Object.fromEntries(entries.map(([key, field]) => [key, simplify(field, key === 'properties')]));
  return !isPropertyMap && record(value)['nullable'] === true ? { anyOf: [{ type: 'null' }, schema] } : schema;
}

function at(value: Json, ...path: readonly string[]): Json {
  return path.reduce((object, key) => record(object[key]), value);
}

function record(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

const [directory] = process.argv.slice(2);
if (directory === undefined) {
  console.error('Pass the directory of the unpacked @octokit/openapi package.');
  process.exitCode = 2;
} else {
  const file = new URL('../testing/fixtures/github-openapi.json', import.meta.url);
  writeFileSync(file, `${JSON.stringify(extract(directory), null, 1)}\n`);
}
