import { type Fact, factId, type RouteDecided, routeId } from '@dispatcher/contracts';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { startDynamo, type TestDynamo } from '../testing/dynamo.ts';
import { type Fault, withFaults } from '../testing/faults.ts';
import { accepted, completed, failed, planFacts, sampleRoute, sampleRun } from '../testing/samples.ts';
import { split } from './brief.ts';
import { createFactStore, type FactStore, type Page } from './index.ts';
import { cut, transactionOf } from './transactions.ts';

let dynamo: TestDynamo;
beforeAll(async () => {
  dynamo = await startDynamo();
});
afterAll(() => dynamo.close());

const start = Date.parse('2026-11-03T14:00:00Z');
const timeAt = (minutes: number): string => new Date(start + minutes * 60_000).toISOString();

/** One run: when, what was decided for each target, and what became of each dispatch. */
const runs = fc.array(
  fc.record({
    minute: fc.integer({ min: 0, max: 300 }),
    ends: fc.array(fc.constantFrom('denied', 'pending', 'accepted', 'failed', 'completed'), { maxLength: 4 }),
    repeated: fc.boolean(),
  }),
  { minLength: 1, maxLength: 12 },
);
type Ends = 'denied' | 'pending' | 'accepted' | 'failed' | 'completed';

function factsOfRun(number: number, minute: number, ends: readonly Ends[], repeated: boolean): Fact[] {
  const run = sampleRun(number, timeAt(minute));
  const effects = ends.map((end) => (end === 'denied' ? ('deny' as const) : ('allow' as const)));
  const [planned, ...decided] = planFacts(run, effects, timeAt(minute + 1));
  const results = decided.flatMap((fact: RouteDecided, index): Fact[] => {
    const end = ends[index];
    if (end === 'failed') return [failed(fact, timeAt(minute + 2))];
    if (end === 'accepted') return [accepted(fact, timeAt(minute + 2))];
    return end === 'completed' ? [accepted(fact, timeAt(minute + 2)), completed(fact, timeAt(minute + 40))] : [];
  });
  return [planned, ...decided, ...results, ...(repeated ? [repeatOf(planned, timeAt(minute + 3))] : [])];
}

function repeatOf({ runKey, correlationId }: { runKey: string; correlationId: string }, time: string): Fact {
  return {
    version: 1,
    id: factId('delivery.repeated', runKey, `${correlationId}-again`, time),
    type: 'delivery.repeated',
    time,
    correlationId: `${correlationId}-again`,
    runKey,
    data: { firstDeliveryId: correlationId, receivedAt: time, repository: 'Octo-Org/app', workflow: 'ci.yml' },
  };
}

/** How the facts come: in which order, what comes twice, in which batches, with which faults, to how many writers. */
const transport = fc.record({
  order: fc.array(fc.nat(), { minLength: 80, maxLength: 80 }),
  twice: fc.array(fc.boolean(), { minLength: 80, maxLength: 80 }),
  batchSize: fc.integer({ min: 1, max: 45 }),
  faults: fc.array(fc.option(fc.constantFrom<Fault>('dies-before', 'dies-after', 'conflict'), { freq: 4 }), {
    maxLength: 40,
  }),
});

type Transport = typeof transport extends fc.Arbitrary<infer T> ? T : never;

function batchesOf(facts: readonly Fact[], { order, twice, batchSize }: Transport): Fact[][] {
  const sent = facts.flatMap((fact, index) => (twice[index % twice.length] === true ? [fact, fact] : [fact]));
  const shuffled = sent
    .map((fact, index) => ({ fact, place: order[index % order.length] ?? 0 }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ fact }) => fact);
  const count = Math.ceil(shuffled.length / batchSize);
  return Array.from({ length: count }, (_, index) => shuffled.slice(index * batchSize, (index + 1) * batchSize));
}

/** As the queue does: a batch whose writer died comes again until it is done. */
async function deliver(store: FactStore, batches: readonly (readonly Fact[])[]): Promise<number> {
  let deaths = 0;
  for (const batch of batches) {
    for (let done = false; !done; ) {
      done = await store.recordFacts(batch).then(
        () => true,
        () => false,
      );
      if (!done) deaths += 1;
    }
  }
  return deaths;
}

function countsOf(facts: readonly Fact[]): Record<string, number> {
  const of = (type: Fact['type']) => facts.filter((fact) => fact.type === type).length;
  const decided = facts.filter((fact) => fact.type === 'route.decided').map((fact) => fact.data.decision.effect);
  const empty = facts.filter((fact) => fact.type === 'run.planned' && fact.data.outcome === 'no-match').length;
  const all = {
    deliveries: of('run.planned') + of('delivery.repeated'),
    'deliveries.repeated': of('delivery.repeated'),
    'plans.no-match': empty,
    'plans.planned': of('run.planned') - empty,
    'decisions.allowed': decided.filter((effect) => effect === 'allow').length,
    'decisions.target-no-config': decided.filter((effect) => effect === 'deny').length,
    'dispatches.accepted': of('dispatch.accepted'),
    'dispatches.failed': of('dispatch.failed'),
    'dispatches.completed': of('dispatch.completed'),
  };
  return Object.fromEntries(Object.entries(all).filter(([, count]) => count > 0));
}

async function readAll<T>(read: (cursor: string | undefined) => Promise<Page<T>>): Promise<T[]> {
  const items: T[] = [];
  let page = await read(undefined);
  items.push(...page.items);
  while (page.cursor !== null) {
    page = await read(page.cursor);
    items.push(...page.items);
  }
  return items;
}

