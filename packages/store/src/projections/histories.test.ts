import { isDeepStrictEqual } from 'node:util';
import { type Fact, foldName } from '@dispatcher/contracts';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { createFactStore, type FactStore } from '../fact-store.ts';
import { filteredRouteStates } from '../lists/route-filter.ts';
import type { Page } from '../pages.ts';
import {
  configsModel,
  freshnessModel,
  inboundModel,
  deadLettersModel,
  repositoryModel,
  repositoryRowsModel,
  routesModel,
  summaryModel,
  trendModel,
} from '../testing/projections-model.ts';
import { expectFoldedOnce, foldHistory } from '../testing/log-histories.ts';
import { transports } from '../testing/transports.ts';
import { startDynamo, type TestDynamo } from '../testing/local-dynamo.ts';
import { withFaults } from '../testing/faults.ts';
import { histories, historySeconds, timeAt } from '@dispatcher/projections/testing';
import type { Latency, RouteRow } from '@dispatcher/projections';

let dynamo: TestDynamo;
beforeAll(async () => {
  dynamo = await startDynamo();
});
afterAll(() => dynamo.close());

/** Like toEqual, which would take most of the time of a history. */
function expectSame(actual: unknown, model: unknown): void {
  if (!isDeepStrictEqual(actual, model)) expect(actual).toEqual(model);
}

// No fact of a history is later than 20 minutes after its last run.
const rolledUpAt = Date.parse(timeAt(historySeconds + 20 * 60));
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

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

/** A percentile is the upper end of its bucket: at most a fifth above the measured value, and never below. */
function isPercentile(actual: number | null, measured: readonly number[], share: number): boolean {
  const value = measured[Math.ceil(share * measured.length) - 1];
  if (value === undefined || actual === null) return value === undefined && actual === null;
  return actual >= value && actual <= Math.ceil(value * 1.2) + 1;
}

function measuredOr(actual: Latency, measured: readonly number[]): readonly number[] | Latency {
  const shares = [
    [actual.p50, 0.5],
    [actual.p95, 0.95],
    [actual.p99, 0.99],
  ] as const;
  const right = actual.measured === measured.length && shares.every(([p, share]) => isPercentile(p, measured, share));
  return right ? measured : actual;
}

async function expectSummaries(store: FactStore, facts: readonly Fact[]): Promise<void> {
  const minute = Math.floor(rolledUpAt / minuteMs) * minuteMs;
  const hour = Math.floor(rolledUpAt / hourMs) * hourMs;
  const starts = { hour: minute - 59 * minuteMs, day: hour - 23 * hourMs, week: hour - 167 * hourMs, all: null };
  for (const window of ['hour', 'day', 'week', 'all'] as const) {
    const model = summaryModel(facts, starts[window] ?? 0);
    const actual = await store.summary(window);
    const { decided, accepted } = actual?.latency ?? {};
    const latency = {
      decided: decided && measuredOr(decided, model.latency.decided),
      accepted: accepted && measuredOr(accepted, model.latency.accepted),
    };
    const from = starts[window];
    expectSame(
      { ...actual, latency },
      {
        ...model,
        window,
        from: from === null ? null : new Date(from).toISOString(),
        rolledUpAt: new Date(rolledUpAt).toISOString(),
        freshness: freshnessModel(facts),
      },
    );
  }
  const hours = Array.from({ length: 48 }, (_, index) => new Date(hour - (47 - index) * hourMs).toISOString());
  const trend = await store.trend();
  expectSame(trend?.hours, trendModel(facts, hours));
}

async function expectRepositories(store: FactStore, facts: readonly Fact[]): Promise<void> {
  const rows = repositoryRowsModel(facts);
  expectSame(await readAll((cursor) => store.repositories({ cursor, limit: 3 })), rows);
  for (const { repository } of rows) {
    const actual = await store.repository(repository.toUpperCase());
    const model = repositoryModel(facts, repository);
    expectSame(actual, model);
    expectSame(await readAll((cursor) => store.inboundUses(repository, { cursor })), inboundModel(facts, repository));
  }
}

