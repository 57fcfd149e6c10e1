import type { FaultRule } from '@dispatcher/github-emulator';
import { createRandom, type Random } from '../workload/random.ts';
import type { End, TestRoute } from '../workload/test-routes.ts';

export interface ChaosOptions {
  readonly deliveries: number;
  readonly seed: number;
  /** Default 50. */
  readonly routes?: number;
}

/** What is done to a process of a function, once so many runs have completed. */
export interface Blow {
  readonly after: number;
  readonly function: 'ingress' | 'planning' | 'dispatch' | 'facts';
  /** SIGKILL, or SIGSTOP and SIGCONT once lease and window are over. */
  readonly how: 'killed' | 'stopped';
  /** Which of its processes: from 0 up to 1, by their number at that time. */
  readonly which: number;
}

/** All that chance decides, decided beforehand: one seed is one plan. What the machine's timing makes of it may differ. */
export interface ChaosPlan {
  readonly routes: readonly TestRoute[];
  /** The source of each run that completes, in order. */
  readonly runs: readonly string[];
  readonly blows: readonly Blow[];
  readonly faults: readonly FaultRule[];
  readonly faultSeed: number;
}

const owners = ['octo-org', 'octo-partner', 'octo-labs'] as const;

export function planChaos({ deliveries, seed, routes: count = 50 }: ChaosOptions): ChaosPlan {
  const random = createRandom(seed);
  const routes = Array.from({ length: count }, (_, index) => planRoute(random, index));
  const sources = [...new Set(routes.map(({ source }) => source))];
  // Each source at least once where there are enough deliveries.
  const runs = Array.from({ length: deliveries }, (_, index) => sources[index] ?? random.pick(sources));
  return { routes, runs, blows: planBlows(random, deliveries), faults, faultSeed: Math.floor(random.next() * 2 ** 31) };
}

/** Two routes to a source on the whole, two or three to a target's workflow and ref, so that dispatches get in each other's way. */
function planRoute(random: Random, index: number): TestRoute {
  const owner = random.pick(owners);
  const end: End = index % 10 === 8 ? 'denied' : index % 25 === 9 ? 'refused' : 'started';
  // One target's file cannot agree and deny at once, nor its workflow be disabled for one route only.
  const target = end === 'started' ? `${owner}/target-${Math.floor(index / 4)}` : `${owner}/${end}-${index}`;
  const ref = random.chance(0.3) ? 'release' : 'main';
  return {
    name: `route-${index}`,
    source: `${owners[Math.floor(index / 2) % owners.length]}/source-${Math.floor(index / 2)}`,
    target,
    // A workflow for each ref, so that GitHub's log of requests tells whose turn a POST was.
    workflow: ref === 'main' ? 'cd.yml' : 'release.yml',
    ref,
    end,
  };
}

/** In a short experiment more often, or it would have none. */
const everyRuns = 12;
const fewestBlows = 3;

function planBlows(random: Random, deliveries: number): Blow[] {
  const every = Math.max(1, Math.min(everyRuns, Math.floor(deliveries / (fewestBlows + 1))));
  return Array.from({ length: Math.floor(deliveries / every) }, (_, index) => {
    const name = random.pick(['ingress', 'planning', 'dispatch', 'dispatch', 'facts'] as const);
    const how = name === 'dispatch' && random.chance(0.3) ? 'stopped' : 'killed';
    return { after: (index + 1) * every, function: name, how, which: random.next() } as const;
  });
}

type Operation = NonNullable<FaultRule['match']['operation']>;

function sometimes(operation: Operation, chance: number, fault: FaultRule['fault']): FaultRule {
  return { match: { operation, chance, times: 0 }, fault };
}

const limited = (status: number) => ({
  status,
  headers: { 'retry-after': '2' },
  body: { message: 'You have exceeded a secondary rate limit.' },
});

/** Longer than a request may take in this system. */
const tooSlowMs = 7_000;

const faults: readonly FaultRule[] = [
  sometimes('dispatch', 0.03, 'status-after'),
  sometimes('dispatch', 0.03, { status: 500 }),
  sometimes('dispatch', 0.02, 'reset-before'),
  sometimes('dispatch', 0.03, 'reset-after'),
  sometimes('dispatch', 0.02, { delayMs: tooSlowMs, when: 'after' }),
  sometimes('dispatch', 0.01, limited(429)),
  sometimes('dispatch', 0.01, limited(403)),
  sometimes('dispatch', 0.01, 'token-revoked'),
  sometimes('dispatch', 0.02, 'truncated-body'),
  sometimes('run-list', 0.3, { runListLagMs: 1_500 }),
  sometimes('run-list', 0.05, { status: 502 }),
  sometimes('token', 0.02, { status: 502 }),
  sometimes('graphql', 0.02, 'graphql-502'),
  sometimes('graphql', 0.02, 'graphql-partial'),
  sometimes('graphql', 0.02, 'graphql-resource-limits'),
  sometimes('graphql', 0.02, 'reset-before'),
  sometimes('issue-create', 0.1, 'status-after'),
  sometimes('issue-create', 0.05, 'reset-after'),
  sometimes('webhook', 0.05, 'webhook-twice'),
  sometimes('webhook', 0.05, { webhookLateMs: 500 }),
  sometimes('webhook', 0.05, 'webhook-out-of-order'),
  sometimes('webhook', 0.02, 'webhook-lost'),
];
