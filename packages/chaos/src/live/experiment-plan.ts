import type { FaultRule } from '@dispatcher/github-emulator';
import { createRandom, type Random } from '../workload/random.ts';
import type { RouteOutcome, TestRoute } from '../workload/test-routes.ts';

export const defaultRoutes = 50;

export interface ExperimentOptions {
  readonly deliveries: number;
  readonly seed: number;
  /** Default {@link defaultRoutes}. */
  readonly routes?: number;
}

/** A fault of a process of a function. */
export interface ProcessFault {
  /** How many runs have completed before it. */
  readonly after: number;
  readonly function: 'ingress' | 'planning' | 'dispatch' | 'facts';
  /** SIGKILL, or SIGSTOP followed by SIGCONT after lease and window have expired. */
  readonly kind: 'kill' | 'suspend';
  /** Selects one of the function's processes at that time: from 0 (the first) to 1 (exclusive). */
  readonly which: number;
}

/** Everything random is decided before the experiment starts: a seed determines the plan, but not the machine's timing. */
export interface ExperimentPlan {
  readonly routes: readonly TestRoute[];
  /** The source of each run that completes, in order. */
  readonly runs: readonly string[];
  readonly processFaults: readonly ProcessFault[];
  /** How many runs have completed when an operator pauses all dispatches for some seconds. */
  readonly pauseAfter: number;
  readonly gitHubFaults: readonly FaultRule[];
  /** Seed of the emulator's random faults. */
  readonly gitHubFaultSeed: number;
}

const owners = ['octo-org', 'octo-partner', 'octo-labs'] as const;

export function planExperiment({ deliveries, seed, routes: count = defaultRoutes }: ExperimentOptions): ExperimentPlan {
  const random = createRandom(seed);
  const routes = Array.from({ length: count }, (_, index) => planRoute(random, index));
  const sources = [...new Set(routes.map(({ source }) => source))];
  // Each source at least once where there are enough deliveries.
  const runs = Array.from({ length: deliveries }, (_, index) => sources[index] ?? random.pick(sources));
  const processFaults = planProcessFaults(random, deliveries);
  const pauseAfter = Math.max(1, Math.floor(deliveries / 2));
  return {
    routes,
    runs,
    processFaults,
    pauseAfter,
    gitHubFaults,
    gitHubFaultSeed: Math.floor(random.next() * 2 ** 31),
  };
}

/** Plans two routes for each source, and two or three for each target workflow and ref, so that dispatches compete. */
function planRoute(random: Random, index: number): TestRoute {
  const owner = random.pick(owners);
  const outcome: RouteOutcome = index % 10 === 8 ? 'denied' : index % 25 === 9 ? 'refused' : 'started';
  // Denied and refused routes need their own targets: consent and a disabled workflow apply to all routes of a target.
  const target = outcome === 'started' ? `${owner}/target-${Math.floor(index / 4)}` : `${owner}/${outcome}-${index}`;
  const ref = random.chance(0.3) ? 'release' : 'main';
  return {
    name: `route-${index}`,
    source: `${owners[Math.floor(index / 2) % owners.length]}/source-${Math.floor(index / 2)}`,
    target,
    // A workflow for each ref, so that GitHub's log of requests shows to which ref a POST was sent.
    workflow: ref === 'main' ? 'cd.yml' : 'release.yml',
    ref,
    outcome,
  };
}

const runsPerFault = 12;
/** A short experiment injects faults more often, to have this many. */
const minFaults = 3;

function planProcessFaults(random: Random, deliveries: number): ProcessFault[] {
  const every = Math.max(1, Math.min(runsPerFault, Math.floor(deliveries / (minFaults + 1))));
  return Array.from({ length: Math.floor(deliveries / every) }, (_, index) => {
    const name = random.pick(['ingress', 'planning', 'dispatch', 'dispatch', 'facts'] as const);
    const kind = name === 'dispatch' && random.chance(0.3) ? 'suspend' : 'kill';
    return { after: (index + 1) * every, function: name, kind, which: random.next() } as const;
  });
}

type Operation = NonNullable<FaultRule['match']['operation']>;

function randomFault(operation: Operation, probability: number, fault: FaultRule['fault']): FaultRule {
  return { match: { operation, chance: probability, times: 0 }, fault };
}

const limited = (status: number) => ({
  status,
  headers: { 'retry-after': '2' },
  body: { message: 'You have exceeded a secondary rate limit.' },
});

/** Longer than the system's request timeout. */
const tooSlowMs = 7_000;

const gitHubFaults: readonly FaultRule[] = [
  randomFault('dispatch', 0.03, 'status-after'),
  randomFault('dispatch', 0.03, { status: 500 }),
  randomFault('dispatch', 0.02, 'reset-before'),
  randomFault('dispatch', 0.03, 'reset-after'),
  randomFault('dispatch', 0.02, { delayMs: tooSlowMs, when: 'after' }),
  randomFault('dispatch', 0.01, limited(429)),
  randomFault('dispatch', 0.01, limited(403)),
  randomFault('dispatch', 0.01, 'token-revoked'),
  randomFault('dispatch', 0.02, 'truncated-body'),
  randomFault('run-list', 0.3, { runListLagMs: 1_500 }),
  randomFault('run-list', 0.05, { status: 502 }),
  randomFault('token', 0.02, { status: 502 }),
  randomFault('graphql', 0.02, 'graphql-502'),
  randomFault('graphql', 0.02, 'graphql-partial'),
  randomFault('graphql', 0.02, 'graphql-resource-limits'),
  randomFault('graphql', 0.02, 'reset-before'),
  randomFault('issue-create', 0.1, 'status-after'),
  randomFault('issue-create', 0.05, 'reset-after'),
  randomFault('webhook', 0.05, 'webhook-twice'),
  randomFault('webhook', 0.05, { webhookLateMs: 500 }),
  randomFault('webhook', 0.05, 'webhook-out-of-order'),
  randomFault('webhook', 0.02, 'webhook-lost'),
];