const isFiltered = (state: string): boolean => (filteredRouteStates as readonly string[]).includes(state);

/** @param latest a row of the model, of which each state has other fields */
const isFailing = (latest: object): boolean =>
  /"state":"failed"|"conclusion":"(?:failure|startup_failure|timed_out)"/.test(JSON.stringify(latest));

async function expectRoutes(store: FactStore, facts: readonly Fact[]): Promise<void> {
  const routes = routesModel(facts);
  const rows = routes.map(({ latest, results, successRate, p50DurationMs }) => ({
    ...latest,
    results,
    successRate,
    p50DurationMs,
    failing: latest !== undefined && isFailing(latest),
  })) as readonly RouteRow[];
  expectSame(await readAll((cursor) => store.routes({ cursor, limit: 3 })), rows);
  for (const state of filteredRouteStates) {
    const inState = await readAll((cursor) => store.routes({ state, cursor, limit: 1 }));
    expectSame(
      inState,
      rows.filter((row) => (state === 'failing' ? row.failing : row.state === state)),
    );
    const [first] = inState;
    // A route whose newest run failed has no code.
    if (first?.code === undefined) continue;
    const { code, route } = first;
    const repository = route.target.repository;
    expectSame(
      await readAll((cursor) => store.routes({ code, repository, cursor, limit: 1 })),
      rows.filter(
        (row) =>
          row.code === code && foldName(row.route.target.repository) === foldName(repository) && isFiltered(row.state),
      ),
    );
  }
  for (const route of routes) expectSame(await store.routeProjection(route.routeId), route);
}

async function expectDeadLetters(store: FactStore, facts: readonly Fact[]): Promise<void> {
  const deadLetters = deadLettersModel(facts);
  const held = deadLetters.filter(({ state }) => state === 'open' || state === 'quarantined');
  for (const queue of ['runs', 'decisions']) {
    const listed = await readAll((cursor) => store.deadLetters(queue, { cursor, limit: 2 }));
    expectSame(
      listed,
      deadLetters.filter((deadLetter) => deadLetter.queue === queue),
    );
  }
  const summary = await store.deadLetterSummary();
  const byName = <T extends { readonly queue: string; readonly reason: string }>(groups: readonly T[]) =>
    groups.toSorted((a, b) => (a.queue + a.reason < b.queue + b.reason ? -1 : 1));
  const names = [...new Map(held.map((deadLetter) => [deadLetter.queue + deadLetter.reason, deadLetter])).values()];
  expectSame(
    byName(summary?.groups ?? []),
    byName(
      names.map(({ queue, reason }) => {
        const own = held.filter((deadLetter) => deadLetter.queue === queue && deadLetter.reason === reason);
        return { queue, reason, open: own.length, sample: own[0] };
      }),
    ),
  );
  const ofRuns = held.filter(({ queue }) => queue === 'runs').length;
  expectSame(
    summary?.queues.find(({ queue }) => queue === 'runs'),
    {
      queue: 'runs',
      recorded: ofRuns,
      queueDepth: 4,
      difference: 4 - ofRuns,
    },
  );
}

async function expectModel(store: FactStore, facts: readonly Fact[]): Promise<void> {
  await store.rollUp.setSummaries(rolledUpAt);
  await store.rollUp.setDeadLetterSummary(rolledUpAt, new Map([['runs', 4]]));
  await expectSummaries(store, facts);
  await expectRepositories(store, facts);
  await expectRoutes(store, facts);
  await expectDeadLetters(store, facts);
  expectSame(await store.consentIndex.configs(), configsModel(facts));
  const { observed } = await store.consentIndex.versions();
  expect(observed).toBe(facts.filter(({ type }) => type === 'config.observed').length);
}

