import type { RunReport } from '@dispatcher/github-emulator';
import type { RecordedFact } from '@dispatcher/store';
import type { TestRoute } from '../workload/test-routes.ts';
import { checkCompletion } from './check-completion.ts';
import { checkCounters } from './check-counters.ts';
import { checkGates } from './check-gates.ts';
import { checkRequest } from './check-request.ts';
import {
  type CompletedRun,
  type Evidence,
  type Expected,
  type FactOf,
  isRunOfRequest,
  runKeyOf,
  startedRuns,
} from './evidence.ts';

/** Compares the final state with what must have happened. Returns one sentence for each violation. */
export function checkHistory(evidence: Evidence, expected: Expected): string[] {
  return [
    ...checkUnexpectedRuns(evidence, expected),
    ...expected.completed.flatMap((run) => checkSourceRun(evidence, expected, run)),
    ...(expected.requests ?? []).flatMap((request) =>
      checkRequest(evidence, request).map((text) => `request ${request.name}: ${text}`),
    ),
    ...expected.routes.flatMap((route) => checkNeeds(evidence, expected, route)),
    ...checkReplay(evidence, expected),
    ...startedRuns(evidence).flatMap((run) => checkCompletion(evidence, expected, run)),
    ...checkIssues(evidence),
    ...checkGates(evidence, expected),
    ...checkCounters(evidence),
  ];
}

function isRunOfRoute({ inputs, repository }: RunReport, completed: CompletedRun, route: TestRoute): boolean {
  return (
    inputs['run'] === String(completed.runId) &&
    inputs['attempt'] === String(completed.attempt) &&
    inputs['route'] === route.name &&
    repository === route.target
  );
}

/** Finds started runs that belong to no route of a completed source run and to no request. */
function checkUnexpectedRuns(evidence: Evidence, { routes, completed, requests = [] }: Expected): string[] {
  const wanted = completed.flatMap((run) =>
    routes.filter(({ source }) => source === run.repository).map((route) => [run, route] as const),
  );
  return startedRuns(evidence)
    .filter((started) => !wanted.some(([run, route]) => isRunOfRoute(started, run, route)))
    .filter((started) => !requests.some((request) => isRunOfRequest(started, request)))
    .map(
      ({ id, repository, inputs }) =>
        `run ${id} of ${repository} was started without a decision: ${JSON.stringify(inputs)}`,
    );
}

function checkSourceRun(evidence: Evidence, expected: Expected, run: CompletedRun): string[] {
  const key = runKeyOf(run);
  const facts = evidence.facts.filter(({ runKey }) => runKey === key);
  const plans = facts.filter(({ type }) => type === 'run.planned');
  const routes = expected.routes.filter(({ source, needs }) => source === run.repository && needs === undefined);
  return [
    ...(plans.length === planCount(expected)
      ? []
      : [`run ${key} was planned ${plans.length} times, expected ${planCount(expected)}`]),
    ...routes.flatMap((route) =>
      checkRoute(evidence, facts, expected, run, route).map((text) => `run ${key}, route ${route.name}: ${text}`),
    ),
  ];
}

/** A route that needs several workflows is decided for each run, allowed for one of them, and started once. */
function checkNeeds({ facts, ...evidence }: Evidence, { completed }: Expected, route: TestRoute): string[] {
  if (route.needs === undefined) return [];
  const decided = facts.filter((fact) => isDecisionOn(fact, route)).map(({ data }) => data.decision);
  const allowed = decided.filter(({ effect }) => effect === 'allow');
  const results = facts.filter((fact) => decided.some(({ dispatchId }) => isResultOf(fact, dispatchId)));
  const started = startedRuns({ facts, ...evidence }).filter(({ inputs }) => inputs['route'] === route.name);
  const found = [decided.length, allowed.length, results.length, started.length];
  const runs = completed.filter(({ repository }) => repository === route.source).length;
  return String(found) === String([runs, 1, 1, 1])
    ? []
    : [`route ${route.name}: [decisions, allowed, results, runs] are [${String(found)}], expected [${runs},1,1,1]`];
}

function checkRoute(
  evidence: Evidence,
  facts: readonly RecordedFact[],
  expected: Expected,
  completed: CompletedRun,
  route: TestRoute,
): string[] {
  const decided = facts.filter((fact) => isDecisionOn(fact, route));
  if (decided.length !== planCount(expected)) return [`${decided.length} decisions, expected ${planCount(expected)}`];
  const effect = route.outcome === 'denied' ? 'deny' : 'allow';
  const wrong = decided
    .map(({ data }) => data.decision)
    // After a fault the run may be planned only after its target withdrew its consent.
    .filter((decision) => decision.effect !== effect && route.outcome !== 'withdrawn');
  if (wrong.length > 0) {
    return wrong.map((decision) => `the effect is ${decision.effect} (${decision.code}), expected ${effect}`);
  }
  const ids = [...new Set(decided.map(({ data }) => data.decision.dispatchId))];
  const idCount = expected.replay === 'dispatch-again' ? 2 : 1;
  if (ids.length !== idCount) return [`${ids.length} dispatch ids, expected ${idCount}`];
  const runs = startedRuns(evidence).filter((run) => isRunOfRoute(run, completed, route));
  const unknown = runs.filter(({ inputs }) => !ids.includes(inputs['dispatch'] ?? ''));
  return [
    ...unknown.map((run) => `run ${run.id} has the dispatch id ${run.inputs['dispatch']}, which no decision has`),
    ...ids.flatMap((dispatchId) => {
      const started = runs.filter(({ inputs }) => inputs['dispatch'] === dispatchId);
      return checkDispatch({ facts, all: evidence.facts }, started, expected, route, dispatchId);
    }),
  ];
}

