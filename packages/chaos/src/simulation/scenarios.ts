import type { ReplayMode } from '@dispatcher/contracts';
import { eventRequest, type RunEnd, type TestRoute, workflowRequest } from '../workload/test-routes.ts';
import type { SimulationSetup } from './system/simulation.ts';

/** A sequence of steps that runs once without faults, and once for each fault that can be injected into it. */
export interface Scenario extends SimulationSetup {
  readonly name: string;
  /** How many runs of each source complete before any worker runs. The requests to the dispatch API follow them. */
  readonly runs: number;
  /** After this time, the targets withdraw their consent. */
  readonly withdrawAfterMs?: number;
  /** Afterwards an operator redrives the dead letters. */
  readonly redrive?: boolean;
  /** Afterwards an operator replays the only route in this mode. */
  readonly replay?: ReplayMode;
  /** Afterwards the targets are repaired, and somebody clicks "Re-run" at the checks of the routes. */
  readonly rerequest?: boolean;
  /** Afterwards the started runs end like this. */
  readonly runsEnd?: RunEnd;
  /** False: pairs of crashes are left out, because most of the points are those of another scenario. */
  readonly pairs?: boolean;
  /** The minimum of the fault points without faults. Detects ports that are no longer wrapped. */
  readonly minPoints: { readonly ports: number; readonly wire: number };
}

const app = 'octo-org/app';

function route(name: string, change: Partial<TestRoute> = {}): TestRoute {
  return {
    name,
    source: app,
    target: `octo-org/${name}`,
    workflow: 'cd.yml',
    ref: 'main',
    outcome: 'started',
    ...change,
  };
}

/** A decision is confirmed after a minute, so that no attempt after the withdrawal may start the run. */
const withdrawal = { withdrawAfterMs: 120_000, variables: { DECISION_MAX_AGE: '60' } };

const oneRoute = [route('deploy')];
const required = [route('deploy', { check: 'deploy' })];

/** The scenarios in which interventions are enumerated. */
export const interventionScenarios: readonly string[] = [
  'an allowed route',
  'the response to the POST is lost',
  'the installation is rate limited',
  'a required check whose run succeeds',
];

