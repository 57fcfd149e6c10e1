import type { Fact, RouteDecided } from '@dispatcher/contracts';
import type { StepLog } from '@dispatcher/lambda';
import { createFactStore } from '@dispatcher/store';
import { accepted, planFacts, sampleRun, startDynamo, type TestDynamo } from '@dispatcher/store/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { Deliveries, Delivery, Health, Run } from './answers.ts';
import { createAdminApp } from './app.ts';
import { basicAuthentication, withoutAuthentication } from './authentication.ts';
import { ProblemDocument } from './problem.ts';

const time = (seconds: number): string => new Date(Date.parse('2026-11-03T14:00:00Z') + seconds * 1000).toISOString();
const logged: { step: string; details: unknown }[] = [];
const log: StepLog = {
  info: (step, details) => logged.push({ step, details }),
  warn: (step, details) => logged.push({ step, details }),
  error: (step, details) => logged.push({ step, details }),
  with: () => log,
};

let dynamo: TestDynamo;
let calls: string[];
let app: FastifyInstance;
let locked: FastifyInstance;
const journey = planFacts(sampleRun(1, time(0)), ['allow', 'deny'], time(1));
const runKey = journey[0].runKey;

beforeAll(async () => {
  dynamo = await startDynamo();
  const { facts: table, projections: projectionsTable } = await dynamo.createTables();
  const store = createFactStore({ client: dynamo.client, table, projectionsTable });
  await store.recordFacts([...journey, accepted(journey[1] as RouteDecided, time(3))]);
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
  const reads = createFactStore({ client, table, projectionsTable });
  app = createAdminApp({ reads, authentication: withoutAuthentication(), version: '1.2.3', log });
  const authentication = basicAuthentication('ada', async () => 'correct horse');
  locked = createAdminApp({ reads, authentication, version: '1.2.3', log });
});
beforeEach(() => {
  calls = [];
  logged.length = 0;
});
afterAll(async () => {
  await app.close();
  await locked.close();
  await dynamo.close();
});

const get = async (url: string) => {
  const response = await app.inject({ url });
  return { status: response.statusCode, headers: response.headers, body: response.json<unknown>() };
};
const basic = (credentials: string) => ({ authorization: `Basic ${Buffer.from(credentials).toString('base64')}` });

describe('the answers', () => {
  test('deliveries, newest first, in pages that follow each other', async () => {
    const seen: string[] = [];
    let url = '/api/deliveries?limit=4';
    for (let page = 0; page < 3; page += 1) {
      const { status, body } = await get(url);
      expect(status).toBe(200);
      const { deliveries, cursor } = Deliveries.parse(body);
      expect({ deliveries, cursor }).toEqual(body);
      seen.push(...deliveries.map(({ deliveryId }) => deliveryId));
      if (cursor === null) break;
      url = `/api/deliveries?limit=4&cursor=${cursor}`;
    }
    expect(seen).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1].map((number) => `delivery-${number}`));
  });

  test('a delivery tells its journey from plan to started run', async () => {
    const { status, body } = await get('/api/deliveries/delivery-1');
    expect(status).toBe(200);
    const answer = Delivery.parse(body);
    expect(answer).toEqual(body);
    expect(answer.facts.map(({ type }) => type)).toEqual([
      'run.planned',
      'route.decided',
      'route.decided',
      'dispatch.accepted',
    ]);
  });

  test('a run tells every fact as it was, with its checks', async () => {
    const { status, body } = await get(`/api/runs/${runKey}`);
    expect(status).toBe(200);
    const { facts } = Run.parse(body);
    const whole: Fact[] = [...journey, accepted(journey[1] as RouteDecided, time(3))];
    expect(facts).toEqual(expect.arrayContaining(whole));
    expect(facts).toHaveLength(whole.length);
  });

  test('health says its version and how one gets in, to everybody', async () => {
    const response = await locked.inject({ url: '/health' });
    expect(response.statusCode).toBe(200);
    expect(Health.parse(response.json())).toEqual({ status: 'ok', version: '1.2.3', authentication: 'basic' });
  });
});

