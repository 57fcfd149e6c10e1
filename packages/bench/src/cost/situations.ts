import {
  createClient,
  createFaultPlan,
  type Harness,
  startHarness,
  startSimulation,
  tableName,
  type TestRoute,
} from '@dispatcher/chaos/simulation';
import { createFactStore } from '@dispatcher/store';
import { createRequestMeter, type MeteredRequest } from './meter.ts';

// Runs the real planning, dispatch and facts functions in the simulation of packages/chaos: only Lambda, SQS, EventBridge
// and GitHub are replaced, and DynamoDB by one in memory. Every request of the functions is metered.

/** What one run of a situation does, and how often runs of the same repositories follow each other. */
interface SituationSetup {
  readonly routes: readonly TestRoute['outcome'][];
  /** Number of sources; each has targets of its own. */
  readonly sources: number;
  /** Runs of each source within a minute, after which the facts are folded once. */
  readonly runs: number;
  readonly batchSizes: { readonly runs: number; readonly decisions: number; readonly facts: number };
}

/** What the situation sent for one run of a source. */
export interface Situation {
  readonly runs: number;
  readonly requests: readonly MeteredRequest[];
  /** Number of log lines at level info, and the bytes of their texts and fields. */
  readonly logLines: number;
  readonly logBytes: number;
}

/** The batches of a system with a few webhooks a second, and full ones. */
const smallBatches = { runs: 1, decisions: 1, facts: 7 } as const;
const fullBatches = { runs: 10, decisions: 10, facts: 45 } as const;

const distinct = { sources: 28, runs: 1, batchSizes: smallBatches } as const;

/** Three runs of a route in a minute, as with 200 routes and 10 runs a second. */
const repeated = { sources: 15, runs: 3, batchSizes: fullBatches } as const;

export const situations = {
  /** No workflow of the repository is in its outbound rules. */
  noRule: { ...distinct, routes: [] },
  denied: { ...distinct, routes: ['denied'] },
  twoDenied: { ...distinct, routes: ['denied', 'denied'] },
  dispatched: { ...distinct, routes: ['started'] },
  noRuleRepeated: { ...repeated, routes: [] },
  dispatchedRepeated: { ...repeated, routes: ['started'] },
} as const satisfies Readonly<Record<string, SituationSetup>>;

export type SituationName = keyof typeof situations;

/** Sources that only a target's inbound rules name, so that a decision has as many checks as in a real file. */
const otherSources = 9;

function routesOf({ routes, sources }: SituationSetup): TestRoute[] {
  return Array.from({ length: sources }, (_, source) => source).flatMap((source) =>
    (routes.length === 0 ? (['started'] as const) : routes).flatMap((outcome, index) => {
      const target = `octo-org/deployments-of-service-${source}-${index}`;
      const route = { target, workflow: 'cd.yml', ref: 'main' } as const;
      const others = Array.from(
        { length: otherSources },
        (_, other): TestRoute => ({
          ...route,
          name: `other-${source}-${index}-${other}`,
          source: `octo-org/library-${other}`,
          outcome: 'started',
        }),
      );
      return [{ ...route, name: `deploy-${source}-${index}`, source: sourceName(source), outcome }, ...others];
    }),
  );
}

const sourceName = (source: number): string => `octo-org/service-${source}`;
/** A workflow of a target, which has no outbound rules. */
const withoutRule = {
  repository: (source: number) => `octo-org/deployments-of-service-${source}-0`,
  workflow: 'cd.yml',
};

async function measure(
  harness: Harness,
  setup: SituationSetup,
  lines: { count: number; bytes: number },
): Promise<Situation> {
  const meter = createRequestMeter();
  const simulation = await startSimulation(
    harness,
    createFaultPlan('ports', [], () => ''),
    {
      routes: routesOf(setup),
      batchSizes: setup.batchSizes,
      // The measured minute has one fold, below.
      rollUps: false,
      observe: meter.observe,
    },
  );
  try {
    meter.readWith(simulation.dynamoDb);
    const client = createClient(meter.wrap('roll-up', simulation.dynamoDb));
    const store = createFactStore({
      client,
      table: tableName('facts'),
      projectionsTable: tableName('projections'),
      now: harness.clock.now,
    });
    const playMinute = async () => {
      for (let run = 0; run < setup.runs; run += 1) {
        for (let source = 0; source < setup.sources; source += 1) {
          if (setup.routes.length > 0) await simulation.complete(sourceName(source));
          else await simulation.complete(withoutRule.repository(source), withoutRule.workflow);
        }
      }
      await simulation.drain();
      await simulation.endStartedRuns('success');
      await simulation.drain();
      await store.rollUp.fold();
    };
    // Before the measured minute the repositories are known: files are cached, items and issues exist.
    await playMinute();
    harness.clock.advanceBy(60_000);
    meter.collect();
    Object.assign(lines, { count: 0, bytes: 0 });
    await playMinute();
    const requests = meter.collect();
    return { runs: setup.sources * setup.runs, requests, logLines: lines.count, logBytes: lines.bytes };
  } finally {
    await simulation.close();
  }
}

export type Measurements = Readonly<Record<SituationName, Situation>>;

/** Measures all situations, one after the other. */
export async function measureSituations(): Promise<Measurements> {
  const lines = { count: 0, bytes: 0 };
  const count = (message: unknown, fields?: unknown) => {
    lines.count += 1;
    lines.bytes += Buffer.byteLength(JSON.stringify([message, fields ?? {}]));
  };
  const log = { info: count, warn: count, error: count, with: () => log } as Parameters<typeof startHarness>[0];
  const harness = await startHarness(log);
  try {
    const measured: [string, Situation][] = [];
    for (const [name, setup] of Object.entries(situations)) measured.push([name, await measure(harness, setup, lines)]);
    return Object.fromEntries(measured) as unknown as Measurements;
  } finally {
    await harness.close();
  }
}
