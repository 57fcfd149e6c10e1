import type { ReplayMode, Fact, Trigger } from '@dispatcher/contracts';
import type { Issue, RunReport } from '@dispatcher/github-emulator';
import type { FactSummary } from '@dispatcher/store';
import type { TestRequest, TestRoute } from '../workload/test-routes.ts';

/** What is left when everything has come to rest: GitHub's side and the fact log. Nothing else is asked. */
export interface Evidence {
  readonly runs: readonly RunReport[];
  readonly issues: readonly Issue[];
  /** Every fact of the log, each item once. */
  readonly facts: readonly FactSummary[];
  /** The counters of all time. */
  readonly totals: Readonly<Record<string, number>>;
}

/** What had to happen: these routes, for each of these completed runs of a source. */
export interface Expected {
  readonly routes: readonly TestRoute[];
  readonly completed: readonly CompletedRun[];
  /** What a key asked for. */
  readonly asked?: readonly AskedRequest[];
  /** An operator asked for this, once, of the one route of the one run. */
  readonly again?: ReplayMode | undefined;
  /** GitHub named no run ids, so a dispatch may end without one; else it must name the run it started. */
  readonly runIdsMayBeMissing?: boolean;
}

/** A request, and every answer to it: it was sent again with the same idempotency key. */
export interface AskedRequest extends TestRequest {
  readonly answers: readonly { readonly status: number; readonly body: Readonly<Record<string, unknown>> }[];
}

export interface CompletedRun {
  readonly repository: string;
  readonly repositoryId: number;
  readonly runId: number;
  readonly attempt: number;
}

type FactOf<T extends Fact['type']> = Extract<FactSummary, { type: T }>;