export const scenarios: readonly Scenario[] = [
  { name: 'an allowed route', routes: oneRoute, runs: 1, minPoints: { ports: 42, wire: 140 } },
  {
    name: 'a denied route',
    routes: [route('closed', { outcome: 'denied' })],
    runs: 1,
    minPoints: { ports: 46, wire: 156 },
  },
  {
    name: 'a route that GitHub rejects',
    routes: [route('broken', { outcome: 'refused' })],
    runs: 1,
    minPoints: { ports: 57, wire: 171 },
  },
  {
    name: 'two routes to one workflow and ref',
    routes: [route('one', { target: 'octo-org/shared' }), route('two', { target: 'octo-org/shared' })],
    runs: 1,
    minPoints: { ports: 56, wire: 162 },
  },
  {
    name: 'one workflow on two refs',
    routes: [
      route('main', { target: 'octo-org/shared' }),
      route('release', { target: 'octo-org/shared', ref: 'release' }),
    ],
    runs: 1,
    minPoints: { ports: 56, wire: 162 },
  },
  {
    name: 'two runs with three routes each',
    routes: [route('deploy'), route('release', { ref: 'release' }), route('closed', { outcome: 'denied' })],
    runs: 2,
    minPoints: { ports: 116, wire: 267 },
  },
  {
    name: 'GitHub returns no run id',
    routes: oneRoute,
    runs: 1,
    settings: { dispatchApi: 'ghes-3.20' },
    minPoints: { ports: 52, wire: 156 },
  },
  {
    name: 'the response to the POST is lost',
    routes: oneRoute,
    runs: 1,
    gitHubFaults: [{ match: { operation: 'dispatch' }, fault: 'reset-after' }],
    minPoints: { ports: 87, wire: 263 },
  },
  {
    name: 'the response is lost and the list of runs lags',
    routes: oneRoute,
    runs: 1,
    settings: { runListLagMs: 55_000 },
    gitHubFaults: [{ match: { operation: 'dispatch' }, fault: 'reset-after' }],
    minPoints: { ports: 87, wire: 263 },
  },
  {
    name: 'the POST is lost without a response',
    routes: oneRoute,
    runs: 1,
    gitHubFaults: [{ match: { operation: 'dispatch' }, fault: 'reset-before' }],
    minPoints: { ports: 97, wire: 269 },
  },
  {
    name: 'the installation is rate limited',
    routes: oneRoute,
    runs: 1,
    gitHubFaults: [{ match: { operation: 'dispatch' }, fault: { status: 429, headers: { 'retry-after': '600' } } }],
    minPoints: { ports: 83, wire: 254 },
  },
  {
    name: 'consent is withdrawn during a rate limit',
    routes: [route('deploy', { outcome: 'withdrawn' })],
    runs: 1,
    gitHubFaults: [{ match: { operation: 'dispatch' }, fault: { status: 429, headers: { 'retry-after': '600' } } }],
    ...withdrawal,
    minPoints: { ports: 93, wire: 276 },
  },
  {
    name: 'the started run completes',
    routes: oneRoute,
    runs: 1,
    runsEnd: 'success',
    minPoints: { ports: 70, wire: 246 },
  },
  {
    name: 'the started run is stopped before its first job',
    routes: oneRoute,
    runs: 1,
    runsEnd: 'stopped',
    minPoints: { ports: 72, wire: 252 },
  },
  {
    name: 'two workflows on one commit',
    routes: [route('deploy', { needs: ['ci.yml', 'security.yml'] })],
    runs: 1,
    minPoints: { ports: 125, wire: 258 },
  },
  {
    name: 'a pattern starts two repositories that allow it',
    routes: ['service-one', 'service-two'].map((name) =>
      route('service', { target: `octo-org/${name}`, pattern: 'service-*' }),
    ),
    runs: 1,
    variables: { ALLOW_PATTERNS: 'true' },
    minPoints: { ports: 115, wire: 380 },
  },
  {
    name: 'an API key starts a workflow',
    routes: [],
    runs: 0,
    requests: [workflowRequest('nightly-1', 'octo-org/open')],
    minPoints: { ports: 68, wire: 222 },
  },
  {
    name: 'an API key starts a workflow and the response is lost',
    routes: [],
    runs: 0,
    requests: [workflowRequest('nightly-1', 'octo-org/open')],
    gitHubFaults: [{ match: { operation: 'dispatch' }, fault: 'reset-after' }],
    runsEnd: 'success',
    minPoints: { ports: 141, wire: 451 },
  },
  {
    name: 'an API key sends an event',
    routes: [],
    runs: 0,
    requests: [eventRequest('nightly-1', 'octo-org/open')],
    minPoints: { ports: 70, wire: 222 },
  },
  {
    name: 'an API key sends an event and the response is lost',
    routes: [],
    runs: 0,
    requests: [eventRequest('nightly-1', 'octo-org/open')],
    gitHubFaults: [{ match: { operation: 'event' }, fault: 'reset-after' }],
    minPoints: { ports: 69, wire: 223 },
  },
  {
    name: 'a started route is re-evaluated',
    routes: oneRoute,
    runs: 1,
    replay: 're-evaluate',
    minPoints: { ports: 80, wire: 267 },
  },
  {
    name: 'a rejected route is repaired and re-evaluated',
    routes: [route('broken', { outcome: 'repaired' })],
    runs: 1,
    replay: 're-evaluate',
    minPoints: { ports: 127, wire: 347 },
  },
  {
    name: 'a started route is dispatched again',
    routes: oneRoute,
    runs: 1,
    replay: 'dispatch-again',
    minPoints: { ports: 90, wire: 282 },
  },
  {
    name: 'a dead letter is redriven',
    routes: oneRoute,
    runs: 1,
    maxAttempts: 2,
    gitHubFaults: [{ match: { operation: 'dispatch', times: 2 }, fault: 'reset-before' }],
    redrive: true,
    minPoints: { ports: 196, wire: 578 },
  },
  {
    name: 'a required check whose run succeeds',
    routes: required,
    runs: 1,
    runsEnd: 'success',
    minPoints: { ports: 150, wire: 385 },
  },
  {
    name: 'a required check whose run fails',
    routes: required,
    runs: 1,
    runsEnd: 'failure',
    pairs: false,
    minPoints: { ports: 150, wire: 390 },
  },
  {
    name: 'a required check that the target refuses',
    routes: [route('closed', { outcome: 'denied', check: 'deploy' })],
    runs: 1,
    minPoints: { ports: 72, wire: 235 },
  },
  {
    name: 'the response that creates a check run is lost, and the list lags',
    routes: required,
    runs: 1,
    settings: { checkListLagMs: 67_000 },
    gitHubFaults: [{ match: { operation: 'check-create', times: 2 }, fault: 'reset-after' }],
    runsEnd: 'success',
    pairs: false,
    minPoints: { ports: 280, wire: 545 },
  },
  {
    name: 'the request that creates a check run is lost',
    routes: required,
    runs: 1,
    gitHubFaults: [{ match: { operation: 'check-create' }, fault: 'reset-before' }],
    runsEnd: 'success',
    pairs: false,
    minPoints: { ports: 233, wire: 490 },
  },
  {
    name: 'the response that completes a required check is lost',
    routes: required,
    runs: 1,
    gitHubFaults: [{ match: { operation: 'check-update', times: 2 }, fault: 'reset-after' }],
    runsEnd: 'success',
    pairs: false,
    minPoints: { ports: 194, wire: 460 },
  },
  {
    name: 'a required check is re-run after its target was repaired',
    routes: [route('broken', { outcome: 'repaired', check: 'deploy' })],
    runs: 1,
    rerequest: true,
    runsEnd: 'success',
    pairs: false,
    minPoints: { ports: 283, wire: 665 },
  },
  {
    name: 'consent is withdrawn before a required check starts',
    routes: [route('deploy', { outcome: 'withdrawn', check: 'deploy' })],
    runs: 1,
    gitHubFaults: [{ match: { operation: 'dispatch' }, fault: { status: 429, headers: { 'retry-after': '600' } } }],
    ...withdrawal,
    pairs: false,
    minPoints: { ports: 184, wire: 435 },
  },
];

/** @throws Error if there is no scenario with this name */
export function scenarioNamed(name: string): Scenario {
  const scenario = scenarios.find((each) => each.name === name);
  if (scenario === undefined) throw new Error(`There is no scenario ${name}.`);
  return scenario;
}
