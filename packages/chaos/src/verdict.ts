import type { Fact, Origin } from '@dispatcher/contracts';
import type { Issue, RunReport } from '@dispatcher/github-emulator';
import type { BriefFact } from '@dispatcher/store';
import type { TestRoute } from './routes.ts';

/** What is left when everything has come to rest: GitHub's side and the fact log. Nothing else is asked. */
export interface Evidence {
  readonly runs: readonly RunReport[];
  readonly issues: readonly Issue[];
  /** Every fact of the log, each item once. */
  readonly facts: readonly BriefFact[];
  /** The counters of all time. */
  readonly totals: Readonly<Record<string, number>>;
}

/** What had to happen: these routes, for each of these completed runs of a source. */
export interface Expected {
  readonly routes: readonly TestRoute[];
  readonly completed: readonly CompletedRun[];
  /** GitHub named no run ids, so a dispatch may end without one; else it must name the run it started. */
  readonly runIdsMayBeMissing?: boolean;
}

export interface CompletedRun {
  readonly repository: string;
  readonly repositoryId: number;
  readonly runId: number;
  readonly attempt: number;
}

type FactOf<T extends Fact['type']> = Extract<BriefFact, { type: T }>;

/** Every sentence is something that must never be. */
export function violations(evidence: Evidence, expected: Expected): string[] {
  return [
    ...strangeRuns(evidence, expected),
    ...expected.completed.flatMap((run) => ofRun(evidence, expected, run)),
    ...dispatched(evidence).flatMap((run) => ofCompletion(evidence, expected, run)),
    ...ofIssues(evidence),
    ...miscounted(evidence),
  ];
}

const keyOf = ({ repositoryId, runId, attempt }: Omit<CompletedRun, 'repository'>): string =>
  `${repositoryId}-${runId}-${attempt}`;

const dispatched = ({ runs }: Evidence) => runs.filter(({ startedByInstallation }) => startedByInstallation !== null);

function isOf(run: RunReport, completed: CompletedRun, route: TestRoute): boolean {
  const { inputs } = run;
  return (
    inputs['run'] === String(completed.runId) &&
    inputs['attempt'] === String(completed.attempt) &&
    inputs['route'] === route.name
  );
}

/** Runs that no completed run of the source, and no route, asked for. */
function strangeRuns(evidence: Evidence, { routes, completed }: Expected): string[] {
  const wanted = completed.flatMap((run) =>
    routes.filter(({ source }) => source === run.repository).map((route) => [run, route] as const),
  );
  return dispatched(evidence)
    .filter((started) => !wanted.some(([run, route]) => isOf(started, run, route)))
    .map(
      ({ id, repository, inputs }) =>
        `run ${id} of ${repository} was started by nobody's decision: ${JSON.stringify(inputs)}`,
    );
}

function ofRun(evidence: Evidence, expected: Expected, run: CompletedRun): string[] {
  const key = keyOf(run);
  const facts = evidence.facts.filter(({ runKey }) => runKey === key);
  const plans = facts.filter(({ type }) => type === 'run.planned');
  const routes = expected.routes.filter(({ source }) => source === run.repository);
  return [
    ...(plans.length === 1 ? [] : [`run ${key} was planned ${plans.length} times`]),
    ...routes.flatMap((route) =>
      ofRoute(evidence, facts, expected, run, route).map((text) => `run ${key}, route ${route.name}: ${text}`),
    ),
  ];
}

function ofRoute(
  evidence: Evidence,
  facts: readonly BriefFact[],
  expected: Expected,
  completed: CompletedRun,
  route: TestRoute,
): string[] {
  const decided = facts.filter((fact) => isDecisionOn(fact, route.name));
  const [fact] = decided;
  if (fact === undefined || decided.length > 1) return [`${decided.length} decisions, not one`];
  const { decision } = fact.data;
  const effect = route.end === 'denied' ? 'deny' : 'allow';
  if (decision.effect !== effect) return [`decided ${decision.effect} (${decision.code}), not ${effect}`];
  const started = dispatched(evidence).filter((run) => isOf(run, completed, route));
  const ends = facts.filter((one) => isEndOf(one, decision.dispatchId));
  const reports = facts.filter((one) => one.type === 'issue.reported' && one.data.dispatchId === decision.dispatchId);
  const wanted = { started: [1, 1, 0], refused: [0, 1, 1], denied: [0, 0, 1] }[route.end];
  const found = [started.length, ends.length, reports.length];
  return [
    ...(String(found) === String(wanted)
      ? []
      : [`[runs, ends, reports] are [${String(found)}], not [${String(wanted)}]`]),
    ...started.flatMap((run) => wrongRun(run, route, decision.dispatchId)),
    ...ends.flatMap((end) => wrongEnd(end, route, started[0], expected.runIdsMayBeMissing ?? false)),
  ];
}

function isDecisionOn(fact: BriefFact, name: string): fact is FactOf<'route.decided'> {
  return fact.type === 'route.decided' && fact.data.decision.route.id === name;
}

