import type { Fault, RequestEntry } from '@dispatcher/github-emulator';
import { checkHistory } from '../checker/check-history.ts';
import { checkInterventions } from '../checker/check-interventions.ts';
import { findPrematurePosts } from '../checker/check-posts.ts';
import type { Evidence, Expected, RequestWithResponses } from '../checker/evidence.ts';
import type { Scenario } from './scenarios.ts';
import { createFaultPlan, type FaultPoint, type InjectedFault, type PlannedFault } from './system/fault-plan.ts';
import type { Harness } from './system/harness.ts';
import { sourceWorkflowsOf } from '../workload/test-routes.ts';
import { type Simulation, startSimulation } from './system/simulation.ts';
import type { Level } from './system/worker-process.ts';
import { reconcileWindowMs } from './system/workers.ts';

/** The result of one history. Plain data: it may come from another process. */
export interface ScenarioResult {
  /** The fault points reached since the last fault, in order. */
  readonly points: readonly FaultPoint[];
  /** The injected faults. Fewer than planned if the history ended before. */
  readonly injected: readonly InjectedFault[];
  /** The requests that GitHub received, with their milliseconds since the start. */
  readonly requests: readonly string[];
  readonly violations: readonly string[];
}

export type RunScenario = (
  scenario: Scenario,
  level: Level,
  faults: readonly PlannedFault[],
) => Promise<ScenarioResult>;

/** Runs one history after the other on a harness, each from an empty start until the system is idle. */
export function createScenarioRunner(harness: Harness): RunScenario {
  let last: Promise<unknown> = Promise.resolve();
  return (scenario, level, faults) => {
    const result = last.then(() => runScenario(harness, scenario, level, faults));
    last = result;
    return result;
  };
}

async function runScenario(
  harness: Harness,
  scenario: Scenario,
  level: Level,
  faults: readonly PlannedFault[],
): Promise<ScenarioResult> {
  const { clock, mutations } = harness;
  let simulation: Simulation | undefined;
  const plan = createFaultPlan(
    level,
    faults,
    () => `${mutations.count()} at ${clock.now()}`,
    async (kind) => simulation?.intervene(kind),
  );
  simulation = await startSimulation(harness, plan, scenario);
  const startedAt = clock.now();
  const expected = await play(simulation, scenario).catch((error: unknown) => String(error));
  const evidence = await simulation.evidence();
  const requests = await simulation.requests();
  await simulation.close();
  return {
    points: plan.points,
    injected: plan.injected,
    requests: requests.map(
      ({ method, path, status, at }) => `${Date.parse(at) - startedAt} ${method} ${withoutTimes(path)} ${status}`,
    ),
    violations:
      typeof expected === 'string'
        ? [`the system did not become idle: ${expected}`]
        : [
            ...checkInterventions(evidence, requests, simulation.interventions),
            // Afterwards the same must have happened as without a pause. Other interventions change what must happen.
            ...(simulation.interventions.every(({ kind }) => kind === 'pause') || scenario.withdrawAfterMs !== undefined
              ? [
                  ...checkHistory(evidence, expected),
                  ...simulation.deadLetters(),
                  ...checkPosts(evidence, requests, scenario),
                ]
              : []),
          ],
  };
}

/** Leaves out of a path what depends on the time: the query, and the ids of commits. */
function withoutTimes(path: string): string {
  return path.replace(/\?.*/, '').replaceAll(/[0-9a-f]{40}/g, '{sha}');
}

