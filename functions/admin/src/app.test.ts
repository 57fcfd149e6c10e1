import type { Check, Fact, RouteDecided } from '@dispatcher/contracts';
import type { ListReads, RunSearch } from '@dispatcher/store';
import {
  accepted,
  createFoldingStore,
  planFacts,
  putPlan,
  samplePlan,
  sampleRun,
  startDynamo,
  type TestDynamo,
} from '@dispatcher/store/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { createAdminApp } from './app.ts';
import { createBasicAuthentication } from './auth/basic.ts';
import { ProblemDocument } from './http/problem.ts';
import {
  DeliveriesResponse,
  DeliveryResponse,
  HealthResponse,
  PlanResponse,
  RunResponse,
  RunsResponse,
} from './resources/responses.ts';
import { emptyReads } from './testing/empty-reads.ts';
import { createOfflineApp } from './testing/offline-app.ts';
import { createRecordingLog } from './testing/recording-log.ts';
import { createTestDependencies, createTestEnvironment } from './testing/test-dependencies.ts';

const time = (seconds: number): string => new Date(Date.parse('2026-11-03T14:00:00Z') + seconds * 1000).toISOString();
const log = createRecordingLog();

let dynamo: TestDynamo;
let tables: Awaited<ReturnType<TestDynamo['createTables']>>;
let calls: string[];
let app: FastifyInstance;
let protectedApp: FastifyInstance;
const plannedFacts = planFacts(sampleRun(1, time(0)), ['allow', 'deny'], time(1));
const runKey = plannedFacts[0].runKey;

beforeAll(async () => {
  dynamo = await startDynamo();
  tables = await dynamo.createTables();
  const { facts: table, projections: projectionsTable } = tables;
  const store = createFoldingStore({ client: dynamo.client, table, projectionsTable });
  await store.recordFacts([...plannedFacts, accepted(plannedFacts[1] as RouteDecided, time(3))]);
  for (let number = 2; number <= 9; number += 1) {
    await store.recordFacts(planFacts(sampleRun(number, time(number * 10)), [], time(number * 10)));
  }
  const client = dynamo.newClient();
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        calls.push(commandName);
        return next(args);
      },
    { step: 'finalizeRequest', name: 'countCalls' },
  );
  const environment = createTestEnvironment(tables, dynamo.url);
  const dependencies = createTestDependencies(environment, { dynamodb: client, log });
  app = createAdminApp(dependencies);
  const authentication = createBasicAuthentication('ada', async () => 'correct horse');
  protectedApp = createAdminApp({ ...dependencies, authentication });
});
beforeEach(() => {
  calls = [];
  log.lines.length = 0;
});
afterAll(async () => {
  await app.close();
  await protectedApp.close();
  await dynamo.close();
});

const get = async (url: string) => {
  const response = await app.inject({ url });
  return { status: response.statusCode, headers: response.headers, body: response.json<unknown>() };
};
const basic = (credentials: string) => ({ authorization: `Basic ${Buffer.from(credentials).toString('base64')}` });

