import { randomBytes } from 'node:crypto';
import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import { type Fact, factId, factsOfPlan, routeId, type RouteDecided, runKey } from '@dispatcher/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { storedCounters, type Span } from './testing/stored-counters.ts';
import { type TestDynamo, startDynamo } from './testing/local-dynamo.ts';
import { ProcessCrashError, withFaults } from './testing/faults.ts';
import {
  accepted,
  completed,
  deadLettered,
  failed,
  planFacts,
  sampleDecision,
  samplePlan,
  sampleRoute,
  sampleRun,
} from '@dispatcher/projections/testing';
import { itemsOf } from './facts/items.ts';
import { recordedFact } from './facts/recorded-fact.ts';
import { InvalidCursorError } from './cursor.ts';
import { DeliveryRow } from './lists/rows.ts';
import { createFactStore, type FactStore } from './fact-store.ts';
import { FactTooLargeError } from './log/record-facts.ts';
import { createFoldingStore } from './testing/folding-store.ts';

let dynamo: TestDynamo;
let options: { table: string; projectionsTable: string };
let store: FactStore;

beforeAll(async () => {
  dynamo = await startDynamo();
});
beforeEach(async () => {
  const { facts: table, projections: projectionsTable } = await dynamo.createTables();
  options = { table, projectionsTable };
  store = createFoldingStore({ client: dynamo.client, ...options });
});
afterAll(() => dynamo.close());

const at = (seconds: number): string => new Date(Date.parse('2026-11-03T14:59:58Z') + seconds * 1000).toISOString();
const counted = (span: Span, table = options.projectionsTable) => storedCounters(dynamo.client, table, span);
const recorded = (facts: readonly Fact[]) => facts.map(recordedFact);

function deliveryRepeated(number: number, deliveryId: string, time: string): Fact {
  const run = sampleRun(number, time);
  const key = runKey(run);
  return {
    version: 1,
    id: factId('delivery.repeated', key, deliveryId, time),
    type: 'delivery.repeated',
    time,
    correlationId: deliveryId,
    runKey: key,
    data: { firstDeliveryId: run.deliveryId, receivedAt: time, repository: 'Octo-Org/app', workflow: 'ci.yml' },
  };
}

test('the history of a run that exceeds the 1 MB of one page is read over several pages, every fact once', async () => {
  const run = sampleRun(1, at(0));
  const effects = Array.from({ length: 100 }, () => 'deny' as const);
  const facts = Array.from({ length: 24 }, (_, revision): Fact[] => {
    const plan = { ...samplePlan(run, effects), revision };
    // Random bytes, because text deflates to nearly nothing.
    const decisions = plan.decisions.map((each) => ({ ...each, message: randomBytes(250).toString('hex') }));
    return factsOfPlan({ ...plan, decisions }, at(revision));
  }).flat();
  const puts = facts.map((fact) => ({ PutRequest: { Item: itemsOf(fact)[0] } }));
  for (let index = 0; index < puts.length; index += 25) {
    await dynamo.client.send(
      new BatchWriteCommand({ RequestItems: { [options.table]: puts.slice(index, index + 25) } }),
    );
  }
  const pages = [await store.run(runKey(run), {})];
  while (pages.at(-1)?.cursor != null) {
    pages.push(await store.run(runKey(run), { cursor: pages.at(-1)?.cursor ?? undefined }));
  }
  expect(pages.length).toBeGreaterThan(1);
  const ids = pages.flatMap(({ items }) => items.map(({ id }) => id));
  expect(ids.toSorted()).toEqual(facts.map(({ id }) => id).toSorted());
});