/** Plays every step of the scenario, and returns what must have happened. */
async function play(simulation: Simulation, scenario: Scenario): Promise<Expected> {
  const sources = [...new Set(scenario.routes.map(({ source }) => source))];
  if (scenario.routes.some(({ pattern }) => pattern !== undefined)) {
    await simulation.pushFiles();
    await simulation.drain();
  }
  const completed: Expected['completed'][number][] = [];
  for (let run = 0; run < scenario.runs; run += 1) {
    for (const source of sources) {
      const routes = scenario.routes.filter((route) => route.source === source);
      for (const workflow of sourceWorkflowsOf(routes)) completed.push(await simulation.complete(source, workflow));
    }
  }
  if (scenario.withdrawAfterMs !== undefined) simulation.withdrawAfter(scenario.withdrawAfterMs);
  const firstResponses = [];
  for (const request of scenario.requests ?? []) {
    firstResponses.push({ request, first: await simulation.request(request) });
  }
  await simulation.drain();
  if (scenario.redrive === true) await redriveUntilEmpty(simulation);
  if (scenario.replay !== undefined) {
    for (const { target, workflow } of scenario.routes.filter(({ outcome }) => outcome === 'repaired')) {
      await simulation.repair(target, workflow);
    }
    const { facts } = await simulation.evidence();
    const decided = facts.find((fact) => fact.type === 'route.decided');
    if (decided === undefined) throw new Error('There is no decision to replay.');
    simulation.replay({ mode: scenario.replay, runKey: decided.runKey, routeId: decided.data.decision.routeId });
    await simulation.drain();
  }
  for (const { target, workflow, check } of scenario.rerequest === true ? scenario.routes : []) {
    if (check === undefined) continue;
    await simulation.repair(target, workflow);
    await simulation.rerequest(check);
    await simulation.drain();
  }
  if (scenario.runsEnd !== undefined) {
    await simulation.endStartedRuns(scenario.runsEnd);
    await simulation.drain();
  }
  // A client that lost the response sends its request again, however late.
  const requests: RequestWithResponses[] = [];
  for (const { request, first } of firstResponses) {
    requests.push({ ...request, responses: [first, await simulation.request(request)] });
  }
  await simulation.drain();
  const { routes } = scenario;
  // "Re-run" decides again on what was refused, as an operator's replay does.
  const replay = scenario.rerequest === true ? 're-evaluate' : scenario.replay;
  return { routes, completed, requests, replay, runIdsMayBeMissing: returnsNoRunId(scenario) };
}

/** A redriven message may become a dead letter again if a worker crashes during its last attempt. */
const maxRedriveRounds = 5;

async function redriveUntilEmpty(simulation: Simulation): Promise<void> {
  for (let round = 0; round < maxRedriveRounds && simulation.deadLetters().length > 0; round += 1) {
    await simulation.redrive();
    await simulation.drain();
  }
}

/** Requires one POST for each run, plus one for each fault of GitHub that provably started nothing. */
function checkPosts({ runs }: Evidence, requests: readonly RequestEntry[], scenario: Scenario): string[] {
  const premature = findPrematurePosts(requests, reconcileWindowMs);
  // A GitHub that returns no run ids rejects the first POST of each process, because it requests the run's id.
  if (returnsNoRunId(scenario)) return premature;
  const targets = new Set([
    ...scenario.routes.filter(({ outcome }) => outcome === 'started').map(({ target }) => target),
    ...(scenario.requests ?? []).filter(({ kind }) => kind === 'workflow').map(({ target }) => target),
  ]);
  const startedNothing = (scenario.gitHubFaults ?? [])
    .filter(({ match, fault }) => match?.operation === 'dispatch' && startsNothing(fault))
    .reduce((sum, { match }) => sum + (match?.times ?? 1), 0);
  const surplus = [...targets].flatMap((target) => {
    const posts = requests.filter(({ operation, path }) => operation === 'dispatch' && path.includes(`/${target}/`));
    const started = runs.filter(
      ({ repository, startedByInstallation }) => repository === target && startedByInstallation !== null,
    );
    return posts.length === started.length + startedNothing
      ? []
      : [
          `${posts.length} POSTs to ${target} for ${started.length} runs and ${startedNothing} POSTs that started nothing`,
        ];
  });
  return [...premature, ...surplus, ...findRepeatedEvents(requests, scenario)];
}

/** An event is sent at most once, unless GitHub said that it rejected it. */
function findRepeatedEvents(log: readonly RequestEntry[], { requests = [] }: Scenario): string[] {
  const sent = log.filter(({ operation, status }) => operation === 'event' && status !== 429).length;
  const events = requests.filter(({ kind }) => kind === 'event').length;
  return sent <= events ? [] : [`${events} events were sent ${sent} times`];
}

function returnsNoRunId({ settings }: Scenario): boolean {
  return settings?.dispatchApi === 'ghes-3.20';
}

function startsNothing(fault: Fault): boolean {
  return fault === 'reset-before' || (typeof fault === 'object' && 'status' in fault);
}