/** A replay adds one plan, and one decision on each route. */
function planCount({ replay }: Expected): number {
  return replay === undefined ? 1 : 2;
}

function checkDispatch(
  { facts, all }: { readonly facts: readonly RecordedFact[]; readonly all: Evidence['facts'] },
  started: readonly RunReport[],
  expected: Expected,
  route: TestRoute,
  dispatchId: string,
): string[] {
  const results = facts.filter((fact) => isResultOf(fact, dispatchId));
  const reports = facts.filter((fact) => fact.type === 'issue.reported' && fact.data.dispatchId === dispatchId);
  // A repaired route failed first; the later run closes its issue.
  const isAllowed = facts.some((fact) => isDecisionOn(fact, route) && fact.data.decision.effect === 'allow');
  // The issue of the route already shows a result that another run had before. Every result of a route here is the same.
  const routeIds = new Set(facts.filter((fact) => isDecisionOn(fact, route)).map(routeIdOf));
  const isShown = all.some((fact) => isReportOf(fact, routeIds) && fact.data.dispatchId !== dispatchId);
  const problems = isShown && reports.length === 0 ? 0 : 1;
  const wanted = {
    started: [1, 1, 0],
    refused: [0, 1, problems],
    denied: [0, 0, problems],
    repaired: [1, 2, 2],
    withdrawn: [0, isAllowed ? 1 : 0, 1],
  }[route.outcome];
  const found = [started.length, results.length, reports.length];
  return [
    ...(String(found) === String(wanted)
      ? []
      : [`[runs, dispatch results, issue reports] are [${String(found)}], expected [${String(wanted)}]`]),
    ...started.flatMap((run) => checkStartedRun(run, route, dispatchId)),
    ...results.flatMap((result) => checkResult(result, route, started[0], expected.runIdsMayBeMissing ?? false)),
  ];
}

function isDecisionOn(fact: RecordedFact, { name, target }: TestRoute): fact is FactOf<'route.decided'> {
  if (fact.type !== 'route.decided') return false;
  const { route } = fact.data.decision;
  return route.id === name && route.target.repository === target;
}

const routeIdOf = ({ data }: FactOf<'route.decided'>): string => data.decision.routeId;

function isReportOf(fact: RecordedFact, routeIds: ReadonlySet<string>): fact is FactOf<'issue.reported'> {
  return fact.type === 'issue.reported' && routeIds.has(fact.data.routeId);
}

type DispatchResult = FactOf<'dispatch.accepted' | 'dispatch.failed'>;

function isResultOf(fact: RecordedFact, dispatchId: string): fact is DispatchResult {
  return (fact.type === 'dispatch.accepted' || fact.type === 'dispatch.failed') && fact.data.dispatchId === dispatchId;
}

function checkStartedRun(run: RunReport, route: TestRoute, dispatchId: string): string[] {
  const found = [run.repository, run.workflow, run.headBranch, run.inputs['dispatch']];
  const wanted = [route.target, route.workflow, route.ref, dispatchId];
  return String(found) === String(wanted) ? [] : [`run ${run.id} is ${String(found)}, expected ${String(wanted)}`];
}

function checkResult(
  result: DispatchResult,
  route: TestRoute,
  started: RunReport | undefined,
  runIdMayBeMissing: boolean,
): string[] {
  const isRefused = ['refused', 'repaired', 'withdrawn'].includes(route.outcome);
  if (result.type === 'dispatch.failed') return isRefused ? [] : [`failed with ${result.data.code}`];
  if (route.outcome === 'refused') return ['recorded as accepted, but GitHub rejected it'];
  const { workflowRunId } = result.data;
  if (workflowRunId === null && runIdMayBeMissing) return [];
  return workflowRunId === started?.id ? [] : [`accepted as run ${workflowRunId}, but it started run ${started?.id}`];
}

/** An operator's replay is recorded once. */
function checkReplay({ facts }: Evidence, { replay }: Expected): string[] {
  const actions = facts.flatMap((fact) =>
    fact.type === 'operator.acted' ? [`${fact.data.action} ${fact.data.result}`] : [],
  );
  const wanted = replay === undefined ? [] : [`${replay} published`];
  return String(actions) === String(wanted)
    ? []
    : [`operator actions are [${String(actions)}], expected [${String(wanted)}]`];
}

/** A route has at most one tracking issue. */
function checkIssues({ issues }: Evidence): string[] {
  const markers = issues.map(({ body }) => /dispatcher:route:([0-9a-f]+)/.exec(body ?? '')?.[1] ?? 'no route');
  const repeated = [...new Set(markers)].filter((marker) => markers.filter((other) => other === marker).length > 1);
  return repeated.map((marker) => `the tracking issue of route ${marker} was opened more than once`);
}
