import type { FaultRule } from '@dispatcher/github-emulator';
import type { RunEnd, TestRoute } from '../routes.ts';

/** One story that is told again with a blow at every point of it. */
export interface Scenario {
  readonly name: string;
  readonly routes: readonly TestRoute[];
  /** Runs of the source that complete, one after the other, before anybody works. */
  readonly runs: number;
  /** Afterwards the started runs end too. */
  readonly ends?: RunEnd;
  /** GitHub starts runs and never says which. */
  readonly namesNoRun?: boolean;
  /** How long GitHub's list of runs does not show a run. */
  readonly runListLagMs?: number;
  readonly faults?: readonly FaultRule[];
  /** The fewest crash points there may be: a port that slips past the proxy would go unproven. */
  readonly floor: { readonly ports: number; readonly wire: number };
}

const app = 'octo-org/app';

function route(name: string, change: Partial<TestRoute> = {}): TestRoute {
  return { name, source: app, target: `octo-org/${name}`, workflow: 'cd.yml', ref: 'main', end: 'started', ...change };
}

const oneRoute = [route('deploy')];

export const scenarios: readonly Scenario[] = [
  { name: 'an allowed route', routes: oneRoute, runs: 1, floor: { ports: 42, wire: 56 } },
  { name: 'a denied route', routes: [route('closed', { end: 'denied' })], runs: 1, floor: { ports: 44, wire: 58 } },
  {
    name: 'a route that GitHub refuses',
    routes: [route('broken', { end: 'refused' })],
    runs: 1,
    floor: { ports: 59, wire: 81 },
  },
  {
    name: 'two routes to one workflow and ref',
    routes: [route('one', { target: 'octo-org/shared' }), route('two', { target: 'octo-org/shared' })],
    runs: 1,
    floor: { ports: 80, wire: 111 },
  },
  {
    name: 'one workflow on two refs',
    routes: [
      route('main', { target: 'octo-org/shared' }),
      route('release', { target: 'octo-org/shared', ref: 'release' }),
    ],
    runs: 1,
    floor: { ports: 62, wire: 85 },
  },
  {
    name: 'two runs with three routes each',
    routes: [route('deploy'), route('release', { ref: 'release' }), route('closed', { end: 'denied' })],
    runs: 2,
    floor: { ports: 195, wire: 265 },
  },
  {
    name: 'GitHub answers without a run id',
    routes: oneRoute,
    runs: 1,
    namesNoRun: true,
    floor: { ports: 54, wire: 72 },
  },
  {
    name: 'the answer to the POST is lost',
    routes: oneRoute,
    runs: 1,
    faults: [{ match: { operation: 'dispatch' }, fault: 'reset-after' }],
    floor: { ports: 69, wire: 89 },
  },
  {
    name: 'the answer is lost and the list of runs lags',
    routes: oneRoute,
    runs: 1,
    runListLagMs: 55_000,
    faults: [{ match: { operation: 'dispatch' }, fault: 'reset-after' }],
    floor: { ports: 69, wire: 89 },
  },
  {
    name: 'nothing was started and nothing said so',
    routes: oneRoute,
    runs: 1,
    faults: [{ match: { operation: 'dispatch' }, fault: 'reset-before' }],
    floor: { ports: 81, wire: 103 },
  },
  {
    name: 'the installation is rate limited',
    routes: oneRoute,
    runs: 1,
    faults: [{ match: { operation: 'dispatch' }, fault: { status: 429, headers: { 'retry-after': '600' } } }],
    floor: { ports: 71, wire: 90 },
  },
  { name: 'the started run completes', routes: oneRoute, runs: 1, ends: 'success', floor: { ports: 56, wire: 73 } },
  {
    name: 'the started run is stopped before a job began',
    routes: oneRoute,
    runs: 1,
    ends: 'stopped',
    floor: { ports: 62, wire: 80 },
  },
];
