// What the page of a run shows, computed from the facts of the run.
import type { Schemas } from '../api/schemas.ts';
import { counted } from './counts.ts';
import { workflowFile } from './names.ts';
import { isLeftToAnotherRun, type State, stateOfDecision, stateOfDispatch, stateOfOutcome } from './states.ts';

export type Revision = Schemas['RunRevision'];
export type HistoryFact = Revision['facts'][number];
export type Trigger = Schemas['Trigger'];
type FactOf<Type extends HistoryFact['type']> = Extract<HistoryFact, { readonly type: Type }>;
export type Decided = FactOf<'route.decided'>;
export type Decision = Decided['data']['decision'];
export type Planned = FactOf<'run.planned'>;
export type Accepted = FactOf<'dispatch.accepted'>;
export type Failed = FactOf<'dispatch.failed'>;
export type Completed = FactOf<'dispatch.completed'>;
type Target = Schemas['Route']['target'];

export interface RouteHistory {
  readonly decided: Decided;
  readonly accepted: Accepted | null;
  readonly failed: Failed | null;
  readonly completed: Completed | null;
}

const ofType = <Type extends HistoryFact['type']>(facts: readonly HistoryFact[], type: Type) =>
  facts.filter((fact): fact is FactOf<Type> => fact.type === type);

/** Returns the plan of a revision; null for a run that was never planned. */
export const planOf = ({ facts }: Revision): Planned | null => ofType(facts, 'run.planned')[0] ?? null;

const newest = <Fact extends Accepted | Completed | Failed>(all: readonly Fact[], dispatchId: string) =>
  all.findLast((fact) => fact.data.dispatchId === dispatchId) ?? null;

/** Returns the decisions of a revision in the order of the plan, each with what its dispatch came to. */
export function routesOf({ facts }: Revision): readonly RouteHistory[] {
  const [accepted, failed, completed] = [
    ofType(facts, 'dispatch.accepted'),
    ofType(facts, 'dispatch.failed'),
    ofType(facts, 'dispatch.completed'),
  ];
  return ofType(facts, 'route.decided')
    .toSorted((one, other) => one.data.index - other.data.index)
    .map((decided) => {
      const { dispatchId } = decided.data.decision;
      return {
        decided,
        accepted: newest(accepted, dispatchId),
        failed: newest(failed, dispatchId),
        completed: newest(completed, dispatchId),
      };
    });
}

/** Returns the state of a route in a run: its decision, and once it was dispatched, its newest step. */
export function stateOfRouteHistory({ decided, accepted, failed, completed }: RouteHistory): State {
  if (completed !== null) return stateOfDispatch('completed', completed.data.conclusion);
  if (accepted !== null) return stateOfDispatch(accepted.data.code === undefined ? 'accepted' : 'accepted-unverified');
  if (failed !== null) return stateOfDispatch('failed');
  return stateOfDecision(decided.data.decision);
}

export interface StartedRun {
  /** Its address on GitHub. */
  readonly url: string;
  readonly target: Extract<Target, { readonly workflow: string }>;
  /** The key of its own page; null until it has completed. */
  readonly runKey: string | null;
}

/** Returns the runs that a run has started. The run of an event is not known. */
export const startedRuns = (routes: readonly RouteHistory[]): readonly StartedRun[] =>
  routes.flatMap(({ accepted, completed, decided }) => {
    const { route, target: facts } = decided.data.decision;
    const url = completed?.data.targetRunUrl ?? accepted?.data.htmlUrl ?? null;
    if (url === null || !('workflow' in route.target)) return [];
    const runId = /\/runs\/(\d+)/.exec(url)?.[1];
    const hasPage = completed !== null && facts !== undefined && runId !== undefined;
    return [{ url, target: route.target, runKey: hasPage ? `${facts.repositoryId}-${runId}-1` : null }];
  });

/** Whether a route was started, or is going to be. */
export const isFine = ({ decided, accepted, failed, completed }: RouteHistory): boolean =>
  accepted !== null || completed !== null || (failed === null && decided.data.decision.effect === 'allow');

/** Returns the routes with those first that were not started. */
export const inNeedFirst = (routes: readonly RouteHistory[]): readonly RouteHistory[] => [
  ...routes.filter((route) => !isFine(route)),
  ...routes.filter(isFine),
];

/** Returns a target as a subject: `cd.yml of octo-org/deploy`, `The event deploy of octo-org/deploy`. */
export const subjectOf = (target: Target): string =>
  'workflow' in target
    ? `${workflowFile(target.workflow)} of ${target.repository}`
    : `The event ${target.eventType} of ${target.repository}`;

const endOf = (completed: Completed | null) => {
  if (completed === null) return 'was started';
  const { word } = stateOfDispatch('completed', completed.data.conclusion);
  return `was started and ${word === 'No conclusion' ? 'completed' : word.toLowerCase()}`;
};

/** Returns what happened to one route, in one sentence. */
export function sentenceOfRoute(route: RouteHistory): string {
  const { decided, accepted, failed, completed } = route;
  const { decision } = decided.data;
  const subject = subjectOf(decision.route.target);
  if (accepted !== null || completed !== null) return `${subject} ${endOf(completed)}.`;
  if (failed !== null) return `${subject} was not started: ${failed.data.message}`;
  if (decision.effect === 'allow') return `${subject} is allowed and will be started.`;
  // The sentence of a dry run says itself that nothing was started, as that of a decision left to another run.
  if (decision.code === 'dry-run' || isLeftToAnotherRun(decision.code)) return decision.message;
  return `${subject} was not started: ${decision.message}`;
}