const byId = (a: { readonly id: string }, b: { readonly id: string }) => (a.id < b.id ? -1 : 1);

/** The newest fact of each route, by time, then by how far the dispatch got, then by id. */
async function expectLatest(store: FactStore, facts: readonly Fact[]): Promise<void> {
  // Accepted and failed are the same step.
  const step: Partial<Record<Fact['type'], number>> = {
    'route.decided': 1,
    'dispatch.accepted': 2,
    'dispatch.failed': 2,
    'dispatch.completed': 3,
  };
  for (const target of [0, 1, 2, 3]) {
    const id = routeId(sampleRoute(target));
    const [newest] = facts
      .filter((fact) => JSON.stringify(fact.data).includes(`"routeId":"${id}"`))
      .map((fact) => ({ fact, rank: `${fact.time} ${step[fact.type]} ${fact.id}` }))
      .toSorted((a, b) => (a.rank < b.rank ? 1 : -1));
    const status = await store.routeStatus(id);
    expect(status === null ? undefined : [status.time, status.runKey]).toEqual(
      newest === undefined ? undefined : [newest.fact.time, newest.fact.runKey],
    );
  }
}

async function expectModel(store: FactStore, facts: readonly Fact[]): Promise<void> {
  expect(await store.totals('all')).toEqual(countsOf(facts));
  for (const hour of new Set(facts.map(({ time }) => time.slice(0, 13)))) {
    const ofHour = facts.filter(({ time }) => time.startsWith(hour));
    expect(await store.totals(hour as `${string}T${string}`)).toEqual(countsOf(ofHour));
  }
  for (const key of new Set(facts.map(({ runKey }) => runKey ?? ''))) {
    const stored = await readAll((cursor) => store.run(key, cursor === undefined ? {} : { cursor }));
    expect(stored.toSorted(byId)).toEqual(facts.filter(({ runKey }) => runKey === key).toSorted(byId));
  }
  for (const id of new Set(facts.map(({ correlationId }) => correlationId))) {
    const journey = await readAll((cursor) => store.delivery(id, cursor === undefined ? {} : { cursor }));
    expect(journey.map(({ time }) => time)).toEqual(journey.map(({ time }) => time).toSorted());
    const told = facts.filter(({ correlationId }) => correlationId === id).map((fact) => split(fact).brief);
    expect(journey.toSorted(byId)).toEqual(told.toSorted(byId));
  }
  await expectLatest(store, facts);
  const rows = await readAll((cursor) => store.deliveries(cursor === undefined ? { limit: 7 } : { limit: 7, cursor }));
  const times = rows.map(({ time }) => time);
  expect(times).toEqual(times.toSorted().toReversed());
  const inFeed = facts.filter(({ type }) => type === 'run.planned' || type === 'delivery.repeated');
  expect(rows.map(({ deliveryId }) => deliveryId).toSorted()).toEqual(
    inFeed.map(({ correlationId }) => correlationId).toSorted(),
  );
}

describe('random histories', () => {
  test('equal a plain count of their facts: out of order, twice, in any batches, with deaths, by two writers', async () => {
    let deaths = 0;
    let allowed = 0;
    let decisions = 0;
    await fc.assert(
      fc.asyncProperty(runs, transport, async (history, how) => {
        const facts = history.flatMap(({ minute, ends, repeated }, number) =>
          factsOfRun(number, minute, ends as Ends[], repeated),
        );
        const { facts: table, projections: projectionsTable } = await dynamo.createTables();
        const options = { table, projectionsTable, pause: async () => undefined };
        const faulty = () => withFaults(dynamo.newClient(), (call) => how.faults[call] ?? null);
        const batches = batchesOf(facts, how);
        const writers = [faulty(), faulty()].map((client) => createFactStore({ client, ...options }));
        const died = await Promise.all([
          deliver(writers[0] as FactStore, batches),
          deliver(writers[1] as FactStore, batches.toReversed()),
        ]);
        await expectModel(createFactStore({ client: dynamo.client, ...options }), facts);
        deaths += died[0] + died[1];
        const decided = facts.filter((fact) => fact.type === 'route.decided');
        decisions += decided.length;
        allowed += decided.filter(({ data }) => data.decision.effect === 'allow').length;
      }),
      // Shrinking would replay histories for many minutes; the seed in the message replays this one.
      { numRuns: 15, interruptAfterTimeLimit: 60_000, endOnFailure: true },
    );
    // A generator that stopped making any of these would prove nothing.
    expect(deaths).toBeGreaterThan(5);
    expect(allowed).toBeGreaterThan(decisions / 4);
    expect(decisions - allowed).toBeGreaterThan(decisions / 20);
  }, 90_000);

  test('are cut into transactions that DynamoDB takes, with every fact in one of them', () => {
    const tables = { facts: 'facts', projections: 'projections' };
    fc.assert(
      fc.property(runs, fc.integer({ min: 1, max: 50 }), (history, spread) => {
        const facts = history.flatMap(({ minute, ends, repeated }, number) =>
          factsOfRun(number, minute * spread, [...ends, ...ends, ...ends] as Ends[], repeated),
        );
        const groups = cut(facts);
        expect(groups.flat()).toEqual(facts);
        for (const group of groups) {
          const { actions } = transactionOf(group, tables);
          expect(actions.length).toBeLessThanOrEqual(100);
          const places = actions.map(({ Put: put, Update: update }) =>
            JSON.stringify(put === undefined ? update?.Key : [put.Item?.['pk'], put.Item?.['sk']]),
          );
          expect(new Set(places).size).toBe(actions.length);
        }
      }),
    );
  });
});
