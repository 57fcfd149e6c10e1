import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import * as fc from 'fast-check';
import type { OpenApiDocument } from './document.ts';
import { externalRoutes } from './external-routes.ts';
import { exampleMutations, exampleUrls, filteredUrls, smallExamples } from '../testing/example-requests.ts';
import {
  type GeneratedRequest,
  type KnownValues,
  requestsOf,
  type OperationTarget,
} from '../testing/generated-requests.ts';
import { type SeededApi, startSeededApi } from '../testing/seeded-api.ts';

// FUZZ_RUNS sets the number of requests.
const runs = Number(process.env['FUZZ_RUNS'] ?? 1_000);

let api: SeededApi;
let document: OpenApiDocument;
let targets: OperationTarget[];
beforeAll(async () => {
  api = await startSeededApi();
  document = (await send({ method: 'get', url: '/api/openapi.json', headers: {} })).json<OpenApiDocument>();
  const external = new Set(externalRoutes.map(({ path }) => path));
  targets = Object.entries(document.paths)
    .filter(([path]) => !external.has(path))
    .flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => ({ method, path, operation })));
});
afterAll(() => api.close());

let sent = 0;
function send({ method, url, headers, body }: Omit<GeneratedRequest, 'path'>) {
  sent += 1;
  return api.app.inject({
    // Each from its own address: the limiter would block an address after ten failed authentications.
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

test('every example request succeeds with a response as described', async () => {
  const conforms = createConformance(document);
  for (const { method, path } of targets) {
    const change = method === 'get' ? undefined : exampleMutations[path];
    const url = change?.url ?? exampleUrls[path];
    if (url === undefined) throw new Error(`${method} ${path} has no example in testing/example-requests.ts.`);
    const body = change === undefined ? {} : { body: JSON.stringify(change.body) };
    const response = await send({ method, url, headers: {}, ...body });
    expect({ url, success: response.statusCode < 300, body: response.body }).toMatchObject({ url, success: true });
    conforms({ method, path }, response.statusCode, response.headers['content-type'], response.body);
  }
});

test('every example with filters succeeds with a response as described', async () => {
  const conforms = createConformance(document);
  for (const [path, url] of filteredUrls) {
    const response = await send({ method: 'get', url, headers: {} });
    expect({ url, status: response.statusCode, body: response.body }).toMatchObject({ url, status: 200 });
    conforms({ method: 'get', path }, response.statusCode, response.headers['content-type'], response.body);
  }
});

test('every path refuses the methods that it does not have with 405, and names those that it has', async () => {
  const isMatch = (template: string, pathname: string) =>
    new RegExp(`^${template.replace(/\./g, '\\.').replace(/\{\w+\}/g, '[^/]+')}$`).test(pathname);
  for (const path of new Set(targets.map((target) => target.path))) {
    const url = exampleUrls[path] ?? exampleMutations[path]?.url ?? path;
    const { pathname } = new URL(url, 'http://localhost');
    // `/api/dead-letters/inspect` is a queue of `/api/dead-letters/{queue}`, too.
    const documented = targets
      .filter((target) => isMatch(target.path, pathname))
      .map(({ method }) => method.toUpperCase());
    const allow = documented.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])).toSorted();
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].filter((each) => !documented.includes(each))) {
      const response = await send({ method, url, headers: {} });
      expect({ method, url, status: response.statusCode, allow: response.headers.allow }).toEqual({
        method,
        url,
        status: 405,
        allow: allow.join(', '),
      });
      expect(response.json()).toMatchObject({ status: 405, detail: expect.stringContaining(allow.join(', ')) });
    }
  }
});

test('every response to a generated request is described by the document', async () => {
  const conforms = createConformance(document);
  const statuses = new Map<number, number>();
  const components = document.components.schemas;
  const requests = fc.oneof(...targets.map((target) => requestsOf(target, knownValuesOf(target), components)));
  await fc.assert(
    fc.asyncProperty(requests, async (request) => {
      const response = await send(request);
      statuses.set(response.statusCode, (statuses.get(response.statusCode) ?? 0) + 1);
      conforms(request, response.statusCode, response.headers['content-type'], response.body);
    }),
    { numRuns: runs },
  );
  const counts = [...statuses].sort(([a], [b]) => a - b).map(([status, count]) => `${count} × ${status}`);
  const total = [...statuses.values()].reduce((sum, count) => sum + count, 0);
  process.stdout.write(`fuzz: ${total} requests to ${targets.length} operations: ${counts.join(', ')}\n`);
  // Requests that were all refused would prove nothing about successful responses.
  for (const status of [200, 400, 404]) expect(statuses.get(status) ?? 0).toBeGreaterThan(total / 50);
});

/** Returns the path and query parameters of an operation's example. */
function knownValuesOf({ method, path }: OperationTarget): KnownValues {
  const change = method === 'get' ? undefined : exampleMutations[path];
  const example = new URL(change?.url ?? exampleUrls[path] ?? path, 'http://localhost');
  const parts = example.pathname.split('/');
  const inPath = path
    .split('/')
    .flatMap((part, index): [string, string][] =>
      part.startsWith('{') ? [[part.slice(1, -1), parts[index] ?? '']] : [],
    );
  const parameters = { ...Object.fromEntries([...inPath, ...example.searchParams]), ...smallExamples };
  return change === undefined ? { parameters } : { parameters, body: change.body };
}

/** Checks a response against the document: its status is described, and its body matches that schema. */
function createConformance(described: OpenApiDocument) {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  ajv.addFormat('date-time', (text: string) => !Number.isNaN(Date.parse(text)));
  ajv.addSchema(described, 'api');
  return (
    { method, path }: Pick<GeneratedRequest, 'method' | 'path'>,
    status: number,
    type: unknown,
    body: string,
  ): void => {
    expect(status).toBeLessThan(500);
    const response = described.paths[path]?.[method]?.responses[status];
    if (response === undefined)
      throw new Error(`${method} ${path} returned ${status}, which the document does not describe.`);
    const mediaType = String(type).split(';')[0] ?? '';
    if (response.content === undefined) {
      expect(body).toBe('');
      return;
    }
    expect(Object.keys(response.content)).toContain(mediaType);
    const pointer = ['paths', path, method, 'responses', String(status), 'content', mediaType, 'schema'];
    const validate = ajv.getSchema(
      `api#/${pointer.map((part) => encodeURIComponent(part.replace(/~/g, '~0').replace(/\//g, '~1'))).join('/')}`,
    );
    if (validate === undefined) throw new Error(`No schema at ${pointer.join(' › ')}.`);
    const value: unknown = mediaType.endsWith('json') ? JSON.parse(body) : body;
    expect({ valid: validate(value), errors: validate.errors }).toEqual({ valid: true, errors: null });
  };
}
