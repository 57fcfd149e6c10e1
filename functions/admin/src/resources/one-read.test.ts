import { fullFactsOfPlan } from '@dispatcher/contracts';
import { decodePlan, parseFact, type StoredItem, StoredPlan } from '@dispatcher/store';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { OpenApiDocument } from '../openapi/document.ts';
import type { WireCall } from '../testing/dynamo-proxy.ts';
import { exampleUrls, filteredUrls } from '../testing/example-requests.ts';
import { createTestBrowser } from '../testing/test-browser.ts';
import { startSeededApi, type SeededApi } from '../testing/seeded-api.ts';

let api: SeededApi;
let document: OpenApiDocument;
beforeAll(async () => {
  api = await startSeededApi();
  document = (await get('/api/openapi.json')).json<OpenApiDocument>();
  // The key was looked up for this request, and its use recorded; the app caches it for a minute, and its use for an hour.
  expect(api.proxy.takeCalls().map(({ operation, input }) => `${operation} ${input.TableName}`)).toEqual([
    `GetItem ${api.accessTable}`,
    `UpdateItem ${api.accessTable}`,
  ]);
});
afterAll(() => api.close());

const get = (url: string) => api.app.inject({ url, headers: api.credentials });

// The rows of the table are created before the app; the first test checks that they cover the whole document.
// The depth of a dead-letter queue comes from SQS.
const withoutRead = ['/health', '/api/openapi.json', '/api/me', '/api/dead-letters/{queue}/depth'];
// A page of it has about a thousand facts, more than a run usually has. A test of the store reads a longer history.
const fitsOnePage = ['/api/runs/{runKey}'];
const withRead = Object.entries(exampleUrls).filter(([path]) => !withoutRead.includes(path));

test('every GET of the document has an example, and every example a GET', () => {
  const paths = Object.entries(document.paths).flatMap(([path, { get: operation }]) =>
    operation === undefined ? [] : [path],
  );
  expect(Object.keys(exampleUrls).sort()).toEqual(paths.sort());
});

test.each(withoutRead)('%s reads nothing from the tables', async (path) => {
  api.proxy.takeCalls();
  expect((await get(exampleUrls[path] ?? path)).statusCode).toBe(200);
  expect(api.proxy.takeCalls()).toEqual([]);
});

describe('one read per request, with authentication and paginated data', () => {
  test.each(withRead)('%s', async (path, url) => {
    const isPaged = document.paths[path]?.['get']?.parameters.some(({ name }) => name === 'cursor') === true;
    const pages = isPaged && !fitsOnePage.includes(path) ? 3 : 1;
    let cursor: string | null = null;
    for (let page = 1; page <= pages; page += 1) {
      api.proxy.takeCalls();
      const response = await get(cursor === null ? url : nextPageUrl(url, cursor));
      const calls = api.proxy.takeCalls();
      const body: { cursor?: string | null } = path === '/api/stream' ? {} : response.json();
      expect({ page, status: response.statusCode, body }).toMatchObject({ page, status: 200 });
      const read = onlyRead(calls);
      expectAsStored(body, read);
      if (pages > 1) expect(itemCountOf(body)).toBeGreaterThan(0);
      cursor = body.cursor ?? null;
      if (page < pages) expect(cursor).not.toBeNull();
    }
  });
});

test.each(filteredUrls)('%s with filters is one read: %s', async (_, url) => {
  api.proxy.takeCalls();
  const response = await get(url);
  const calls = api.proxy.takeCalls();
  const body = response.json<object>();
  expect({ status: response.statusCode, body }).toMatchObject({ status: 200 });
  expectAsStored(body, onlyRead(calls));
  expect(itemCountOf(body)).toBeGreaterThan(0);
});