function isEndOf(fact: BriefFact, dispatchId: string): fact is FactOf<'dispatch.accepted' | 'dispatch.failed'> {
  return (fact.type === 'dispatch.accepted' || fact.type === 'dispatch.failed') && fact.data.dispatchId === dispatchId;
}

function wrongRun(run: RunReport, route: TestRoute, dispatchId: string): string[] {
  const found = [run.repository, run.workflow, run.headBranch, run.inputs['dispatch']];
  const wanted = [route.target, route.workflow, route.ref, dispatchId];
  return String(found) === String(wanted) ? [] : [`run ${run.id} is ${String(found)}, not ${String(wanted)}`];
}

function wrongEnd(
  end: FactOf<'dispatch.accepted' | 'dispatch.failed'>,
  route: TestRoute,
  started: RunReport | undefined,
  mayBeMissing: boolean,
): string[] {
  if (end.type === 'dispatch.failed') return route.end === 'refused' ? [] : [`failed with ${end.data.code}`];
  if (route.end !== 'started') return ['accepted, though GitHub refused it'];
  const { workflowRunId } = end.data;
  if (workflowRunId === null && mayBeMissing) return [];
  return workflowRunId === started?.id ? [] : [`accepted as run ${workflowRunId}, but it is run ${started?.id}`];
}

/** A started run that has ended is told of once, under the dispatch and the delivery that started it, and as what GitHub made of it. */
function ofCompletion({ facts }: Evidence, expected: Expected, run: RunReport): string[] {
  if (run.status !== 'completed') return [];
  const told = facts.flatMap((fact) =>
    fact.type === 'dispatch.completed' && fact.data.targetRunUrl === run.htmlUrl ? [fact] : [],
  );
  const decided = facts.find(
    (fact) => fact.type === 'route.decided' && fact.data.decision.dispatchId === run.inputs['dispatch'],
  );
  const wanted = [decided?.runKey, decided?.correlationId, run.inputs['dispatch'], run.conclusion, run.stopped];
  const wrong = told
    .map(({ runKey, correlationId, data }) => {
      const { dispatchId, conclusion, code } = data;
      return [runKey, correlationId, dispatchId, conclusion, code === 'run-not-started'];
    })
    .filter((found) => String(found) !== String(wanted));
  return [
    ...(told.length === 1 || expected.runIdsMayBeMissing === true
      ? []
      : [`the end of run ${run.id} is told ${told.length} times; its own plan is ${planOf(facts, run)}`]),
    ...wrong.map((found) => `the end of run ${run.id} is told as ${String(found)}, not ${String(wanted)}`),
  ];
}

function planOf(facts: readonly BriefFact[], { repositoryId, id, attempt }: RunReport): string {
  const key = keyOf({ repositoryId, runId: id, attempt });
  const plans = facts.flatMap((fact) => (fact.type === 'run.planned' && fact.runKey === key ? [fact.data] : []));
  return plans.map(({ outcome, code }) => `${outcome} (${code})`).join(', ') || 'missing';
}

/** A route has one tracking issue, whatever was repeated. */
function ofIssues({ issues }: Evidence): string[] {
  const markers = issues.map(({ body }) => /dispatcher:route:([0-9a-f]+)/.exec(body ?? '')?.[1] ?? 'no route');
  const twice = [...new Set(markers)].filter((marker) => markers.filter((other) => other === marker).length > 1);
  return twice.map((marker) => `the tracking issue of route ${marker} was opened more than once`);
}

/** What each fact adds to the counters, said here a second time: the log is recounted, not asked how it counts. */
function countersOf(fact: BriefFact): string[] {
  switch (fact.type) {
    case 'run.planned':
      return [...(fact.data.revision === 0 ? [arrivalOf(fact.data.run)] : []), `plans.${fact.data.outcome}`];
    case 'delivery.repeated':
      return ['deliveries', 'deliveries.repeated'];
    case 'route.decided':
      return [`decisions.${fact.data.decision.code}`];
    case 'dispatch.accepted':
      return [fact.data.workflowRunId === null ? 'dispatches.accepted-unverified' : 'dispatches.accepted'];
    case 'dispatch.failed':
      return ['dispatches.failed'];
    case 'dispatch.completed':
      return ['dispatches.completed', `conclusions.${fact.data.conclusion ?? 'none'}`];
    default:
      return [];
  }
}

function arrivalOf({ type }: Origin): string {
  return type === 'run.completed' ? 'deliveries' : 'requests';
}

function miscounted({ facts, totals }: Evidence): string[] {
  const counted = new Map<string, number>();
  for (const counter of facts.flatMap(countersOf)) counted.set(counter, (counted.get(counter) ?? 0) + 1);
  const names = [...counted.keys()];
  return names
    .filter((name) => totals[name] !== counted.get(name))
    .map((name) => `${name} is counted ${totals[name] ?? 0} times, and recorded ${counted.get(name) ?? 0} times`);
}