describe('one read', () => {
  const examples: Readonly<Record<string, string>> = {
    '/health': '/health',
    '/api/deliveries': '/api/deliveries?limit=2',
    '/api/deliveries/:id': '/api/deliveries/delivery-1',
    '/api/runs/:runKey': `/api/runs/${runKey}`,
  };

  test('every route there is has its example here', async () => {
    await app.ready();
    const routes = app.printRoutes({ commonPrefix: false });
    const names = [...routes.matchAll(/(\/\S*) \(GET/g)].map(([, route]) => route);
    const known = Object.keys(examples);
    expect(names).toHaveLength(known.length);
    for (const route of known) expect(app.hasRoute({ method: 'GET', url: route })).toBe(true);
    expect(routes).not.toMatch(/POST|PUT|PATCH|DELETE/);
  });

  test.each(Object.entries(examples).filter(([route]) => route !== '/health'))(
    '%s makes one Query or GetItem',
    async (_, url) => {
      expect((await get(url)).status).toBe(200);
      expect(calls).toHaveLength(1);
      expect(['QueryCommand', 'GetItemCommand']).toContain(calls[0]);
    },
  );

  test('the third page costs what the first does, and health costs nothing', async () => {
    let { cursor } = Deliveries.parse((await get('/api/deliveries?limit=2')).body);
    ({ cursor } = Deliveries.parse((await get(`/api/deliveries?limit=2&cursor=${cursor}`)).body));
    calls = [];
    await get(`/api/deliveries?limit=2&cursor=${cursor}`);
    expect(calls).toEqual(['QueryCommand']);
    calls = [];
    await get('/health');
    expect(calls).toEqual([]);
  });
});

describe('refusals', () => {
  test.each([
    ['/api/deliveries?limit=0', 400, 'limit'],
    ['/api/deliveries?limit=101', 400, 'limit'],
    ['/api/deliveries?limit=ten', 400, 'limit'],
    ['/api/deliveries?cursor=made-up', 400, 'first page'],
    ['/api/deliveries?repository=acme/app', 400, 'repository'],
    ['/api/deliveries/unknown', 404, 'unknown'],
    ['/api/runs/not-a-run-key', 400, 'runKey'],
    ['/api/runs/1-2-3', 404, '1-2-3'],
    ['/api/nothing?secret=1', 404, 'GET /api/nothing'],
    ['/nothing', 404, 'GET /nothing'],
    ['/api/deliveries/%E0%A4%A', 400, ''],
  ])('%s is answered %i with a problem that says what is wrong', async (url, status, detail) => {
    const answer = await get(url);
    expect(answer.status).toBe(status);
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json\b/);
    const problem = ProblemDocument.parse(answer.body);
    expect(problem.status).toBe(status);
    expect(problem.detail).toContain(detail);
    expect(problem.detail).not.toContain('secret');
  });

  test('a failing store is a 500 that tells strangers nothing and the log everything', async () => {
    const failure = async () => Promise.reject(new Error('table state-secret not found'));
    const reads = { deliveries: failure, delivery: failure, run: failure };
    const broken = createAdminApp({ reads, authentication: withoutAuthentication(), version: '1', log });
    const response = await broken.inject({ url: '/api/deliveries' });
    expect(response.statusCode).toBe(500);
    expect(response.body).not.toContain('state-secret');
    const { details } = logged.find(({ step }) => step === 'request failed') ?? {};
    expect(details).toMatchObject({ error: expect.objectContaining({ message: 'table state-secret not found' }) });
    await broken.close();
  });

  test('every answer forbids caching, framing and sniffing', async () => {
    for (const url of ['/health', '/api/deliveries', '/api/deliveries/unknown', '/nothing']) {
      const { headers } = await get(url);
      expect(headers).toMatchObject({
        'cache-control': 'no-store',
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
        'x-content-type-options': 'nosniff',
      });
    }
  });
});

describe('authentication', () => {
  const status = async (headers: Record<string, string>, url = '/api/deliveries') =>
    (await locked.inject({ url, headers })).statusCode;

  test('the right user and password come in', async () => {
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
  ])('%s is refused, and nothing is read', async (_, headers) => {
    const response = await locked.inject({ url: '/api/deliveries', headers });
    expect(response.statusCode).toBe(401);
    expect(response.headers['www-authenticate']).toContain('Basic');
    expect(ProblemDocument.parse(response.json()).detail).not.toContain('ada');
    expect(calls).toEqual([]);
  });

  test('strangers are not told which routes there are', async () => {
    for (const url of ['/api', '/api/nothing', '/api/runs/not-a-run-key', '/api/deliveries?limit=0']) {
      expect(await status({}, url)).toBe(401);
    }
  });

  test('without authentication a page under another name is refused: it may be another site’s script', async () => {
    const of = async (host: string) => (await app.inject({ url: '/api/deliveries', headers: { host } })).statusCode;
    expect(await of('localhost:3000')).toBe(200);
    expect(await of('127.0.0.1:3000')).toBe(200);
    expect(await of('[::1]:3000')).toBe(200);
    expect(await of('evil.example:3000')).toBe(403);
    expect(await of('localhost.evil.example')).toBe(403);
  });
});
