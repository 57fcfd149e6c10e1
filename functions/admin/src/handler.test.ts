import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import type { Fact } from '@dispatcher/contracts';
import { createFactStore } from '@dispatcher/store';
import { planFacts, sampleRun, startDynamo, type TestDynamo } from '@dispatcher/store/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import { pagePng, pageText, writeSite } from './testing/write-site.ts';
import { DeliveriesResponse, HealthResponse } from './resources/responses.ts';

let aws: TestDynamo;
let record: (facts: readonly Fact[]) => Promise<unknown>;
let invoke: (
  path: string,
  query?: Record<string, string>,
  sourceIp?: string,
  headers?: Record<string, string>,
  rawQuery?: string,
) => Promise<{ statusCode: number; body: string; isBase64Encoded?: boolean; headers: object }>;
let site: string;

beforeAll(async () => {
  aws = await startDynamo();
  site = mkdtempSync(join(tmpdir(), 'dispatcher-site-'));
  writeSite(site);
  const { access, facts, plans, projections, state } = await aws.createTables();
  const store = createFactStore({ client: aws.client, table: facts, projectionsTable: projections });
  record = (batch) => store.recordFacts(batch);
  await record(planFacts(sampleRun(1, '2026-11-03T14:00:00Z'), [], '2026-11-03T14:00:01Z'));
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: aws.url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    ACCESS_TABLE: access,
    RUNS_QUEUE_URL: `${aws.url}/000000000000/runs`,
    FACTS_TABLE: facts,
    PROJECTIONS_TABLE: projections,
    STATE_TABLE: state,
    PLANS_TABLE: plans,
    BUS_NAME: 'dispatcher',
    ...Object.fromEntries(
      ['RUNS', 'HINTS', 'DECISIONS', 'FACTS'].flatMap((queue) => [
        [`${queue}_QUEUE_URL`, `${aws.url}/000000000000/${queue.toLowerCase()}`],
        [`${queue}_DEAD_LETTER_QUEUE_URL`, `${aws.url}/000000000000/${queue.toLowerCase()}-dead-letters`],
      ]),
    ),
    UNDELIVERED_EVENTS_QUEUE_URL: `${aws.url}/000000000000/undelivered`,
    WEBHOOK_SECRETS_PREFIX: 'dispatcher-test/webhooks/',
    DASHBOARD_DIR: site,
    ADMIN_AUTHENTICATION: 'basic',
    ADMIN_BASIC_USER: 'ada',
    ADMIN_BASIC_PASSWORD: 'correct horse',
  });
  const { handler } = await import('./handler.ts');
  invoke = (path, query = {}, sourceIp = '127.0.0.1', headers = right, rawQueryString) => {
    const event = { ...eventOf(path, query, sourceIp), headers };
    return handler(rawQueryString === undefined ? event : { ...event, rawQueryString }, {} as Context);
  };
});
afterAll(async () => {
  rmSync(site, { recursive: true });
  await aws.close();
});

const right = { authorization: `Basic ${Buffer.from('ada:correct horse').toString('base64')}` };

function eventOf(path: string, query: Record<string, string>, sourceIp: string): APIGatewayProxyEventV2 {
  const http = { method: 'GET', path, protocol: 'HTTP/1.1', sourceIp, userAgent: 'test' };
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: new URLSearchParams(query).toString(),
    queryStringParameters: query,
    headers: {},
    requestContext: { http } as APIGatewayProxyEventV2['requestContext'],
    isBase64Encoded: false,
  };
}

test('on Lambda, health returns the version of the package', async () => {
  const { statusCode, body } = await invoke('/health');
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  expect(statusCode).toBe(200);
  expect(HealthResponse.parse(JSON.parse(body))).toEqual({
    status: 'ok',
    version,
    imageDigest: null,
    startedAt: expect.any(String),
    authentication: 'basic',
  });
});

test('on Lambda, the recorded delivery is listed', async () => {
  const { statusCode, body } = await invoke('/api/deliveries', { limit: '5' });
  expect(statusCode).toBe(200);
  expect(DeliveriesResponse.parse(JSON.parse(body)).deliveries).toMatchObject([
    { deliveryId: 'delivery-1', kind: 'planned' },
  ]);
});