test('with a session, the one look-up besides is that of the session', async () => {
  const browser = createTestBrowser(api.app, 'https://dispatcher.example');
  const { status } = await browser.submitForm('/auth/password', { user: 'ada', password: 'correct horse' });
  expect(status).toBe(303);
  api.proxy.takeCalls();
  expect((await browser.get('/api/deliveries')).status).toBe(200);
  const [session, read, ...more] = api.proxy.takeCalls();
  expect(session).toMatchObject({ operation: 'GetItem', input: { TableName: api.accessTable } });
  expect(partitionOf(session?.input ?? {})).toMatch(/^session#[0-9a-f]{32}$/);
  expect(read?.operation).toBe('Query');
  expect(more).toEqual([]);
  await browser.get('/api/me');
  expect(api.proxy.takeCalls()).toHaveLength(1);
});

function nextPageUrl(url: string, cursor: string): string {
  return `${url}${url.includes('?') ? '&' : '?'}cursor=${cursor}`;
}

/** Returns the one read of a request: a GetItem or a Query page, besides at most one look-up of the API key. */
function onlyRead(calls: readonly WireCall[]): WireCall {
  const isPrincipal = ({ input }: WireCall) => input.TableName === api.accessTable && partitionOf(input) === 'key';
  const [read, ...more] = calls.filter((call) => !isPrincipal(call));
  const principal = calls.filter(isPrincipal);
  expect(more).toEqual([]);
  expect(principal.length).toBeLessThanOrEqual(1);
  for (const { operation } of principal) expect(operation).toBe('GetItem');
  if (read === undefined) throw new Error('The request read nothing.');
  expect(['GetItem', 'Query']).toContain(read.operation);
  if (read.operation === 'Query') expectBounded(read);
  return read;
}

/** One filtered page examines as many facts or routes. */
const maxItemsExamined = 2_000;

/**
 * Expects that a Query reads no more than a page needs. A filter expression is applied after the read, and without a limit
 * DynamoDB reads 1 MB. Only the partition of one run is read as far as DynamoDB reads in one page.
 */
function expectBounded({ input }: WireCall): void {
  const { FilterExpression: filter, Limit: limit, ExpressionAttributeValues: values = {} } = input as QueryInput;
  expect(filter).toBeUndefined();
  const isOneRun = Object.values(values).some(({ S: text }) => text?.startsWith('run#') === true);
  if (!isOneRun) expect(limit).toBeGreaterThan(0);
  expect(limit ?? 0).toBeLessThanOrEqual(maxItemsExamined);
}

interface QueryInput {
  readonly FilterExpression?: string;
  readonly Limit?: number;
  readonly ExpressionAttributeValues?: Readonly<Record<string, { readonly S?: string }>>;
}

/** Returns the partition key of a GetItem. */
function partitionOf(input: object): unknown {
  return (input as { readonly Key?: { readonly pk?: { readonly S?: string } } }).Key?.pk?.S;
}

/** Expects every number in the response to be an attribute of the same name in DynamoDB's response: nothing is computed. */
function expectAsStored(body: object, { output }: WireCall): void {
  const items = [...(output.Items ?? []), ...(output.Item === undefined ? [] : [output.Item])];
  expect(items.length).toBeGreaterThan(0);
  const stored = new Set(items.flatMap((item) => [...storedNumbersOf({ M: item }), ...factNumbersOf(item)]));
  // A plan is stored as one text, from which its facts follow.
  const plans = items.flatMap((item) => storedPlansOf(item as PlanItem));
  for (const { plan, plannedAt } of plans) {
    for (const number of numbersOf(fullFactsOfPlan(plan, plannedAt))) stored.add(number);
  }
  // Facts of dispatches do not name the first revision, and a page of only such facts belongs to it.
  stored.add('revision=0');
  const isDecoded = (number: string) => decoded.has(number.slice(0, number.indexOf('=')));
  for (const number of numbersOf(body)) if (!isDecoded(number)) expect(stored).toContain(number);
}

/** Returns the numbers of a fact, which is stored deflated. */
function factNumbersOf(item: object): string[] {
  const stored = valueOf({ M: item }) as StoredItem;
  return stored['fact'] === undefined ? [] : numbersOf(parseFact(stored));
}

function valueOf({ N: number, S: text, B: bytes, L: list, M: map }: Stored): unknown {
  if (number !== undefined) return Number(number);
  if (bytes !== undefined) return Buffer.from(bytes, 'base64');
  if (list !== undefined) return list.map(valueOf);
  if (map === undefined) return text;
  return Object.fromEntries(Object.entries(map).map(([name, each]) => [name, valueOf(each as Stored)]));
}

/**
 * What an item holds in a compact form: the newest results of a route, and the hours of a repository. And the checks of
 * the status: the ages of stored times, beside constant thresholds.
 */
const decoded: ReadonlySet<string> = new Set([
  'successRate',
  'p50DurationMs',
  'durationMs',
  'counts',
  'value',
  'threshold',
]);

function storedPlansOf({ data, pk }: PlanItem): StoredPlan[] {
  const isFile = pk?.S?.startsWith('file#') === true;
  return data?.B === undefined || isFile
    ? []
    : [StoredPlan.parse(JSON.parse(decodePlan(Buffer.from(data.B, 'base64'))))];
}

interface PlanItem {
  readonly pk?: { readonly S?: string };
  readonly data?: { readonly B?: string };
}

interface Stored {
  readonly S?: string;
  readonly B?: string;
  readonly N?: string;
  readonly L?: readonly Stored[];
  readonly M?: object;
}

/** The same for an item in DynamoDB's attribute-value format. */
function storedNumbersOf({ N: number, L: list = [], M: map = {} }: Stored, name = ''): string[] {
  return [
    ...(number === undefined ? [] : [`${lastPart(name)}=${Number(number)}`]),
    ...list.flatMap((each) => storedNumbersOf(each, name)),
    ...Object.entries(map).flatMap(([key, each]) => storedNumbersOf(each as Stored, key)),
  ];
}

/** Returns for example `limit=5000`, from any depth. Counters are stored flat: `asTarget.allowed` is returned as `allowed`. */
function numbersOf(value: unknown, name = ''): string[] {
  if (typeof value === 'number') return [`${lastPart(name)}=${value}`];
  if (Array.isArray(value)) return value.flatMap((each) => numbersOf(each, name));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) => numbersOf(each, key));
}

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

function itemCountOf(body: object): number {
  const [items = []] = Object.values(body).filter((value): value is unknown[] => Array.isArray(value));
  return items.length;
}
