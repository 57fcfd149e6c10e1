import type { ReplayMode } from '@dispatcher/contracts';
import { eventRequest, type RunEnd, type TestRoute, workflowRequest } from '../workload/test-routes.ts';
import type { ScenarioSetup } from './system/simulation.ts';

/** One story that is told again with a blow at every point of it. */
export interface Scenario extends ScenarioSetup {
  readonly name: string;
  /** Runs of the source that complete, one after the other, before anybody works. The requests of a key follow them. */
  readonly runs: number;
  /** Afterwards an operator redrives what became a dead letter. */
  readonly redriven?: boolean;
  /** Afterwards an operator asks for this, of the one route there is. */
  readonly again?: ReplayMode;
  /** Afterwards the started runs end too. */
  readonly ends?: RunEnd;
  /** The fewest crash points there may be: a port that slips past the proxy would go unproven. */
  readonly floor: { readonly ports: number; readonly wire: number };
}

const app = 'octo-org/app';

function route(name: string, change: Partial<TestRoute> = {}): TestRoute {
  return { name, source: app, target: `octo-org/${name}`, workflow: 'cd.yml', ref: 'main', end: 'started', ...change };
}

const oneRoute = [route('deploy')];

export const scenarios: readonly Scenario[] = [
  { name: 'an allowed route', routes: oneRoute, runs: 1, floor: { ports: 42, wire: 75 } },
  { name: 'a denied route', routes: [route('closed', { end: 'denied' })], runs: 1, floor: { ports: 44, wire: 79 } },
  {
    name: 'a route that GitHub refuses',
    routes: [route('broken', { end: 'refused' })],
    runs: 1,
    floor: { ports: 59, wire: 102 },
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
    settings: { dispatchApi: 'ghes-3.20' },
    floor: { ports: 54, wire: 91 },
  },
  {
    name: 'the answer to the POST is lost',
    routes: oneRoute,
    runs: 1,
    faults: [{ match: { operation: 'dispatch' }, fault: 'reset-after' }],
    floor: { ports: 69, wire: 114 },
  },
  {
    name: 'the answer is lost and the list of runs lags',
    routes: oneRoute,
    runs: 1,
    settings: { runListLagMs: 55_000 },
    faults: [{ match: { operation: 'dispatch' }, fault: 'reset-after' }],
    floor: { ports: 69, wire: 114 },
  },
  {
    name: 'nothing was started and nothing said so',
    routes: oneRoute,
    runs: 1,
    faults: [{ match: { operation: 'dispatch' }, fault: 'reset-before' }],
    floor: { ports: 81, wire: 130 },
  },
  {
    name: 'the installation is rate limited',
    routes: oneRoute,
    runs: 1,
    faults: [{ match: { operation: 'dispatch' }, fault: { status: 429, headers: { 'retry-after': '600' } } }],
    floor: { ports: 71, wire: 117 },
  },
  { name: 'the started run completes', routes: oneRoute, runs: 1, ends: 'success', floor: { ports: 56, wire: 104 } },
  {
    name: 'the started run is stopped before a job began',
    routes: oneRoute,
    runs: 1,
    ends: 'stopped',
    floor: { ports: 62, wire: 111 },
  },
  {
    name: 'a key starts a workflow',
    routes: [],
    runs: 0,
    requests: [workflowRequest('nightly-1', 'octo-org/open')],
    floor: { ports: 46, wire: 81 },
  },
  {
    name: 'a key starts a workflow whose answer is lost',
    routes: [],
    runs: 0,
    requests: [workflowRequest('nightly-1', 'octo-org/open')],
    faults: [{ match: { operation: 'dispatch' }, fault: 'reset-after' }],
    ends: 'success',
    floor: { ports: 93, wire: 158 },
  },
  {
    name: 'a key sends an event',
    routes: [],
    runs: 0,
    requests: [eventRequest('nightly-1', 'octo-org/open')],
    floor: { ports: 46, wire: 87 },
  },
  {
    name: 'a key sends an event whose answer is lost',
    routes: [],
    runs: 0,
    requests: [eventRequest('nightly-1', 'octo-org/open')],
    faults: [{ match: { operation: 'event' }, fault: 'reset-after' }],
    floor: { ports: 41, wire: 80 },
  },
  {
    name: 'a started route is decided again',
    routes: oneRoute,
    runs: 1,
    again: 're-evaluate',
    floor: { ports: 68, wire: 128 },
  },
  {
    name: 'a refused route is mended and decided again',
    routes: [route('broken', { end: 'mended' })],
    runs: 1,
    again: 're-evaluate',
    floor: { ports: 123, wire: 203 },
  },
  {
    name: 'a started route is dispatched again',
    routes: oneRoute,
    runs: 1,
    again: 'dispatch-again',
    floor: { ports: 80, wire: 144 },
  },
  {
    name: 'a dead letter is redriven',
    routes: oneRoute,
    runs: 1,
    maxAttempts: 2,
    faults: [{ match: { operation: 'dispatch', times: 2 }, fault: 'reset-before' }],
    redriven: true,
    floor: { ports: 136, wire: 209 },
  },
];