describe('responses', () => {
  test('deliveries are listed newest first, page by page', async () => {
    const seen: string[] = [];
    let url = '/api/deliveries?limit=4';
    for (let page = 0; page < 3; page += 1) {
      const { status, body } = await get(url);
      expect(status).toBe(200);
      const { deliveries, cursor } = DeliveriesResponse.parse(body);
      expect({ deliveries, cursor }).toEqual(body);
      seen.push(...deliveries.map(({ deliveryId }) => deliveryId));
      if (cursor === null) break;
      url = `/api/deliveries?limit=4&cursor=${cursor}`;
    }
    expect(seen).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1].map((number) => `delivery-${number}`));
  });

  test('a delivery returns its plan, which names the run', async () => {
    const { status, body } = await get('/api/deliveries/delivery-1');
    expect(status).toBe(200);
    const delivery = DeliveryResponse.parse(body);
    expect(delivery).toEqual(body);
    expect(delivery.facts).toMatchObject([{ type: 'run.planned', runKey, deliveryId: 'delivery-1' }]);
  });

  test('a run returns every fact, without satisfied checks, and without repeating the trigger in each decision', async () => {
    const { status, body } = await get(`/api/runs/${runKey}`);
    expect(status).toBe(200);
    const response = RunResponse.parse(body);
    expect(response).toEqual(body);
    const failedOf = (checks: readonly Check[]) => checks.filter(({ satisfied }) => !satisfied);
    const expected: Fact[] = [...plannedFacts, accepted(plannedFacts[1] as RouteDecided, time(3))];
    expect(response.revisions).toEqual([
      {
        revision: 0,
        plannedAt: plannedFacts[0]?.time,
        outcome: 'planned',
        facts: expected.map((fact) => {
          if (fact.type === 'run.planned') {
            return { ...fact, data: { ...fact.data, checks: failedOf(fact.data.checks) } };
          }
          if (fact.type !== 'route.decided') return fact;
          const { trigger: _, ...data } = fact.data;
          return { ...fact, data: { ...data, decision: { ...data.decision, checks: failedOf(data.decision.checks) } } };
        }),
      },
    ]);
  });

  test('a plan returns its facts with every check', async () => {
    await putPlan(dynamo.client, tables.plans, {
      plan: samplePlan(sampleRun(1, time(0)), ['allow', 'deny']),
      plannedAt: time(1),
    });
    const { status, body } = await get(`/api/plans/${runKey}?revision=0`);
    expect(status).toBe(200);
    const response = PlanResponse.parse(body);
    expect(response).toEqual(body);
    const checks = response.facts.map((fact) => (fact.type === 'route.decided' ? fact.data.decision.checks : 'plan'));
    expect(checks).toMatchObject(['plan', [{ satisfied: true }], [{ satisfied: false }]]);
    const missing = await get(`/api/plans/${runKey}?revision=1`);
    expect(missing.status).toBe(404);
  });

  test('health returns what is running since when, and the authentication, without credentials', async () => {
    const response = await protectedApp.inject({ url: '/health' });
    expect(response.statusCode).toBe(200);
    expect(HealthResponse.parse(response.json())).toEqual({
      status: 'ok',
      version: '1.2.3',
      imageDigest: `sha256:${'0'.repeat(64)}`,
      startedAt: expect.stringMatching(/^\d{4}-/),
      authentication: 'basic',
    });
  });
});

describe('a cached response', () => {
  const conditional = (url: string, header: string) => app.inject({ url, headers: { 'if-none-match': header } });

  test.each(['/api/deliveries', `/api/runs/${runKey}`, '/api/openapi.json'])(
    '%s is not sent again while it is unchanged',
    async (url) => {
      const { headers, body } = await app.inject({ url });
      const tag = String(headers.etag);
      expect(tag).toMatch(/^"[\w-]{43}"$/);
      for (const header of [tag, `W/${tag}`, `"other", ${tag}`, '*']) {
        const response = await conditional(url, header);
        expect(response.statusCode).toBe(304);
        expect(response.body).toBe('');
        expect(response.headers).toMatchObject({ etag: tag, 'cache-control': 'private, no-cache' });
        expect(response.headers).not.toHaveProperty('content-type');
        expect(response.headers).not.toHaveProperty('content-length');
      }
      const other = await conditional(url, '"other"');
      expect({ status: other.statusCode, body: other.body }).toEqual({ status: 200, body });
    },
  );

  test('another page has another ETag', async () => {
    const { body, headers } = await get('/api/deliveries?limit=2');
    const { cursor } = DeliveriesResponse.parse(body);
    const next = await conditional(`/api/deliveries?limit=2&cursor=${cursor}`, String(headers.etag));
    expect(next.statusCode).toBe(200);
  });

  test('an error has no ETag, and a 401 takes precedence over a 304', async () => {
    for (const url of ['/api/deliveries/unknown', '/api/deliveries?limit=0']) {
      expect((await conditional(url, '*')).headers).not.toHaveProperty('etag');
    }
    const anonymous = await protectedApp.inject({ url: '/api/deliveries', headers: { 'if-none-match': '*' } });
    expect(anonymous.statusCode).toBe(401);
    expect(anonymous.headers).not.toHaveProperty('etag');
  });

  test('HEAD returns the headers of GET without the body', async () => {
    const { headers } = await app.inject({ url: '/api/deliveries' });
    const response = await app.inject({ method: 'HEAD', url: '/api/deliveries' });
    expect({ status: response.statusCode, body: response.body }).toEqual({ status: 200, body: '' });
    expect(response.headers.etag).toBe(headers.etag);
  });
});