describe('recording', () => {
  test('a fact recorded twice, in one batch or in two, is stored and counted once', async () => {
    const [planned, allowed, denied] = planFacts(sampleRun(1, at(0)), ['allow', 'deny'], at(1));
    await store.recordFacts([planned, planned, allowed as RouteDecided]);
    await store.recordFacts([denied as RouteDecided, planned, allowed as RouteDecided]);
    expect(await counted('all')).toEqual({
      deliveries: 1,
      'plans.planned': 1,
      'decisions.allowed': 1,
      'decisions.target-no-config': 1,
    });
    const { items } = await store.run(planned.runKey, {});
    expect(items).toHaveLength(3);
    expect(items).toEqual(expect.arrayContaining(recorded([planned, allowed as Fact, denied as Fact])));
  });

  test('facts count in the UTC hour of their time, whenever they arrive', async () => {
    const [planned, decided] = planFacts(sampleRun(1, at(0)), ['allow'], at(0));
    await store.recordFacts([accepted(decided as RouteDecided, at(4))]);
    await store.recordFacts([planned, decided as RouteDecided]);
    expect(await counted('2026-11-03T14')).toEqual({ deliveries: 1, 'plans.planned': 1, 'decisions.allowed': 1 });
    expect(await counted('2026-11-03T15')).toEqual({ 'dispatches.accepted': 1 });
    expect(await counted('2026-11-03T16')).toEqual({});
  });

  test('a dispatch of a replayed run counts, and its latency does not: it contains the wait for the operator', async () => {
    const [, first, second] = planFacts(sampleRun(1, at(0)), ['allow', 'allow'], at(1)) as [
      Fact,
      RouteDecided,
      RouteDecided,
    ];
    const replayed = accepted(second, at(9_000));
    const late = { ...replayed, data: { ...replayed.data, latencyMs: 9_000_000, revision: 1 } };
    await store.recordFacts([accepted(first, at(2)), late]);
    await store.rollUp.setSummaries(Date.parse(at(9_060)));
    const summary = await store.summary('all');
    expect(summary).toMatchObject({ dispatches: { accepted: 2 }, latency: { accepted: { measured: 1 } } });
    expect(summary?.latency.accepted.p99).toBeLessThan(2_000);
  });

  test('a repeated delivery counts as a delivery and not as a plan', async () => {
    const [planned] = planFacts(sampleRun(1, at(0)), [], at(0));
    await store.recordFacts([planned, deliveryRepeated(1, 'delivery-1b', at(60))]);
    expect(await counted('all')).toEqual({ deliveries: 2, 'deliveries.repeated': 1, 'plans.no-match': 1 });
  });

  test('a batch with more facts than one entry holds is recorded completely, in several entries', async () => {
    const facts = Array.from({ length: 15 }, (_, number): Fact => {
      const [planned] = planFacts(sampleRun(number, at(number)), [], at(number));
      // Random bytes, because text deflates to nearly nothing.
      const check = {
        side: 'run',
        name: 'wide',
        satisfied: true,
        expected: randomBytes(40_000).toString('base64'),
        actual: '',
      } as const;
      return { ...planned, data: { ...planned.data, checks: [check] } };
    });
    await store.recordFacts(facts);
    expect(await counted('all')).toEqual({ deliveries: 15, 'plans.no-match': 15 });
  });

  test('a fact too large for an item is refused before anything is written, and a retry of the rest of its batch counts nothing twice', async () => {
    const [planned] = planFacts(sampleRun(1, at(0)), [], at(0));
    const [neighbour] = planFacts(sampleRun(2, at(0)), [], at(0));
    const huge: Fact = { ...planned, data: { ...planned.data, message: 'x'.repeat(450_000) } };
    await expect(store.recordFacts([neighbour, huge])).rejects.toThrow(FactTooLargeError);
    expect(await counted('all')).toEqual({});
    await store.recordFacts([neighbour]);
    expect(await counted('all')).toEqual({ deliveries: 1, 'plans.no-match': 1 });
  });

  test('a fact of any other length is stored in one write unit, and marked as abridged', async () => {
    const [planned] = planFacts(sampleRun(1, at(0)), [], at(0));
    const long = randomBytes(200_000).toString('base64');
    await store.recordFacts([{ ...planned, data: { ...planned.data, message: long } }]);
    const { items } = await store.run(planned.runKey, {});
    expect(items).toMatchObject([{ id: planned.id, abridged: true, data: { message: expect.stringMatching(/…$/) } }]);
    expect(await counted('all')).toEqual({ deliveries: 1, 'plans.no-match': 1 });
  });

  test.each(['dies-before', 'dies-after'] as const)(
    'a process that crashes (%s) at any call of a batch is completed by the roll-up or a retry, and every fact counts once',
    async (fault) => {
      const facts = Array.from({ length: 3 }, (_, number) => {
        return planFacts(sampleRun(number, at(0), 'delivery-1'), ['allow'], at(1));
      }).flat();
      let died = 0;
      for (let done = false; !done; ) {
        const { facts: table, projections: projectionsTable } = await dynamo.createTables();
        const client = withFaults(dynamo.newClient(), (call) => (call === died ? fault : null));
        const crashing = createFactStore({ client, table, projectionsTable }).recordFacts(facts);
        done = await crashing.then(
          () => true,
          (error: unknown) => !(error instanceof ProcessCrashError),
        );
        await crashing.catch(() => undefined);
        const retry = createFoldingStore({ client: dynamo.client, table, projectionsTable });
        await retry.rollUp.fold();
        await retry.recordFacts(facts);
        expect(await counted('all', projectionsTable)).toEqual({
          deliveries: 3,
          'plans.planned': 3,
          'decisions.allowed': 3,
        });
        expect(await retry.routeProjection(routeId(sampleRoute(0)))).toMatchObject({ latest: { state: 'allowed' } });
        expect((await retry.deliveries({})).items).toMatchObject([{ deliveryId: 'delivery-1', kind: 'planned' }]);
        expect((await retry.verify()).differences).toEqual([]);
        if (!done) died += 1;
      }
      // The end of the log, the cursor, the entry, and at least one call for each fact.
      expect(died).toBeGreaterThan(9);
    },
  );

  test('an entry whose response was lost is appended once, although the SDK sends it again', async () => {
    const client = dynamo.newClient();
    let sent = 0;
    client.middlewareStack.add(
      (next, { commandName }) =>
        async (given) => {
          const result = await next(given);
          if (commandName !== 'PutItemCommand') return result;
          sent += 1;
          // The first write is that of the log's cursor, the second one that of the entry.
          if (sent !== 2) return result;
          throw Object.assign(new Error('socket hang up'), { name: 'TimeoutError', $retryable: {} });
        },
      { step: 'finalizeRequest', priority: 'low', name: 'loseResponse' },
    );
    await createFactStore({ client, ...options }).recordFacts(planFacts(sampleRun(1, at(0)), [], at(0)));
    expect(sent).toBeGreaterThan(2);
    expect(await store.rollUp.fold()).toMatchObject({ entries: 1, facts: 1 });
  });

  test('facts whose writer crashed after its entry are stored and counted by the roll-up', async () => {
    const facts = planFacts(sampleRun(1, at(0)), ['allow'], at(0));
    let entries = 0;
    const client = withFaults(dynamo.newClient(), (_, command) => {
      entries += command === 'PutItemCommand' ? 1 : 0;
      return entries > 2 ? 'dies-before' : null;
    });
    await expect(createFactStore({ client, ...options }).recordFacts(facts)).rejects.toThrow(ProcessCrashError);
    expect((await store.run(facts[0].runKey, {})).items).toEqual([]);
    expect(await store.rollUp.fold()).toMatchObject({ entries: 1, facts: 2 });
    expect((await store.run(facts[0].runKey, {})).items).toHaveLength(2);
    expect(await counted('all')).toEqual({ deliveries: 1, 'plans.planned': 1, 'decisions.allowed': 1 });
  });

  test('concurrent writers with the same facts count each fact once', async () => {
    const facts = planFacts(sampleRun(1, at(0)), Array<'deny'>(20).fill('deny'), at(0));
    const other = createFoldingStore({ client: dynamo.newClient(), ...options });
    await Promise.all([store.recordFacts(facts), other.recordFacts(facts.toReversed()), other.recordFacts(facts)]);
    expect(await counted('all')).toEqual({
      deliveries: 1,
      'plans.planned': 1,
      'decisions.target-no-config': 20,
    });
  });

  test('dead letters of foreign messages are recorded, whatever ids they contain', async () => {
    const long = 'x'.repeat(3_000);
    const deadLetters = [
      deadLettered('m1', at(0), ''),
      deadLettered('m2', at(1), long, long),
      deadLettered('m3', at(2), 'delivery-9', ''),
    ];
    await store.recordFacts(deadLetters);
    // A message that names no run belongs to no delivery.
    expect((await store.deliveries({})).items).toEqual([]);
    expect((await store.deadLetters('runs', {})).items).toHaveLength(3);
  });
});