/** A dead letter that was recorded twice has one id and two times: the first one that arrived is stored. */
async function asStored(store: FactStore, facts: readonly Fact[]): Promise<readonly Fact[]> {
  const kept: Fact[] = [];
  for (const fact of facts) {
    if (fact.type === 'message.dead-lettered') {
      const { items } = await store.delivery(fact.correlationId, {});
      if (!items.some(({ factId, time }) => factId === fact.id && time === fact.time)) continue;
    }
    kept.push(fact);
  }
  return kept;
}

// `npm run test:histories` runs 100,000.
const count = Number(process.env['HISTORIES'] ?? 2_000);
/** Histories that are played through the SDK as well, which takes a hundred times as long. */
const throughSdk = Math.max(4, Math.floor(count / 2_000));
// Counted shrink steps end a failing test within a minute or so, and leave a small counterexample.
const shrinkable = <T>(values: fc.Arbitrary<T>, steps = 2_000) => fc.limitShrink(values, steps);
const pause = async () => undefined;

describe('random histories through two writers, the log and up to ten roll-ups, with everything that can go wrong', () => {
  const observed = {
    failures: 0,
    decisions: 0,
    allowed: 0,
    deadLetters: 0,
    requests: 0,
    long: 0,
    restored: 0,
    shards: 0,
  };
  const observe = (
    facts: readonly Fact[],
    { failures, isRestored, shards }: Awaited<ReturnType<typeof foldHistory>>,
  ) => {
    const decided = facts.filter((fact) => fact.type === 'route.decided');
    observed.failures += failures;
    observed.decisions += decided.length;
    observed.allowed += decided.filter(({ data }) => data.decision.effect === 'allow').length;
    observed.deadLetters += facts.filter(({ type }) => type === 'message.dead-lettered').length;
    observed.requests += facts.filter(
      (fact) => fact.type === 'run.planned' && fact.data.trigger.type === 'dispatch.requested',
    ).length;
    observed.long += routesModel(facts).some(({ results }) => results.length === 24) ? 1 : 0;
    observed.restored += Number(isRestored);
    observed.shards += Number(shards > 1);
  };

  test('have the projections of a simple model', async () => {
    await fc.assert(
      fc.asyncProperty(shrinkable(histories), shrinkable(transports), async (facts, how) => {
        const folded = await foldHistory(facts, how);
        observe(facts, folded);
        await expectFoldedOnce(folded.store);
        await expectModel(folded.store, await asStored(folded.store, facts));
      }),
      { numRuns: count },
    );
    // A generator that no longer produced any of these would prove nothing.
    expect(observed.failures).toBeGreaterThan(count / 2);
    expect(observed.deadLetters).toBeGreaterThan(count / 4);
    expect(observed.requests).toBeGreaterThan(count / 4);
    expect(observed.long).toBeGreaterThan(count / 1_000);
    expect(observed.restored).toBeGreaterThan(count / 40);
    expect(observed.shards).toBeGreaterThan(count / 4);
    expect(observed.allowed).toBeGreaterThan(observed.decisions / 4);
    expect(observed.decisions - observed.allowed).toBeGreaterThan(observed.decisions / 20);
  }, 3_600_000);

  test('have the same projections in the local DynamoDB, through the AWS SDK', async () => {
    await fc.assert(
      fc.asyncProperty(shrinkable(histories, 15), shrinkable(transports, 15), async (facts, how) => {
        const { facts: table, projections: projectionsTable } = await dynamo.createTables();
        const options = { table, projectionsTable, pause };
        let writer = 0;
        const { store } = await foldHistory(
          facts,
          { ...how, restore: null },
          {
            storeOf: (shards) => {
              writer += 1;
              const client = withFaults(dynamo.newClient(), (call) => how.faults[2 * call + (writer % 2)] ?? null);
              return createFactStore({ client, ...options, shards });
            },
            reader: createFactStore({ client: dynamo.client, ...options }),
          },
        );
        await expectFoldedOnce(store);
        await expectModel(store, await asStored(store, facts));
      }),
      { numRuns: throughSdk },
    );
  });
});
