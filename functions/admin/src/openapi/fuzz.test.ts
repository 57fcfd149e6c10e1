import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import * as fc from 'fast-check';
import type { OpenApiDocument } from './document.ts';
import { servedElsewhere } from './external-routes.ts';
import { changes, examples, small } from '../testing/example-requests.ts';
import { type HostileRequest, type Known, requestsOf, type Target } from '../testing/generated-requests.ts';
import { startTestApi, type TestApi } from '../testing/seeded-api.ts';

// FUZZ_SEED repeats a run that failed; FUZZ_RUNS asks for more than a test may take.
const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 2 ** 31);
const runs = Number(process.env['FUZZ_RUNS'] ?? 1_000);

let api: TestApi;
let document: OpenApiDocument;
let targets: Target[];
beforeAll(async () => {
  api = await startTestApi();
  document = (await send({ method: 'get', url: '/api/openapi.json', headers: {} })).json<OpenApiDocument>();
  const elsewhere = new Set(servedElsewhere.map(({ path }) => path));
  targets = Object.entries(document.paths)
    .filter(([path]) => !elsewhere.has(path))
    .flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => ({ method, path, operation })));
});
afterAll(() => api.close());

let sent = 0;
function send({ method, url, headers, body }: Omit<HostileRequest, 'path'>) {
  sent += 1;
  return api.app.inject({
    // From an address of its own: an address that sends many wrong credentials is let in no more.
    remoteAddress: `10.0.${sent >> 8}.${sent & 255}`,
    method: method.toUpperCase() as 'GET',
    url,
    headers: {
      ...api.credentials,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { payload: body }),
  });
}

test('asked as in its example, every operation answers as it is described', async () => {
  const conforms = createConformance(document);
  for (const { method, path } of targets) {
    const change = method === 'get' ? undefined : changes[path];
    const url = change?.url ?? examples[path];
    if (url === undefined) throw new Error(`${method} ${path} has no example in testing/examples.ts.`);
    const body = change === undefined ? {} : { body: JSON.stringify(change.body) };
    const response = await send({ method, url, headers: {}, ...body });
    expect({ url, success: response.statusCode < 300, body: response.body }).toMatchObject({ url, success: true });
    conforms({ method, path }, response.statusCode, response.headers['content-type'], response.body);
  }
});

test(`whatever is asked, the answer is one that the document describes (seed ${seed})`, async () => {
  const conforms = createConformance(document);
  const statuses = new Map<number, number>();
  const components = document.components.schemas;
  const requests = fc.oneof(...targets.map((target) => requestsOf(target, knownOf(target), components)));
  await fc.assert(
    fc.asyncProperty(requests, async (request) => {
      const response = await send(request);
      statuses.set(response.statusCode, (statuses.get(response.statusCode) ?? 0) + 1);
      conforms(request, response.statusCode, response.headers['content-type'], response.body);
    }),
    { seed, numRuns: runs },
  );
  const told = [...statuses].sort(([a], [b]) => a - b).map(([status, count]) => `${count} × ${status}`);
  const asked = [...statuses.values()].reduce((sum, count) => sum + count, 0);
  process.stdout.write(`fuzz: seed ${seed}, ${asked} requests to ${targets.length} operations: ${told.join(', ')}\n`);
  // A generator that only ever met refusals would prove nothing about answers.
  for (const status of [200, 400, 404]) expect(statuses.get(status) ?? 0).toBeGreaterThan(asked / 50);
});

/** The values that the example of an operation fills in, in the path and behind it. */
function knownOf({ method, path }: Target): Known {
  const change = method === 'get' ? undefined : changes[path];
  const example = new URL(change?.url ?? examples[path] ?? path, 'http://localhost');
  const parts = example.pathname.split('/');
  const inPath = path
    .split('/')
    .flatMap((part, index): [string, string][] =>
      part.startsWith('{') ? [[part.slice(1, -1), parts[index] ?? '']] : [],
    );
  const parameters = { ...Object.fromEntries([...inPath, ...example.searchParams]), ...small };
  return change === undefined ? { parameters } : { parameters, body: change.body };
}

/** Holds an answer against the document: its status is described, and its body is what is described under it. */
function createConformance(described: OpenApiDocument) {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  ajv.addFormat('date-time', (text: string) => !Number.isNaN(Date.parse(text)));
  ajv.addSchema(described, 'api');
  return (
    { method, path }: Pick<HostileRequest, 'method' | 'path'>,
    status: number,
    type: unknown,
    body: string,
  ): void => {
    expect(status).toBeLessThan(500);
    const answer = described.paths[path]?.[method]?.responses[status];
    if (answer === undefined)
      throw new Error(`${method} ${path} answers ${status}, which the document does not describe.`);
    const mediaType = String(type).split(';')[0] ?? '';
    if (answer.content === undefined) {
      expect(body).toBe('');
      return;
    }
    expect(Object.keys(answer.content)).toContain(mediaType);
    const pointer = ['paths', path, method, 'responses', String(status), 'content', mediaType, 'schema'];
    const validate = ajv.getSchema(
      `api#/${pointer.map((part) => encodeURIComponent(part.replace(/~/g, '~0').replace(/\//g, '~1'))).join('/')}`,
    );
    if (validate === undefined) throw new Error(`No schema at ${pointer.join(' › ')}.`);
    expect({ valid: validate(JSON.parse(body)), errors: validate.errors }).toEqual({ valid: true, errors: null });
  };
}