describe('the latest status of a route', () => {
  const [, decided] = planFacts(sampleRun(1, at(0)), ['allow'], at(1)) as [Fact, RouteDecided];
  const id = routeId(sampleRoute(0));

  test('facts that arrive out of order leave the newest status', async () => {
    await store.recordFacts([completed(decided, at(30))]);
    await store.recordFacts([accepted(decided, at(2))]);
    await store.recordFacts([decided]);
    expect((await store.routeProjection(id))?.latest).toMatchObject({
      state: 'completed',
      conclusion: 'success',
      time: at(30),
    });
  });

  test('a dispatch is newer than its decision in the same millisecond', async () => {
    await store.recordFacts([failed(decided, at(1)), decided]);
    expect((await store.routeProjection(id))?.latest).toMatchObject({ state: 'failed', code: 'dispatch-rejected' });
  });
});

describe('reading', () => {
  test('a delivery leads to its plans, and to nothing of other deliveries', async () => {
    const [planned, allowed, denied] = planFacts(sampleRun(1, at(0)), ['allow', 'deny'], at(1));
    await store.recordFacts([accepted(allowed as RouteDecided, at(3)), denied as RouteDecided]);
    await store.recordFacts([allowed as RouteDecided, planned, ...planFacts(sampleRun(2, at(0)), [], at(1))]);
    const { items, cursor } = await store.delivery('delivery-1', {});
    expect(cursor).toBeNull();
    expect(items).toMatchObject([{ factId: planned.id, type: 'run.planned', runKey: planned.runKey, allowed: 1 }]);
  });

  test('a repeat under a new GUID leads to the run', async () => {
    const repeat = deliveryRepeated(1, 'delivery-1b', at(60));
    const [planned, ...decided] = planFacts(sampleRun(1, at(0)), ['allow'], at(1));
    await store.recordFacts([planned, ...decided, repeat]);
    const of = async (id: string) => (await store.delivery(id, {})).items.map(({ runKey, type }) => [runKey, type]);
    expect(await of('delivery-1b')).toEqual([[planned.runKey, 'delivery.repeated']]);
    expect(await of('delivery-1')).toEqual([[planned.runKey, 'run.planned']]);
  });

  test('a run is read as recorded, with every failed check', async () => {
    const facts = planFacts(sampleRun(1, at(0)), ['allow', 'deny'], at(1));
    await store.recordFacts(facts);
    const { items } = await store.run(facts[0].runKey, {});
    expect(items[0]).toEqual(recordedFact(facts[0]));
    expect(items.slice(1)).toEqual(expect.arrayContaining(recorded(facts.slice(1))));
    expect(items).toHaveLength(3);
  });

  test('the whole history of a run of 100 targets is one page', async () => {
    const facts = planFacts(sampleRun(1, at(0)), Array<'allow'>(100).fill('allow'), at(1));
    const [, ...decided] = facts as [Fact, ...RouteDecided[]];
    const ends = decided.flatMap((fact) => [accepted(fact, at(3)), completed(fact, at(9), at(3))]);
    await store.recordFacts([...facts, ...ends]);
    const { items, cursor } = await store.run(facts[0].runKey, {});
    expect(items).toHaveLength(301);
    expect(cursor).toBeNull();
    expect(items).toEqual(expect.arrayContaining(recorded([...facts.slice(-3), ...ends.slice(-3)])));
  });

  test('the first page of deliveries is full and newest first, also after 72 idle hours', async () => {
    const old = Array.from({ length: 60 }, (_, number) => planFacts(sampleRun(number, at(number)), [], at(number)));
    await store.recordFacts(old.flat());
    const threeDays = 72 * 60 * 60;
    await store.recordFacts(planFacts(sampleRun(99, at(threeDays)), [], at(threeDays)));
    const { items, cursor } = await store.deliveries({ limit: 50 });
    expect(items.map(({ deliveryId }) => deliveryId)).toEqual(
      [99, ...Array.from({ length: 49 }, (_, index) => 59 - index)].map((number) => `delivery-${number}`),
    );
    expect(cursor).not.toBeNull();
    for (const item of items) expect(DeliveryRow.parse(item)).toEqual(item);
  });

  test('pages neither shift nor repeat rows when facts arrive between them', async () => {
    const numbers = Array.from({ length: 9 }, (_, number) => number);
    for (const number of numbers)
      await store.recordFacts(planFacts(sampleRun(number, at(number)), ['deny'], at(number)));
    const seen: string[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < 10; page += 1) {
      const read = await store.deliveries(cursor === undefined ? { limit: 2 } : { limit: 2, cursor });
      seen.push(...read.items.map(({ deliveryId }) => deliveryId));
      await store.recordFacts(planFacts(sampleRun(100 + page, at(100 + page)), [], at(100 + page)));
      if (read.cursor === null) break;
      ({ cursor } = read);
    }
    expect(seen).toEqual(numbers.toReversed().map((number) => `delivery-${number}`));
  });

  test('times of different precision keep their order', async () => {
    await store.recordFacts(planFacts(sampleRun(1, '2026-11-03T15:00:00Z'), [], at(9)));
    await store.recordFacts(planFacts(sampleRun(2, '2026-11-03T15:00:00.5Z'), [], at(9)));
    const { items } = await store.deliveries({});
    expect(items.map(({ deliveryId }) => deliveryId)).toEqual(['delivery-2', 'delivery-1']);
  });

  test('a repository has its runs as source and its decisions as target, in any case of its name', async () => {
    const run = sampleRun(1, at(0));
    const facts = planFacts(run, ['allow', 'deny'], at(1));
    await store.recordFacts([...facts, accepted(facts[1] as RouteDecided, at(2))]);
    const types = async (name: string) => (await store.repositoryFacts(name, {})).items.map(({ type }) => type);
    expect(await types('octo-org/APP')).toEqual(['run.planned']);
    expect(await types('Octo-Org/target-0')).toEqual(['route.decided']);
    expect(await types('octo-org/target-1')).toEqual(['route.decided']);
    expect(await types('octo-org/target-2')).toEqual([]);
  });

  test('a route has its own ends, newest first, and none of other routes', async () => {
    const [, allowed, other] = planFacts(sampleRun(1, at(0)), ['allow', 'deny'], at(1)) as [
      Fact,
      RouteDecided,
      RouteDecided,
    ];
    const [planned, denied] = planFacts(sampleRun(2, at(9)), ['deny'], at(10)) as [Fact, RouteDecided];
    const end = completed(allowed, at(30), at(2));
    await store.recordFacts([planned, denied, allowed, other, accepted(allowed, at(2)), end]);
    const { items } = await store.routeFacts(sampleDecision(sampleRun(1, at(0)), 0, 'allow').routeId, {});
    expect(items.map(({ factId: id }) => id)).toEqual([denied.id, end.id]);
  });

  test('an invalid cursor or one of another list is refused and reads nothing of other lists', async () => {
    await store.recordFacts(planFacts(sampleRun(1, at(0)), Array<'deny'>(3).fill('deny'), at(1)));
    await store.recordFacts(planFacts(sampleRun(2, at(0)), [], at(2)));
    const { cursor } = await store.deliveries({ limit: 1 });
    if (cursor === null) throw new Error('one page only');
    const other = runKey(sampleRun(1, at(0)));
    for (const wrong of ['', 'x', 'bnVsbA', 'WzFd', Buffer.from('["a","b",""]').toString('base64url')]) {
      await expect(store.deliveries({ cursor: wrong })).rejects.toThrow(InvalidCursorError);
    }
    await expect(store.run(other, { cursor })).rejects.toThrow(InvalidCursorError);
    await expect(store.delivery('delivery-1', { cursor })).rejects.toThrow(InvalidCursorError);
    await expect(store.deliveries({ cursor, outcome: 'no-match' })).rejects.toThrow(InvalidCursorError);
    await expect(store.deliveries({ cursor, since: at(0) })).rejects.toThrow(InvalidCursorError);
  });
});
