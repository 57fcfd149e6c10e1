import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { OpenApiDocument } from '../openapi/document.ts';
import type { WireCall } from '../testing/dynamo-proxy.ts';
import { examples } from '../testing/example-requests.ts';
import { startTestApi, type TestApi } from '../testing/seeded-api.ts';

let api: TestApi;
let document: OpenApiDocument;
beforeAll(async () => {
  api = await startTestApi();
  document = (await get('/api/openapi.json')).json<OpenApiDocument>();
  // The key was looked up for that; the app keeps it for a minute.
  expect(api.proxy.take().map(({ input }) => input.TableName)).toEqual([api.accessTable]);
});
afterAll(() => api.close());

const get = (url: string) => api.app.inject({ url, headers: api.credentials });

// The rows of the test are made before the app is: the examples are held to be all of the document below.
const nothingToRead = ['/health', '/api/openapi.json'];
const reading = Object.entries(examples).filter(([path]) => !nothingToRead.includes(path));

test('every GET of the document has its example, and every example its GET', () => {
  const paths = Object.entries(document.paths).flatMap(([path, { get: operation }]) =>
    operation === undefined ? [] : [path],
  );
  expect(Object.keys(examples).sort()).toEqual(paths.sort());
});

test.each(nothingToRead)('%s reads nothing', async (path) => {
  api.proxy.take();
  expect((await get(examples[path] ?? path)).statusCode).toBe(200);
  expect(api.proxy.take()).toEqual([]);
});

describe('one read, with authentication on and much stored', () => {
  test.each(reading)('%s', async (path, url) => {
    const pages = document.paths[path]?.['get']?.parameters.some(({ name }) => name === 'cursor') === true ? 3 : 1;
    let cursor: string | null = null;
    for (let page = 1; page <= pages; page += 1) {
      api.proxy.take();
      const response = await get(cursor === null ? url : following(url, cursor));
      const calls = api.proxy.take();
      const body = response.json<{ cursor?: string | null }>();
      expect({ page, status: response.statusCode, body }).toMatchObject({ page, status: 200 });
      const read = theRead(calls);
      expectAsStored(body, read);
      if (pages > 1) expect(linesOf(body)).toBeGreaterThan(0);
      cursor = body.cursor ?? null;
      if (page < pages) expect(cursor).not.toBeNull();
    }
  });
});

function following(url: string, cursor: string): string {
  return `${url}${url.includes('?') ? '&' : '?'}cursor=${cursor}`;
}

/** The one call of the answer: a GetItem or a page of a Query, beside at most one look-up of the principal. */
function theRead(calls: readonly WireCall[]): WireCall {
  const [read, ...more] = calls.filter(({ input }) => input.TableName !== api.accessTable);
  const principal = calls.filter(({ input }) => input.TableName === api.accessTable);
  expect(more).toEqual([]);
  expect(principal.length).toBeLessThanOrEqual(1);
  for (const { operation } of principal) expect(operation).toBe('GetItem');
  if (read === undefined) throw new Error('Nothing was read.');
  expect(['GetItem', 'Query']).toContain(read.operation);
  // A filter would read, and be charged for, lines that no answer shows.
  expect(read.input).not.toHaveProperty('FilterExpression');
  return read;
}

/** Every number of the answer is an attribute of the same name in what DynamoDB sent. */
function expectAsStored(body: object, { output }: WireCall): void {
  const items = [...(output.Items ?? []), ...(output.Item === undefined ? [] : [output.Item])];
  expect(items.length).toBeGreaterThan(0);
  const stored = new Set(items.flatMap((item) => storedNumbersOf({ M: item })));
  for (const number of numbersOf(body)) expect(stored).toContain(number);
}

interface Stored {
  readonly N?: string;
  readonly L?: readonly Stored[];
  readonly M?: object;
}

/** The same of what went over the wire. */
function storedNumbersOf({ N: number, L: list = [], M: map = {} }: Stored, name = ''): string[] {
  return [
    ...(number === undefined ? [] : [`${lastPart(name)}=${Number(number)}`]),
    ...list.flatMap((each) => storedNumbersOf(each, name)),
    ...Object.entries(map).flatMap(([key, each]) => storedNumbersOf(each as Stored, key)),
  ];
}

/** `limit=5000`, from anywhere in the value. Counters are stored flat: `asTarget.allowed` is told as `allowed`. */
function numbersOf(value: unknown, name = ''): string[] {
  if (typeof value === 'number') return [`${lastPart(name)}=${value}`];
  if (Array.isArray(value)) return value.flatMap((each) => numbersOf(each, name));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) => numbersOf(each, key));
}

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

function linesOf(body: object): number {
  const [lines = []] = Object.values(body).filter((value): value is unknown[] => Array.isArray(value));
  return lines.length;
}
