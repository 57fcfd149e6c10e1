import { isDeepStrictEqual } from 'node:util';
import { dispatchId, type DispatchAccepted, type Fact, factId, foldName } from '@dispatcher/contracts';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { type RecordedFact, recordedFact } from '../facts/recorded-fact.ts';
import type { RunSearch } from '../facts/run-search.ts';
import { createFactStore, type FactStore } from '../fact-store.ts';
import type { Page } from '../pages.ts';
import { meetFaults, withFaults } from '../testing/faults.ts';
import { histories } from '@dispatcher/projections/testing';
import {
  auditModel,
  deliveriesModel,
  dispatchesModel,
  dispatchModel,
  endsModel,
  foundModel,
} from '../testing/lists-model.ts';
import { startDynamo, type TestDynamo } from '../testing/local-dynamo.ts';
import { createMemoryDynamo } from '../testing/memory-dynamo.ts';
import { batchesOf, deliver, type Transport, transports } from '../testing/transports.ts';

let dynamo: TestDynamo;
beforeAll(async () => {
  dynamo = await startDynamo();
});
afterAll(() => dynamo.close());

/** Like toEqual, which would take most of the time of a history. */
function expectSame(actual: unknown, model: unknown): void {
  if (!isDeepStrictEqual(actual, model)) expect(actual).toEqual(model);
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

type Filter = Readonly<Record<string, string>>;

/** Expects every filter and every permitted pair of filters to select the rows that a model selects, over all pages. */
async function expectFilters<R, M extends { readonly time: string }>(
  read: (request: Filter & { readonly cursor?: string }) => Promise<Page<R>>,
  model: readonly M[],
  names: readonly (string & keyof M)[],
  summarized: (row: R) => M,
): Promise<void> {
  const [subject, ...values] = names;
  if (subject === undefined) return;
  const named = (row: M, name: string & keyof M): Filter[] => {
    const value: unknown = row[name];
    // Planned deliveries are found by outcome.
    return typeof value === 'string' && value !== 'planned' ? [{ [name]: value }] : [];
  };
  const [first] = model;
  const middle = model[Math.floor(model.length / 2)];
  const times = first === undefined || middle === undefined ? [] : [{ since: middle.time }, { until: middle.time }];
  // A few per history are enough: there are ten thousand histories.
  const filters = [middle, model.at(-1)]
    .filter((row) => row !== undefined)
    .flatMap((row) => {
      const single = values.flatMap((name) => named(row, name));
      const ofSubject = named(row, subject);
      return [...single, ...ofSubject, ...ofSubject.flatMap((each) => single.map((value) => ({ ...each, ...value })))];
    });
  const withTime = filters.slice(0, 1).flatMap((filter) => times.map((time) => ({ ...filter, ...time })));
  const all = [{}, ...times, ...filters, ...withTime].map((filter) => JSON.stringify(filter));
  for (const filter of [...new Set(all)].map((text) => JSON.parse(text) as Filter)) {
    const rows = await readAll((cursor) => read(cursor === undefined ? filter : { ...filter, cursor }));
    const { since = '', until = '~', ...equal } = filter;
    const expected = model.filter(
      (row) =>
        row.time >= since &&
        row.time < until &&
        Object.entries(equal).every(([name, value]) => row[name as keyof M] === value),
    );
    expectSame({ filter, rows: rows.map(summarized) }, { filter, rows: expected });
  }
}

async function expectLists(store: FactStore, facts: readonly Fact[]): Promise<void> {
  await expectFilters(
    (request) => store.deliveries({ ...request, limit: 4 }),
    deliveriesModel(facts),
    ['repository', 'outcome', 'code', 'kind'],
    (row) => {
      const { deliveryId, time, updatedAt, kind } = row;
      const repository = 'repository' in row && row.repository !== null ? foldName(row.repository) : null;
      const plan = kind === 'planned' || kind === 'requested' ? row : { outcome: null, code: null };
      return { deliveryId, time, updatedAt, kind, repository, outcome: plan.outcome, code: plan.code };
    },
  );
  await expectFilters(
    (request) => store.dispatches({ ...request, limit: 4 }),
    dispatchesModel(facts),
    ['repository', 'state', 'code'],
    ({ dispatchId: id, time, updatedAt, route, state, code, resolved = false }) => {
      const repository = foldName(route.target.repository);
      return { dispatchId: id, time, updatedAt, repository, state, code, resolved };
    },
  );
  const audit = await readAll((cursor) => store.audit({ cursor, limit: 4 }));
  expectSame(
    audit.map(({ factId: id }) => id),
    auditModel(facts),
  );
}

function searchesOf(fact: Fact): RunSearch[] {
  switch (fact.type) {
    case 'run.planned': {
      const { trigger: run } = fact.data;
      if (run.type !== 'run.completed') return [];
      const { id, headSha } = run.run;
      return [
        { by: 'run-id', value: String(id) },
        { by: 'commit', value: headSha },
      ];
    }
    case 'route.decided':
      return [{ by: 'dispatch', value: fact.data.decision.dispatchId }];
    case 'dispatch.accepted':
      return fact.data.workflowRunId === null ? [] : [{ by: 'run-id', value: String(fact.data.workflowRunId) }];
    default:
      return [];
  }
}

async function expectSearches(store: FactStore, facts: readonly Fact[]): Promise<void> {
  // A few per history are enough: there are thousands of histories.
  for (const search of facts.flatMap(searchesOf).slice(0, 6)) {
    const found = await readAll((cursor) => store.findRuns(search, { cursor, limit: 2 }));
    expectSame(found.map(({ runKey, dispatchId: id }) => `${runKey} ${id}`).toSorted(), foundModel(facts, search));
    if (search.by !== 'dispatch') continue;
    const decisions = await readAll((cursor) => store.dispatch(search.value, { cursor }));
    expectSame(
      decisions.map(({ factId: id }) => id),
      dispatchModel(facts, search.value),
    );
  }
}

async function expectRuns(store: FactStore, facts: readonly Fact[]): Promise<void> {
  const byId = (a: RecordedFact, b: RecordedFact) => (a.id < b.id ? -1 : 1);
  const keys = new Set(facts.flatMap((fact) => (fact.type === 'run.planned' ? [fact.runKey] : [])));
  for (const key of [...keys].slice(0, 3)) {
    const own = facts.filter(({ runKey }) => runKey === key);
    const run = await readAll((cursor) => store.run(key, { cursor }));
    expectSame(run.toSorted(byId), own.map(recordedFact).toSorted(byId));
  }
  const routes = new Set(facts.flatMap((fact) => (fact.type === 'route.decided' ? [fact.data.decision.routeId] : [])));
  for (const id of [...routes].slice(0, 3)) {
    const ends = await readAll((cursor) => store.routeFacts(id, { cursor, limit: 3 }));
    expectSame(ends.map((line) => line.factId).toSorted(), endsModel(facts, id));
  }
}

async function expectModel(store: FactStore, facts: readonly Fact[]): Promise<void> {
  await expectLists(store, facts);
  await expectSearches(store, facts);
  await expectRuns(store, facts);
}

/** How an operator replays a failed dispatch. */
const replay = fc.constantFrom('none', 'fails-twice', 'starts', 'fails-and-starts', 'dispatch-again');
type Replay = typeof replay extends fc.Arbitrary<infer T> ? T : never;

/** Histories in which failed dispatches are replayed. */
const replayedHistories = fc.tuple(histories, fc.array(replay, { minLength: 3, maxLength: 3 })).map(([facts, how]) => {
  const failed = facts.filter((fact) => fact.type === 'dispatch.failed');
  const all = [...facts, ...failed.flatMap((fact, index) => replayed(fact, how[index % how.length] ?? 'none'))];
  const text = `${fc.stringify(facts)} with the replays ${how.join(', ')}`;
  return Object.defineProperty(all, fc.toStringMethod, { value: () => text });
});

type Failed = Extract<Fact, { type: 'dispatch.failed' }>;

function replayed(fact: Failed, how: Replay): Fact[] {
  const later = (seconds: number): string => new Date(Date.parse(fact.time) + seconds * 1_000).toISOString();
  const again: Failed = {
    ...fact,
    id: factId(fact.id, 1),
    time: later(60),
    data: { ...fact.data, revision: 1 },
  };
  const started = (generation: number): DispatchAccepted => {
    const { routeId, route } = fact.data;
    const id = dispatchId(fact.runKey, routeId, generation);
    const { version, correlationId, runKey } = fact;
    // GitHub never reports which run an event started.
    const workflowRunId = 'workflow' in route.target ? Number.parseInt(id.slice(0, 8), 16) + 1 : null;
    const htmlUrl =
      workflowRunId === null ? null : `https://github.example/octo-org/target/actions/runs/${workflowRunId}`;
    const data = { dispatchId: id, routeId, route, ref: 'main', workflowRunId, htmlUrl, latencyMs: 1, revision: 2 };
    const common = { version, id: factId('started', id), time: later(90), correlationId, runKey };
    return { ...common, type: 'dispatch.accepted', data };
  };
  switch (how) {
    case 'fails-twice':
      return [again];
    case 'starts':
      return [started(0)];
    case 'fails-and-starts':
      return [again, started(0)];
    case 'dispatch-again':
      return [started(1)];
    default:
      return [];
  }
}

// A fifth of HISTORIES, because each of these reads every list of its store.
const count = Number(process.env['HISTORIES'] ?? 1_000) / 5;
// Counted shrink steps end a failing test within a minute or so, and leave a small counterexample.
const shrinkable = <T>(values: fc.Arbitrary<T>, steps = 2_000) => fc.limitShrink(values, steps);
const pause = async () => undefined;

/** Two concurrent writers share the batches, and some go to both. Returns the number of failed batches. */
async function recordByTwo(storeOf: (writer: number) => FactStore, facts: readonly Fact[], how: Transport) {
  const batches = batchesOf(facts, how);
  const ofFirst = batches.filter((_, index) => index % 3 !== 1);
  const ofSecond = batches.filter((_, index) => index % 3 !== 0).toReversed();
  const failures = await Promise.all([deliver(storeOf(0), ofFirst), deliver(storeOf(1), ofSecond)]);
  return failures[0] + failures[1];
}

describe('random histories in any order and batches, with replays, repeats, crashes and two concurrent writers', () => {
  test('have the lists, searches and runs of a simple model', async () => {
    const observed = { resolved: 0, replaced: 0 };
    await fc.assert(
      fc.asyncProperty(shrinkable(replayedHistories), shrinkable(transports), async (facts, how) => {
        const memory = createMemoryDynamo();
        const tables = { table: 'facts', projectionsTable: 'projections' };
        await recordByTwo(
          (writer) => {
            const faultOf = (call: number) => how.faults[2 * call + writer] ?? null;
            const yieldsOf = (call: number) => how.yields[(call + 5 * writer) % how.yields.length] ?? 0;
            return createFactStore({ client: memory.newClient(meetFaults(faultOf, yieldsOf)), ...tables, pause });
          },
          facts,
          how,
        );
        observed.resolved += dispatchesModel(facts).filter(({ resolved }) => resolved).length;
        observed.replaced += facts.filter((fact) => fact.type === 'dispatch.failed' && fact.data.revision === 1).length;
        await expectModel(createFactStore({ client: memory.newClient(), ...tables }), facts);
      }),
      { numRuns: count },
    );
    // A generator that no longer produced any of these would prove nothing.
    expect(observed.resolved).toBeGreaterThan(count / 50);
    expect(observed.replaced).toBeGreaterThan(count / 50);
  }, 3_600_000);

  test('have the same lists in the local DynamoDB, through the AWS SDK', async () => {
    await fc.assert(
      fc.asyncProperty(shrinkable(replayedHistories, 15), shrinkable(transports, 15), async (facts, how) => {
        const { facts: table, projections: projectionsTable } = await dynamo.createTables();
        const options = { table, projectionsTable, pause };
        await recordByTwo(
          (writer) => {
            const client = withFaults(dynamo.newClient(), (call) => how.faults[2 * call + writer] ?? null);
            return createFactStore({ client, ...options });
          },
          facts,
          how,
        );
        await expectModel(createFactStore({ client: dynamo.client, ...options }), facts);
      }),
      { numRuns: 5 },
    );
  });
});