/** Every sentence is something that must never be. */
export function violations(evidence: Evidence, expected: Expected): string[] {
  return [
    ...strangeRuns(evidence, expected),
    ...expected.completed.flatMap((run) => ofRun(evidence, expected, run)),
    ...(expected.asked ?? []).flatMap((request) =>
      ofRequest(evidence, request).map((text) => `request ${request.name}: ${text}`),
    ),
    ...ofOperator(evidence, expected),
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

const isFor = ({ inputs, clientPayload }: RunReport, { name }: TestRequest): boolean =>
  (inputs['route'] ?? clientPayload?.['route']) === name;

/** Runs that no completed run of the source, no route and no key asked for. */
function strangeRuns(evidence: Evidence, { routes, completed, asked = [] }: Expected): string[] {
  const wanted = completed.flatMap((run) =>
    routes.filter(({ source }) => source === run.repository).map((route) => [run, route] as const),
  );
  return dispatched(evidence)
    .filter((started) => !wanted.some(([run, route]) => isOf(started, run, route)))
    .filter((started) => !asked.some((request) => isFor(started, request)))
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
    ...(plans.length === timesDecided(expected) ? [] : [`run ${key} was planned ${plans.length} times`]),
    ...routes.flatMap((route) =>
      ofRoute(evidence, facts, expected, run, route).map((text) => `run ${key}, route ${route.name}: ${text}`),
    ),
  ];
}

function ofRoute(
  evidence: Evidence,
  facts: readonly FactSummary[],
  expected: Expected,
  completed: CompletedRun,
  route: TestRoute,
): string[] {
  const decided = facts.filter((fact) => isDecisionOn(fact, route.name));
  const times = timesDecided(expected);
  if (decided.length !== times) return [`${decided.length} decisions, not ${times}`];
  const effect = route.end === 'denied' ? 'deny' : 'allow';
  const wrong = decided.map(({ data }) => data.decision).filter((decision) => decision.effect !== effect);
  if (wrong.length > 0) return wrong.map((decision) => `decided ${decision.effect} (${decision.code}), not ${effect}`);
  const ids = [...new Set(decided.map(({ data }) => data.decision.dispatchId))];
  const mostIds = expected.again === 'dispatch-again' ? 2 : 1;
  if (ids.length !== mostIds) return [`${ids.length} dispatch ids, not ${mostIds}`];
  const all = dispatched(evidence).filter((run) => isOf(run, completed, route));
  const strange = all.filter(({ inputs }) => !ids.includes(inputs['dispatch'] ?? ''));
  return [
    ...strange.map((run) => `run ${run.id} has the dispatch id ${run.inputs['dispatch']}, which nobody decided`),
    ...ids.flatMap((dispatchId) => {
      const started = all.filter(({ inputs }) => inputs['dispatch'] === dispatchId);
      return ofDispatch(facts, started, expected, route, dispatchId);
    }),
  ];
}

/** An operator's *again* is one more plan, and one more decision on each route. */
function timesDecided({ again }: Expected): number {
  return again === undefined ? 1 : 2;
}

function ofDispatch(
  facts: readonly FactSummary[],
  started: readonly RunReport[],
  expected: Expected,
  route: TestRoute,
  dispatchId: string,
): string[] {
  const ends = facts.filter((one) => isEndOf(one, dispatchId));
  const reports = facts.filter((one) => one.type === 'issue.reported' && one.data.dispatchId === dispatchId);
  // What was mended has failed first, and its issue is closed by the run.
  const wanted = { started: [1, 1, 0], refused: [0, 1, 1], denied: [0, 0, 1], mended: [1, 2, 2] }[route.end];
  const found = [started.length, ends.length, reports.length];
  return [
    ...(String(found) === String(wanted)
      ? []
      : [`[runs, ends, reports] are [${String(found)}], not [${String(wanted)}]`]),
    ...started.flatMap((run) => wrongRun(run, route, dispatchId)),
    ...ends.flatMap((end) => wrongEnd(end, route, started[0], expected.runIdsMayBeMissing ?? false)),
  ];
}

function isDecisionOn(fact: FactSummary, name: string): fact is FactOf<'route.decided'> {
  return fact.type === 'route.decided' && fact.data.decision.route.id === name;
}

function isEndOf(fact: FactSummary, dispatchId: string): fact is FactOf<'dispatch.accepted' | 'dispatch.failed'> {
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
  const isRefused = route.end === 'refused' || route.end === 'mended';
  if (end.type === 'dispatch.failed') return isRefused ? [] : [`failed with ${end.data.code}`];
  if (route.end === 'refused') return ['accepted, though GitHub refused it'];
  const { workflowRunId } = end.data;
  if (workflowRunId === null && mayBeMissing) return [];
  return workflowRunId === started?.id ? [] : [`accepted as run ${workflowRunId}, but it is run ${started?.id}`];
}

/** What a key asked for is decided once, ends once, and is answered in one and the same way. */
function ofRequest(evidence: Evidence, request: AskedRequest): string[] {
  const { answers, asks } = request;
  const said = new Set(
    answers.map(({ status, body }) => `${status} ${String(body['dispatchId'])} ${String(body['runKey'])}`),
  );
  const [{ status, body } = { status: 0, body: {} }] = answers;
  if (said.size !== 1 || status !== 202) return [`it was answered ${[...said].join(', then ')}`];
  const dispatchId = String(body['dispatchId']);
  const facts = evidence.facts.filter(({ runKey }) => runKey === body['runKey']);
  const found = facts
    .filter(({ type }) => type !== 'dispatch.completed')
    .map(({ type }) => type)
    .toSorted();
  const wanted = ['dispatch.accepted', 'route.decided', 'run.planned'];
  if (String(found) !== String(wanted)) return [`its facts are ${String(found)}, not ${String(wanted)}`];
  const accepted = facts.find((fact) => fact.type === 'dispatch.accepted');
  const decided = facts.find((fact) => fact.type === 'route.decided');
  const ids = [accepted?.data.dispatchId, decided?.data.decision.dispatchId];
  const started = dispatched(evidence).filter((run) => isFor(run, request));
  const known = accepted?.data.workflowRunId ?? null;
  return [
    ...(String(ids) === String([dispatchId, dispatchId])
      ? []
      : [`it was answered ${dispatchId}, and is ${String(ids)}`]),
    ...started
      .filter((run) => run.repository !== request.target)
      .map((run) => `a run was started in ${run.repository}`),
    ...(asks === 'workflow' ? ofStarted(started, known) : ofEvent(started, known, accepted?.data.code)),
  ];
}

function ofStarted(started: readonly RunReport[], known: number | null): string[] {
  return String(started.map(({ id }) => id)) === String(known)
    ? []
    : [`accepted as run ${known}, and the runs are [${String(started.map(({ id }) => id))}]`];
}

/** GitHub says of no event what it started. One whose answer was lost may never have been sent, and is not sent again. */
function ofEvent(started: readonly RunReport[], known: number | null, code: string | undefined): string[] {
  const isRight = code === 'answer-lost' ? started.length <= 1 : code === undefined && started.length === 1;
  return [
    ...(known === null ? [] : [`accepted as run ${known}, which GitHub did not say`]),
    ...(isRight ? [] : [`${started.length} runs of an event that is told as ${code ?? 'accepted'}`]),
  ];
}

/** What an operator did is told once. */
function ofOperator({ facts }: Evidence, { again }: Expected): string[] {
  const acted = facts.flatMap((fact) =>
    fact.type === 'operator.acted' ? [`${fact.data.action} ${fact.data.result}`] : [],
  );
  const wanted = again === undefined ? [] : [`${again} published`];
  return String(acted) === String(wanted) ? [] : [`an operator did [${String(acted)}], not [${String(wanted)}]`];
}

/** A started run that has ended is told of once, under the dispatch and the delivery that started it, and as what GitHub made of it. */
function ofCompletion({ facts }: Evidence, expected: Expected, run: RunReport): string[] {
  // GitHub does not say whose the runs of an event are.
  if (run.status !== 'completed' || run.event === 'repository_dispatch') return [];
  const told = facts.flatMap((fact) =>
    fact.type === 'dispatch.completed' && fact.data.targetRunUrl === run.htmlUrl ? [fact] : [],
  );
  const dispatchId = run.inputs['dispatch'] ?? acceptedAs(facts, run);
  const decided = facts.find((fact) => fact.type === 'route.decided' && fact.data.decision.dispatchId === dispatchId);
  const wanted = [decided?.runKey, decided?.correlationId, dispatchId, run.conclusion, run.stopped];
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

/** A key sets the inputs as it likes: no dispatch id is among them. */
function acceptedAs(facts: readonly FactSummary[], { id }: RunReport): string | undefined {
  const told = facts.find((fact) => fact.type === 'dispatch.accepted' && fact.data.workflowRunId === id);
  return told?.type === 'dispatch.accepted' ? told.data.dispatchId : undefined;
}

function planOf(facts: readonly FactSummary[], { repositoryId, id, attempt }: RunReport): string {
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
function countersOf(fact: FactSummary): string[] {
  switch (fact.type) {
    case 'run.planned':
      return [...(fact.data.revision === 0 ? [arrivalOf(fact.data.trigger)] : []), `plans.${fact.data.outcome}`];
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

function arrivalOf({ type }: Trigger): string {
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