/** Returns the answer of a revision in one sentence: what was started, or why nothing was. */
export function sentenceOfRevision(revision: Revision): string {
  const plan = planOf(revision);
  const routes = routesOf(revision);
  const [only] = routes;
  if (routes.length === 1 && only !== undefined) return sentenceOfRoute(only);
  if (routes.length > 1) {
    const started = routes.filter(({ accepted, completed }) => accepted !== null || completed !== null).length;
    const dry = routes.filter(({ decided }) => decided.data.decision.code === 'dry-run').length;
    const left = routes.filter(({ decided }) => isLeftToAnotherRun(decided.data.decision.code)).length;
    const refused = routes.filter(({ decided }) => decided.data.decision.effect === 'deny').length - dry - left;
    const failed = routes.filter(
      ({ accepted, completed, failed: failure }) => failure !== null && accepted === null && completed === null,
    ).length;
    const waiting = routes.length - started - refused - dry - left - failed;
    const parts = [
      started > 0 ? `${started} started` : '',
      waiting > 0 ? `${waiting} to be started` : '',
      left > 0 ? `${left} left to another run of the commit` : '',
      refused > 0 ? `${refused} refused` : '',
      dry > 0 ? `${dry} in a dry run` : '',
      failed > 0 ? `${failed} failed to start` : '',
    ].filter((part) => part !== '');
    return `${counted(routes.length, 'route')}: ${parts.join(', ')}.`;
  }
  if (plan !== null) return plan.data.message;
  const latest = revision.facts.at(-1);
  if (latest?.type === 'run.delayed') return `Not planned yet: ${latest.data.message}`;
  if (latest?.type === 'delivery.ignored') return `Ignored: ${latest.data.message}`;
  if (latest?.type === 'message.dead-lettered')
    return `Not planned: its message is a dead letter (${latest.data.detail}).`;
  return 'Received, and not planned yet.';
}

/** Returns the state of a revision as its heading shows it. */
export function stateOfRevision(revision: Revision): State {
  const plan = planOf(revision);
  if (plan === null) return { icon: 'clock', tone: 'attention', word: 'Not planned yet' };
  return stateOfOutcome(plan.data.outcome, plan.data);
}

/** Returns what the patterns of the matching rules mean, in one sentence. */
export function sentenceOfCandidates({ count, isComplete }: NonNullable<Planned['data']['candidates']>): string {
  const matches = `${counted(count, 'repository', 'repositories')} ${count === 1 ? 'was' : 'were'} decided because of a pattern`;
  return isComplete ? `${matches}.` : `${matches}; more allow this source than the consent index lists.`;
}

export interface TimelineStep {
  readonly id: 'completed' | 'dispatched' | 'planned' | 'received' | 'run' | 'started';
  readonly title: string;
  readonly isDone: boolean;
  /** Null while it has not happened, or is not known: GitHub reports when a run started once it has completed. */
  readonly time: string | null;
}

/** Returns when the run that a dispatch started began, as GitHub reported it; null if it did not. */
export const startOf = ({ time, data: { durationMs } }: Completed): string | null =>
  durationMs === null ? null : new Date(Date.parse(time) - durationMs).toISOString();

const first = (times: readonly string[]) => times.toSorted()[0] ?? null;
const last = (times: readonly string[]) => times.toSorted().at(-1) ?? null;

/** Returns the steps from the end of the source's run to the end of what it started. */
export function timelineOf(revision: Revision, trigger: Trigger | null): readonly TimelineStep[] {
  const { facts } = revision;
  const plan = planOf(revision);
  const accepted = ofType(facts, 'dispatch.accepted');
  const completed = ofType(facts, 'dispatch.completed');
  const isOver = accepted.length > 0 && completed.length >= accepted.length;
  const steps: TimelineStep[] = [];
  if (trigger?.type === 'run.completed') steps.push(stepAt('run', 'Run completed', trigger.run.updatedAt));
  steps.push(
    stepAt('received', 'Received', trigger?.receivedAt ?? null),
    // A plan is stored with its decisions.
    stepAt('planned', 'Planned and decided', plan?.time ?? null),
  );
  if ((plan?.data.allowed ?? 0) > 0) {
    const isStarted = accepted.some(({ data }) => data.workflowRunId !== null) || completed.length > 0;
    steps.push(
      stepAt('dispatched', 'Dispatched', first(accepted.map(({ time }) => time))),
      { ...stepAt('started', 'Started', first(completed.flatMap((fact) => startOf(fact) ?? []))), isDone: isStarted },
      stepAt('completed', 'Completed', isOver ? last(completed.map(({ time }) => time)) : null),
    );
  }
  return steps;
}

const stepAt = (id: TimelineStep['id'], title: string, time: string | null): TimelineStep => ({
  id,
  title,
  isDone: time !== null,
  time,
});

/** Returns how long each step of a timeline took until the next one whose time is known; null where that is unknown. */
export const durationsOf = (steps: readonly TimelineStep[]): readonly (number | null)[] =>
  steps.map(({ time }, index) => {
    const next = steps[index + 1]?.time ?? null;
    const took = time === null || next === null ? 0 : Date.parse(next) - Date.parse(time);
    // GitHub reports whole seconds, which can be before a time of Dispatcher's.
    return took > 0 ? took : null;
  });

/** Returns what triggered a run, from the newest revision that says so. */
export const triggerOf = (revisions: readonly Revision[]): Trigger | null =>
  revisions.map(planOf).find((plan) => plan !== null)?.data.trigger ?? null;

/** Returns the address of GitHub that the run's own address begins with. */
export function githubOf(trigger: Trigger | null): string {
  if (trigger === null || trigger.type === 'dispatch.requested') return 'https://github.com';
  const { owner, name } = trigger.repository;
  const at = trigger.run.htmlUrl.indexOf(`/${owner}/${name}/`);
  return at === -1 ? 'https://github.com' : trigger.run.htmlUrl.slice(0, at);
}
