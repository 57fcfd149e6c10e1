import type { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { Fact } from '@dispatcher/contracts';
import { createBus } from '@dispatcher/lambda';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import type { AdminDependencies } from '../app.ts';
import { createBasicAuthentication } from '../auth/basic.ts';
import { advanceBulkReplay, type BulkReplayDependencies } from '../bulk-replays/advance-bulk-replay.ts';
import { type AdminHarness, startAdminHarness, startTime } from '../testing/admin-harness.ts';
import { unreadablePlan } from '../testing/seed-bulk-replays.ts';
import { BulkReplayChangedResponse, BulkReplayItemsResponse, BulkReplayPreview } from './bulk-replays.ts';

const minute = 60_000;
const iso = (at: number) => new Date(at).toISOString();

let harness: AdminHarness;
let app: FastifyInstance;
let dependencies: BulkReplayDependencies;
let facts: Fact[];
let busFails: boolean;
let requests = 0;
beforeEach(async () => {
  harness = await startAdminHarness();
  facts = [];
  busFails = false;
  app = createApp();
});
afterEach(() => harness.close());

const eventBridge = {
  send: async ({ input: { Entries: entries = [] } }: PutEventsCommand) => {
    if (busFails) throw new Error('EventBridge is down');
    facts.push(...entries.map(({ Detail: detail = '' }) => Fact.parse(JSON.parse(detail))));
    return { Entries: entries.map(() => ({ EventId: 'event' })) };
  },
} as unknown as Parameters<typeof createBus>[0];

function createApp(change: (own: AdminDependencies) => Partial<AdminDependencies> = () => ({})): FastifyInstance {
  return harness.app((own) => {
    dependencies = { ...own.bulkReplays, bus: createBus(eventBridge, 'dispatcher') };
    const authentication = createBasicAuthentication('ada', async () => 'horse');
    return { authentication, bulkReplays: dependencies, ...change(own) };
  });
}

const ada = { authorization: `Basic ${Buffer.from('ada:horse').toString('base64')}` };
const outage = { outcome: 'config-unreadable', since: iso(startTime - 600 * minute), reason: 'GitHub is back' };

async function post(path: string, payload: object, headers: Record<string, string> = ada) {
  const response = await app.inject({ method: 'POST', url: `/api/bulk-replays${path}`, payload, headers });
  return { status: response.statusCode, body: response.json<{ detail?: string }>() };
}

async function get(path: string) {
  const response = await app.inject({ url: `/api${path}`, headers: ada });
  return { status: response.statusCode, body: response.json<Record<string, unknown>>() };
}

async function start(change: object = {}, headers?: Record<string, string>) {
  const { status, body } = await post('', { ...outage, dryRun: false, ...change }, headers);
  expect({ status, body }).toMatchObject({ status: 200 });
  return BulkReplayChangedResponse.parse(body).replay;
}

/** Records runs whose files could not be read, oldest first. Returns their run keys. */
async function recordRuns(count: number): Promise<string[]> {
  const plans = Array.from({ length: count }, (_, number) =>
    unreadablePlan(number + 1, iso(startTime - (count - number) * minute)),
  );
  await harness.facts.recordFacts(plans);
  return plans.map(({ runKey = '' }) => runKey);
}

const advance = () => advanceBulkReplay(dependencies);

describe('a dry run', () => {
  test('is the default, lists what would be replayed, newest first, and changes nothing', async () => {
    const runKeys = await recordRuns(3);
    const { status, body } = await post('', outage);
    expect(status).toBe(200);
    const preview = BulkReplayPreview.parse(body);
    expect(preview).toMatchObject({ selected: 3, more: false, until: iso(startTime) });
    expect(preview.runs.map(({ runKey }) => runKey)).toEqual(runKeys.toReversed());
    expect(preview.runs[0]).toMatchObject({ repository: 'Octo-Org/app', outcome: 'config-unreadable' });
    expect(await get('/bulk-replays')).toMatchObject({ body: { bulkReplays: [] } });
    await advance();
    expect(await harness.receiveReplays()).toEqual([]);
  });

  test.each([
    [12, { selected: 3, more: false }],
    [60, { selected: 0, more: true }],
  ])(
    'reads on over %i pages without a selected run, and says whether it stopped before the end',
    async (pages, expected) => {
      await recordRuns(3);
      let empty = 0;
      // A page of a list with a filter can be empty and have a cursor.
      const shortPages: BulkReplayDependencies['reads'] = {
        deliveries: async ({ cursor, ...request }) => {
          empty += 1;
          if (empty <= pages) return { items: [], cursor: `page-${empty}` };
          return dependencies.reads.deliveries(cursor?.startsWith('page-') === true ? request : { cursor, ...request });
        },
      };
      app = createApp(() => ({ bulkReplays: { ...dependencies, reads: shortPages } }));
      expect((await post('', outage)).body).toMatchObject(expected);
    },
  );

  test('and the run that repeats its `until` select the same runs', async () => {
    const runKeys = await recordRuns(2);
    const { until } = BulkReplayPreview.parse((await post('', outage)).body);
    harness.now += 5 * minute;
    await harness.facts.recordFacts([unreadablePlan(9, iso(startTime + minute))]);
    await start({ until });
    await advance();
    expect((await harness.receiveReplays()).map(({ runKey }) => runKey).sort()).toEqual([...runKeys].sort());
  });

  test.each([
    [{ repository: 'octo-ORG/App' }, 2],
    [{ repository: 'octo-org/other' }, 0],
    [{ since: iso(startTime - minute) }, 1],
    [{ outcome: undefined, code: 'config-unreadable' }, 2],
    [{ outcome: 'no-match' }, 0],
  ])('with %j selects %i runs', async (change, selected) => {
    await recordRuns(2);
    expect((await post('', { ...outage, ...change })).body).toMatchObject({ selected });
  });
});

describe('a bulk replay', () => {
  test('is started with one request, goes on by itself, and shows its progress and its runs', async () => {
    const runKeys = await recordRuns(3);
    const { bulkReplayId, ...replay } = await start({ mode: 're-evaluate', perMinute: 2 });
    expect(replay).toMatchObject({ state: 'selecting', operator: 'ada', reason: 'GitHub is back', requested: 0 });
    await advance();
    expect(await get(`/bulk-replays/${bulkReplayId}`)).toMatchObject({
      status: 200,
      body: { replay: { state: 'running', selected: 3, requested: 2, perMinute: 2 } },
    });
    const { body } = await get(`/bulk-replays/${bulkReplayId}/runs`);
    const { runs } = BulkReplayItemsResponse.parse(body);
    expect(runs.map(({ runKey }) => runKey)).toEqual(runKeys.toReversed());
    expect(runs[0]).toMatchObject({ outcome: 'config-unreadable', code: 'config-unreadable', target: null });
    expect(`${runs[0]?.repository} ${runs[0]?.workflow}`).toBe('Octo-Org/app ci.yml');
    harness.now += minute;
    await advance();
    expect(await get('/bulk-replays')).toMatchObject({
      body: { bulkReplays: [{ bulkReplayId, state: 'completed', requested: 3 }], cursor: null },
    });
    const messages = await harness.receiveReplays();
    expect(messages.map(({ runKey }) => runKey).sort()).toEqual([...runKeys].sort());
    for (const message of messages) expect(message).toMatchObject({ mode: 're-evaluate', bulkReplayId });
  });

  test('is one action in the audit log, with its operator, its reason and its counts', async () => {
    await recordRuns(3);
    const { bulkReplayId } = await start();
    harness.now += 1_000;
    await advance();
    await harness.facts.recordFacts(facts);
    const entry = { actionId: bulkReplayId, subject: bulkReplayId, operator: 'ada', reason: 'GitHub is back' };
    expect(await get('/audit')).toMatchObject({
      body: {
        entries: [
          { ...entry, action: 'bulk-replay-completed', result: '3 of 3 requested' },
          { ...entry, action: 'bulk-replay-started' },
        ],
      },
    });
  });

  test('of a second operator is refused while the first one is active, and names it, its operator and its progress', async () => {
    await recordRuns(3);
    const { bulkReplayId } = await start({ perMinute: 2 });
    await advance();
    const key = { 'x-api-key': await harness.createKey() };
    const refused = await post('', { ...outage, dryRun: false }, key);
    expect(refused.status).toBe(409);
    expect(refused.body.detail).toContain(
      `Bulk replay ${bulkReplayId} of config-unreadable is running: ada started it`,
    );
    expect(refused.body.detail).toContain('2 of 3 replays were requested. Wait until it is completed, or stop it.');
    // A dry run is possible all the same.
    expect((await post('', outage, key)).status).toBe(200);
  });

  test('that two operators start at once is started once', async () => {
    await recordRuns(1);
    const key = { 'x-api-key': await harness.createKey() };
    const both = await Promise.all([ada, key].map((who) => post('', { ...outage, dryRun: false }, who)));
    expect(new Set(both.map(({ status }) => status))).toEqual(new Set([200, 409]));
  });

  test('whose response was lost is found by a retry with the same Idempotency-Key', async () => {
    await recordRuns(1);
    requests += 1;
    const headers = { ...ada, 'idempotency-key': `lost-${requests}` };
    app = createApp(({ access }) => ({
      access: {
        ...access,
        idempotency: { ...access.idempotency, putResponse: async () => Promise.reject(new Error('the table is gone')) },
      },
    }));
    const first = await start({}, headers);
    harness.now += minute;
    expect((await start({}, headers)).bulkReplayId).toBe(first.bulkReplayId);
    expect(await get('/bulk-replays')).toMatchObject({ body: { bulkReplays: [{}] } });
  });

  test('is stopped and resumed with a reason; meanwhile another can start, and then it cannot be resumed', async () => {
    await recordRuns(5);
    const { bulkReplayId } = await start({ perMinute: 2 });
    await advance();
    const stopped = await post(`/${bulkReplayId}/stop`, { reason: 'the target is down' });
    expect(stopped).toMatchObject({
      status: 200,
      body: { replay: { state: 'stopped', requested: 2, changedBy: 'ada' } },
    });
    // A repetition changes nothing.
    expect(await post(`/${bulkReplayId}/stop`, { reason: 'again' })).toMatchObject({ status: 200 });
    harness.now += minute;
    await advance();
    expect(await harness.receiveReplays()).toHaveLength(2);

    const other = await start({ since: iso(startTime - minute) });
    const refused = await post(`/${bulkReplayId}/resume`, { reason: 'it is back' });
    expect(refused).toMatchObject({ status: 409, body: { detail: expect.stringContaining(other.bulkReplayId) } });
    await advance();
    expect(await post(`/${bulkReplayId}/resume`, { reason: 'it is back' })).toMatchObject({
      status: 200,
      body: { replay: { state: 'running', requested: 2 } },
    });
    for (let time = 0; time < 2; time += 1) {
      harness.now += minute;
      await advance();
    }
    expect(await get(`/bulk-replays/${bulkReplayId}`)).toMatchObject({ body: { replay: { state: 'completed' } } });
    expect((await post(`/${bulkReplayId}/stop`, { reason: 'too late' })).status).toBe(409);
    const actions = facts.map((fact) => fact.type === 'bulk-replay.changed' && fact.data);
    expect(actions.map((data) => data && data.bulkReplayId === bulkReplayId && [data.action, data.reason])).toEqual([
      ['started', 'GitHub is back'],
      ['stopped', 'the target is down'],
      false,
      false,
      ['resumed', 'it is back'],
      ['completed', 'GitHub is back'],
    ]);
  });

  test('that is started while the bus is down is recorded when the bus is back', async () => {
    await recordRuns(1);
    busFails = true;
    await start();
    expect(facts).toEqual([]);
    busFails = false;
    await advance();
    expect(facts.map((fact) => fact.type === 'bulk-replay.changed' && fact.data.action)).toEqual([
      'started',
      'completed',
    ]);
  });

  test('records no secret of the reason, and says so', async () => {
    await recordRuns(1);
    const { body } = await post('', { ...outage, dryRun: false, reason: `renewed ghs_${'A1b2'.repeat(9)}` });
    expect(body).toMatchObject({ notice: expect.stringMatching(/secret.*Revoke/) });
    expect(BulkReplayChangedResponse.parse(body).replay.reason).toBe('renewed [redacted]');
  });

  test.each([
    ['no selection', { outcome: undefined }],
    ['outcome and code', { code: 'config-unreadable' }],
    ['an unknown outcome', { outcome: 'bad-weather' }],
    ['no start of the time', { since: undefined }],
    ['a repository without an owner', { repository: 'app' }],
    ['a mode for one route', { mode: 'dispatch-again' }],
    ['a rate that is too high', { perMinute: 601 }],
    ['no reason', { reason: ' ' }],
    ['an unknown field', { all: true }],
  ])('with %s is refused', async (_, change) => {
    expect((await post('', { ...outage, dryRun: false, ...change })).status).toBe(400);
    expect(await get('/bulk-replays')).toMatchObject({ body: { bulkReplays: [] } });
  });

  test.each(['/stop', '/resume'])('that does not exist is a 404: %s', async (action) => {
    const id = '20261103T140000-00000000';
    const { status, body } = await post(`/${id}${action}`, { reason: 'a test' });
    expect({ status, detail: body.detail }).toEqual({
      status: 404,
      detail: `There is no bulk replay ${id}. GET /api/bulk-replays lists them.`,
    });
    expect((await get(`/bulk-replays/${id}`)).status).toBe(404);
  });
});