describe('before the first fact and the first roll-up', () => {
  const fresh = createOfflineApp(emptyReads);
  afterAll(() => fresh.close());
  const detailOf = async (url: string): Promise<string> => {
    const response = await fresh.inject({ url });
    expect(response.statusCode).toBe(404);
    return ProblemDocument.parse(response.json()).detail;
  };

  test.each(['summary', 'summary?window=all', 'trend', 'queues', 'dead-letters'])(
    '%s names the roll-up and where to look',
    async (name) => {
      expect(await detailOf(`/api/${name}`)).toMatch(/roll-up .* schedule and its log/);
    },
  );

  test.each([
    'deliveries/unknown',
    'runs/1-2-3',
    'plans/1-2-3',
    `dispatches/${'0'.repeat(32)}`,
    `routes/${'0'.repeat(16)}`,
    `routes/${'0'.repeat(16)}/facts`,
    'repositories/Octo-Org/App',
    'repositories/octo-org/app/facts',
  ])('%s is not recorded', async (name) => {
    expect(await detailOf(`/api/${name}`)).toContain('Nothing is recorded');
  });

  test.each(['deliveries', 'dispatches', 'repositories', 'routes', 'installations', 'audit', 'dead-letters/runs'])(
    'the list of %s is empty',
    async (name) => {
      const body = (await fresh.inject({ url: `/api/${name}` })).json<object>();
      expect(Object.values(body)).toEqual(expect.arrayContaining([[], null]));
    },
  );
});

describe('run search', () => {
  const searches: RunSearch[] = [];
  const findRuns: ListReads['findRuns'] = async (search) => {
    searches.push(search);
    return { items: [], cursor: null };
  };
  const searching = createOfflineApp({ ...emptyReads, findRuns });
  afterAll(() => searching.close());

  test.each<[string, string, RunSearch]>([
    ['run', '9000000001', { by: 'run-id', value: '9000000001' }],
    ['run', 'https://github.com/octo-org/app/actions/runs/77', { by: 'run-id', value: '77' }],
    ['run', 'https://github.com/octo-org/app/actions/runs/77/attempts/2', { by: 'run-id', value: '77' }],
    ['run', 'https://github.com/octo-org/app/actions/runs/77/job/88', { by: 'run-id', value: '77' }],
    ['run', 'https://github.com/octo-org/app/actions/runs/77/job/88?pr=1#step:4:1', { by: 'run-id', value: '77' }],
    ['run', 'https://ghe.example/api/v3/repos/octo-org/app/actions/runs/77', { by: 'run-id', value: '77' }],
    ['commit', 'AB'.repeat(20), { by: 'commit', value: 'ab'.repeat(20) }],
    ['delivery', 'delivery-1', { by: 'delivery', value: 'delivery-1' }],
    ['dispatch', '0f'.repeat(16), { by: 'dispatch', value: '0f'.repeat(16) }],
  ])('by %s %s', async (name, value, search) => {
    searches.length = 0;
    await searching.inject({ url: `/api/runs?${new URLSearchParams({ [name]: value }).toString()}` });
    expect(searches).toEqual([search]);
  });

  test.each([
    ['run', '9000000001'],
    ['run', 'https://github.com/octo-org/target/actions/runs/5'],
    ['delivery', 'delivery-1'],
    ['dispatch', (plannedFacts[1] as RouteDecided).data.decision.dispatchId],
  ])('a run is found by %s %s', async (name, value) => {
    const { status, body } = await get(`/api/runs?${new URLSearchParams({ [name]: value }).toString()}`);
    expect(status).toBe(200);
    expect(RunsResponse.parse(body).runs).toMatchObject([{ runKey, deliveryId: 'delivery-1' }]);
  });

  test('the id of a dispatch that was not started finds nothing, and the detail says what to search for', async () => {
    const { status, body } = await get(`/api/runs?dispatch=${'0'.repeat(32)}`);
    expect(status).toBe(404);
    expect(body).toMatchObject({ detail: expect.stringContaining('A denied decision starts no dispatch') });
  });

  test('all runs of a commit are found, newest first, page by page', async () => {
    const first = RunsResponse.parse((await get(`/api/runs?limit=5&commit=${'A'.repeat(40)}`)).body);
    const next = await get(`/api/runs?limit=5&commit=${'a'.repeat(40)}&cursor=${first.cursor}`);
    const found = [...first.runs, ...RunsResponse.parse(next.body).runs].map(({ deliveryId }) => deliveryId);
    expect(found).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1].map((number) => `delivery-${number}`));
  });

  test.each([
    ['?run=77&delivery=x', 'Use at most one of `run`, `commit`, `delivery`, `dispatch`.'],
    ['?run=77&outcome=planned', 'or filters, not both.'],
    ['?outcome=planned&code=planned', 'Use at most one of `kind`, `outcome`, `code`.'],
    ['?kind=requested&repository=octo-org/app', 'Requests of API keys have no source repository'],
    ['?code=no-mach', 'is not a code of Dispatcher'],
    ['?since=yesterday', 'The query parameter `since` is invalid: write a time as in 2026-11-03T14:00:00Z'],
    ['?since=9999-12-31T23:59:59-12:00', 'a year of four digits'],
    ['?since=2026-11-03T14:00:00Z&until=2026-11-03T14:00:00%2B02:00', '`until` must not be before `since`.'],
    ['?run=https://github.com/octo-org/app/issues/77', 'run id or the URL'],
    ['?run=ci.yml', 'run id or the URL'],
    ['?commit=abc123', 'all 40 hex digits'],
    ['?dispatch=77', '32 hex digits'],
    ['?tag=v1', 'tag'],
  ])('the query "%s" is refused, and the detail says what to write', async (query, sentence) => {
    searches.length = 0;
    const response = await searching.inject({ url: `/api/runs${query}` });
    expect(response.statusCode).toBe(400);
    expect(ProblemDocument.parse(response.json()).detail).toContain(sentence);
    expect(searches).toEqual([]);
  });
});