test('on Lambda, a comma in a query parameter does not turn it into a list', async () => {
  const { statusCode, body } = await invoke('/api/deliveries', { cursor: 'a,b' });
  expect(statusCode).toBe(400);
  expect(body).toContain('first page');
});

test.each(['limit=5&limit=6', '__proto__=1', 'limit=0x10', 'limit=1e1'])(
  'on Lambda, the query ?%s is refused as it is elsewhere',
  async (query) => {
    // API Gateway joins repeated parameters with commas.
    const parsed = new URLSearchParams(query);
    const joined = Object.fromEntries([...parsed.keys()].map((name) => [name, parsed.getAll(name).join(',')]));
    expect((await invoke('/api/deliveries', joined, '127.0.0.1', right, query)).statusCode).toBe(400);
  },
);

test('on Lambda, an unauthenticated request learns nothing about the path', async () => {
  for (const path of ['/api/deliveries', '/api/nothing', '/api/runs/%E0%A4%A', `/api/deliveries/${'x'.repeat(201)}`])
    expect((await invoke(path, {}, '127.0.0.1', {})).statusCode).toBe(401);
});

test('on Lambda, a compressed page and an image arrive with their bytes unchanged', async () => {
  const page = await invoke('/runs/1', {}, '127.0.0.1', { 'accept-encoding': 'gzip, deflate, br' });
  expect(page).toMatchObject({ statusCode: 200, isBase64Encoded: true, headers: { 'content-encoding': 'br' } });
  expect(brotliDecompressSync(Buffer.from(page.body, 'base64')).toString()).toBe(pageText);
  const image = await invoke('/assets/icon-1a2b.png', {}, '127.0.0.1', {});
  expect(image).toMatchObject({ statusCode: 200, isBase64Encoded: true });
  expect(Buffer.from(image.body, 'base64')).toEqual(pagePng);
});

test('on Lambda, failed authentications are counted by client address', async () => {
  const wrong = { authorization: `Basic ${Buffer.from('ada:a wrong password').toString('base64')}` };
  for (let each = 0; each < 10; each += 1)
    expect((await invoke('/api/x', {}, '192.0.2.1', wrong)).statusCode).toBe(401);
  expect((await invoke('/api/x', {}, '192.0.2.1')).statusCode).toBe(429);
  expect((await invoke('/api/x', {}, '192.0.2.2')).statusCode).toBe(404);
});

const newsIn = (body: string) => {
  const line = /^data: (.*)$/m.exec(body)?.[1];
  return line === undefined ? null : (JSON.parse(line) as { facts: { deliveryId: string }[]; more: boolean });
};

test('on Lambda, the stream sends what was recorded since the last event, and ends', async () => {
  const stream = (headers: Record<string, string> = {}) =>
    invoke('/api/stream', {}, '127.0.0.1', { ...right, accept: 'text/event-stream', ...headers });
  const first = await stream();
  expect(first.statusCode).toBe(200);
  expect(first.headers).toMatchObject({ 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  expect(first.headers).not.toHaveProperty('etag');
  expect(newsIn(first.body)).toEqual({ facts: [], more: true });
  expect(first.body).toMatch(/^retry: 15000\nid: \S+\ndata: .*\n\n$/);
  const id = /^id: (.*)$/m.exec(first.body)?.[1] ?? '';

  // A browser would end the stream for good at a 304.
  const quiet = await stream({ 'last-event-id': id, 'if-none-match': '*' });
  expect(quiet).toMatchObject({ statusCode: 200, body: 'retry: 15000\n\n' });

  // Received earlier than the delivery that is known, and planned later.
  const now = new Date().toISOString();
  await record(planFacts(sampleRun(2, '2026-11-03T13:00:00Z'), [], now));
  const next = await stream({ 'last-event-id': id });
  expect(newsIn(next.body)).toMatchObject({ facts: [{ deliveryId: 'delivery-2' }], more: false });
  expect(next.body).toContain('retry: 3000\n');
});

test('on Lambda, a stream without a session is refused without a prompt of the browser', async () => {
  const { statusCode, headers } = await invoke('/api/stream', {}, '127.0.0.9', {});
  expect(statusCode).toBe(401);
  expect(JSON.stringify(headers)).not.toMatch(/basic/i);
});