describe('errors', () => {
  test.each([
    ['/api/deliveries?limit=0', 400, 'limit'],
    ['/api/deliveries?limit=101', 400, 'limit'],
    ['/api/deliveries?limit=ten', 400, 'limit'],
    ['/api/deliveries?limit=0x10', 400, 'limit'],
    ['/api/deliveries?limit=1e1', 400, 'limit'],
    ['/api/deliveries?limit=%2B5', 400, 'limit'],
    ['/api/deliveries?limit=%205', 400, 'limit'],
    ['/api/deliveries?limit=5.0', 400, 'limit'],
    ['/api/deliveries?limit=5&limit=5', 400, 'limit'],
    ['/api/deliveries?limit=5&limit=6', 400, 'limit'],
    ['/api/deliveries?__proto__=1', 400, '__proto__'],
    ['/api/trend?__proto__=1', 400, '__proto__'],
    ['/api/runs?delivery=a&delivery=b', 400, 'delivery'],
    ['/api/summary?window=all&window=day', 400, 'window'],
    ['/api/deliveries?cursor=made-up', 400, 'first page'],
    ['/api/deliveries?repository=acme', 400, 'repository'],
    ['/api/deliveries/unknown', 404, 'unknown'],
    ['/api/runs/not-a-run-key', 400, 'runKey'],
    ['/api/runs/1-2-3', 404, '1-2-3'],
    ['/api/nothing?secret=1', 404, 'GET /api/nothing'],
    ['/auth/nothing', 404, 'GET /auth/nothing'],
    ['/api/deliveries/%E0%A4%A', 400, ''],
  ])('%s returns %i with a problem document that names the problem', async (url, status, detail) => {
    const response = await get(url);
    expect(response.status).toBe(status);
    expect(response.headers['content-type']).toMatch(/^application\/problem\+json\b/);
    const problem = ProblemDocument.parse(response.body);
    expect(problem.status).toBe(status);
    expect(problem.detail).toContain(detail);
    expect(problem.detail).not.toContain('secret');
  });

  test('a store failure is a 500: the log has the error, the response does not', async () => {
    const failure = async () => Promise.reject(new Error('table state-secret not found'));
    const broken = createOfflineApp({ ...emptyReads, deliveries: failure }, log);
    const response = await broken.inject({ url: '/api/deliveries' });
    expect(response.statusCode).toBe(500);
    expect(response.body).not.toContain('state-secret');
    const { details } = log.lines.find(({ step }) => step === 'request failed') ?? {};
    expect(details).toMatchObject({ error: expect.objectContaining({ message: 'table state-secret not found' }) });
    await broken.close();
  });

  test('a malformed JSON body is a 400 that says so', async () => {
    const headers = { 'content-type': 'application/json' };
    const response = await app.inject({ method: 'POST', url: '/api/runs/1-2-3/replay', headers, payload: '{' });
    expect(response.statusCode).toBe(400);
    expect(ProblemDocument.parse(response.json()).detail).toBe('The request body is not valid JSON.');
  });

  test('every response forbids shared caching, framing and sniffing', async () => {
    for (const url of ['/health', '/api/deliveries', '/api/deliveries/unknown', '/auth/nothing']) {
      const { headers } = await get(url);
      expect(headers).toMatchObject({
        'cache-control': url === '/api/deliveries' ? 'private, no-cache' : 'no-store',
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
        'x-content-type-options': 'nosniff',
      });
    }
  });
});

describe('authentication', () => {
  const status = async (headers: Record<string, string>, url = '/api/deliveries') =>
    (await protectedApp.inject({ url, headers })).statusCode;

  test('the right user and password are accepted', async () => {
    expect(await status(basic('ada:correct horse'))).toBe(200);
    expect(await status({ authorization: basic('ada:correct horse').authorization.replace('Basic', 'basic') })).toBe(
      200,
    );
  });

  test.each([
    ['nothing', {}],
    ['an empty header', { authorization: '' }],
    ['another scheme', { authorization: 'Bearer ada:correct horse' }],
    ['a wrong password', basic('ada:correct hors')],
    ['a longer password', basic('ada:correct horse ')],
    ['a wrong user', basic('eve:correct horse')],
    ['no user', basic(':correct horse')],
    ['no colon', basic('adacorrect horse')],
    ['no base64', { authorization: 'Basic ada:correct horse' }],
  ])('%s: refused, and nothing is read', async (_, headers) => {
    const response = await protectedApp.inject({ url: '/api/deliveries', headers });
    expect(response.statusCode).toBe(401);
    expect(response.headers['www-authenticate']).toContain('Basic');
    expect(ProblemDocument.parse(response.json()).detail).not.toContain('ada');
    expect(calls).toEqual([]);
  });

  test('unauthenticated clients do not learn which routes exist', async () => {
    const long = `/api/deliveries/${'x'.repeat(201)}`;
    const paths = [
      '/api',
      '/api/nothing',
      '/api/runs/not-a-run-key',
      '/api/deliveries?limit=0',
      '/api/runs/%E0%A4%A',
      long,
    ];
    const responses = await Promise.all(paths.map((url) => protectedApp.inject({ url })));
    for (const response of responses) {
      expect({ status: response.statusCode, body: response.body }).toEqual({ status: 401, body: responses[0]?.body });
      expect(response.headers).toMatchObject({
        'www-authenticate': expect.stringContaining('Basic'),
        'cache-control': 'no-store',
      });
    }
    expect(await status(basic('ada:correct horse'), long)).toBe(414);
    expect(await status(basic('ada:correct horse'), '/api/runs/%E0%A4%A')).toBe(400);
  });

  test.each([
    ['POST', '/api/deliveries', 'GET, HEAD'],
    ['DELETE', '/api/runs/1-2-3', 'GET, HEAD'],
    ['PATCH', '/api/runs/1-2-3/replay', 'POST'],
    ['GET', '/api/runs/1-2-3/replay', 'POST'],
    ['OPTIONS', '/api/summary?window=all', 'GET, HEAD'],
    ['POST', '/health', 'GET, HEAD'],
  ] as const)('%s %s gets 405 with Allow, and 401 without credentials', async (method, url, allow) => {
    const headers = basic('ada:correct horse');
    const response = await protectedApp.inject({ method, url, headers });
    expect({ status: response.statusCode, allow: response.headers.allow }).toEqual({ status: 405, allow });
    expect(ProblemDocument.parse(response.json()).detail).toContain(allow);
    const anonymous = await protectedApp.inject({ method, url });
    expect(anonymous.statusCode).toBe(401);
    expect(anonymous.headers).not.toHaveProperty('allow');
  });

  test('a query of a mutation is refused: it would be ignored', async () => {
    const headers = basic('ada:correct horse');
    const payload = { mode: 'as-recorded', reason: 'a test' };
    for (const query of ['dryRun=true', '__proto__=1']) {
      const response = await protectedApp.inject({
        method: 'POST',
        url: `/api/runs/1-2-3/replay?${query}`,
        headers,
        payload,
      });
      expect(response.statusCode).toBe(400);
    }
  });

  test('with authentication disabled, another host name is refused: the request may come from another site’s script', async () => {
    const of = async (host: string) => (await app.inject({ url: '/api/deliveries', headers: { host } })).statusCode;
    expect(await of('localhost:3000')).toBe(200);
    expect(await of('127.0.0.1:3000')).toBe(200);
    expect(await of('[::1]:3000')).toBe(200);
    expect(await of('evil.example:3000')).toBe(403);
    expect(await of('localhost.evil.example')).toBe(403);
  });
});
