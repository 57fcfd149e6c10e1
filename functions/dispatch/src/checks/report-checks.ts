import {
  type DispatchAccepted,
  type DispatchCompleted,
  type DispatchFailed,
  type OperatorActed,
  type Plan,
  type RunCompleted,
  type RunPlanned,
  runKeyPattern,
  runPageOf,
} from '@dispatcher/contracts';
import {
  type GitHubApp,
  GitHubPermanentError,
  GitHubRateLimitedError,
  GitHubUnreachableError,
} from '@dispatcher/github';
import { type Attempt, DeferError, PermanentError } from '@dispatcher/lambda';
import {
  type CheckGroup,
  type CheckReads,
  type CheckSnapshot,
  type DispatchRecord,
  type OpenChecks,
  outageWaitMs,
  type StartedRunState,
} from '@dispatcher/store';
import * as z from 'zod/mini';
import { fairnessSourceOf } from '../rate-limits/fairness.ts';
import {
  abandonedCheck,
  type CheckContext,
  type CheckSettings,
  desiredChecks,
  type ReportedRoute,
} from './check-content.ts';
import { reportedDecisions, type ReportedDecision, routeStateOf } from './route-state.ts';
import {
  areWritten,
  type CheckTask,
  moreUrgent,
  withCheckGroup,
  type WriteCheckDependencies,
  writeChecks,
} from './write-checks.ts';

/** The messages that say that the checks of a run may have to change. */
export type CheckMessage = RunPlanned | DispatchAccepted | DispatchFailed | DispatchCompleted | OperatorActed;

export interface ReportCheckDependencies extends WriteCheckDependencies, CheckSettings {
  readonly checkReads: CheckReads;
  readonly openChecks: OpenChecks;
  readonly runs: Pick<GitHubApp['runs'], 'getRun'>;
  readonly publicUrl: string | null;
  /** How long a message waits while GitHub cannot be reached, in milliseconds. */
  readonly giveUpAfterMs: number;
  /** Accounts whose installation has not granted `checks: write`, in lower case, and until when they are not asked again. */
  readonly withoutChecks: Map<string, number>;
}

const minuteMs = 60_000;
/** For so long no check is requested from an installation that has not granted the permission. */
const unavailableForMs = 10 * minuteMs;
/** A check run is created a little after the plan, because it is then usually known that its route started. */
const startGraceMs = 10_000;
/** GitHub marks what is open as stale after 14 days. */
export const overdueAfterMs = 13 * 24 * 60 * minuteMs;
const maxRefreshes = 10;
const maxPlans = 10;

/** Why the checks of a run may have to change. */
export interface CheckTrigger {
  readonly runKey: string;
  /** The revision that the trigger is about; null if it is about all of them. */
  readonly revision: number | null;
  readonly time: string;
  /** The started runs to read from GitHub: that of one dispatch, or all whose end is not known. */
  readonly readRuns: 'none' | 'open' | { readonly dispatchId: string };
  /** Somebody asked to write the checks again. */
  readonly refresh: { readonly actionId: string; readonly isFull: boolean } | null;
  /** What the message says about itself. It can only save reads: a forged message that says otherwise stops itself. */
  readonly hint: {
    /** The owner of the source; null if the message does not name it. */
    readonly owner: string | null;
    readonly dispatchId: string | null;
  };
}

export const noHint: CheckTrigger['hint'] = { owner: null, dispatchId: null };

/** Takes from a message what it says about the checks of its run. Nothing else of it is used. */
export function triggerOf(message: CheckMessage): CheckTrigger {
  const { runKey, time } = message;
  const shared = { runKey, time, readRuns: 'none', refresh: null, hint: noHint } as const;
  switch (message.type) {
    case 'run.planned': {
      const { revision, trigger } = message.data;
      const owner = trigger.type === 'run.completed' ? trigger.repository.owner : null;
      return { ...shared, revision, hint: { owner, dispatchId: null } };
    }
    case 'dispatch.accepted':
    case 'dispatch.failed':
      return { ...shared, revision: message.data.revision ?? 0, hint: hintOf(message.data) };
    case 'dispatch.completed': {
      const { dispatchId } = message.data;
      return { ...shared, revision: null, readRuns: { dispatchId }, hint: hintOf(message.data) };
    }
    default: {
      const { actionId, action, routeId, revision } = message.data;
      const refresh = { actionId, isFull: action === 're-evaluate' && routeId === null };
      return { ...shared, revision, readRuns: 'open', refresh };
    }
  }
}

function hintOf({ route, dispatchId }: Pick<DispatchAccepted['data'], 'route' | 'dispatchId'>): CheckTrigger['hint'] {
  const { source } = route;
  const [owner = null] = 'repository' in source ? source.repository.split('/') : [];
  return { owner, dispatchId };
}

/**
 * Brings the check runs of a run up to date with what is stored about its routes and what GitHub says about the started
 * runs. Every trigger leads to the same checks, whatever their order and however often they come.
 * @throws PermanentError if no plan of the run is stored
 * @throws DeferError if something has to wait
 */
export async function reportChecks(
  deps: ReportCheckDependencies,
  trigger: CheckTrigger,
  attempt: Attempt,
): Promise<void> {
  const { runKey, hint } = trigger;
  if (deps.createChecks === 'none' || isWithoutChecks(deps, hint.owner)) return;
  if (!runKeyPattern.test(runKey)) throw unplanned(runKey);
  const known = await readKnown(deps, trigger);
  const newest = known.group.revisions.at(-1) ?? 0;
  const stored = known.plans.get(newest) ?? null;
  if (stored === null) throw unplanned(runKey);
  const { plan, plannedAt } = stored;
  if (plan.trigger.type !== 'run.completed' || isWithoutChecks(deps, plan.trigger.repository.owner)) return;
  const run = { trigger, plan, plannedAt: Date.parse(plannedAt), source: plan.trigger };
  try {
    await report(deps, run, known, attempt);
  } catch (error) {
    throw deferralOf(deps, trigger, error);
  }
}

function isWithoutChecks({ withoutChecks, now }: ReportCheckDependencies, owner: string | null): boolean {
  return owner !== null && (withoutChecks.get(owner.toLowerCase()) ?? 0) > now();
}

function unplanned(runKey: string): PermanentError {
  return new PermanentError(`No plan of run ${JSON.stringify(runKey)} is stored.`, { reason: 'decision-not-in-plan' });
}

/** Checks wait for GitHub without using up attempts, as decisions do. */
export function deferralOf(
  { now, giveUpAfterMs }: Pick<ReportCheckDependencies, 'now' | 'giveUpAfterMs'>,
  { time }: Pick<CheckTrigger, 'time'>,
  error: unknown,
): unknown {
  if (error instanceof GitHubRateLimitedError)
    return new DeferError(error.message, error.retryAfterMs, { cause: error });
  if (!(error instanceof GitHubUnreachableError)) return error;
  const elapsedMs = now() - Date.parse(time);
  if (elapsedMs >= giveUpAfterMs) return error;
  return new DeferError(error.message, Math.max(error.retryAfterMs ?? 0, outageWaitMs(elapsedMs)), { cause: error });
}

interface RunReport {
  readonly trigger: CheckTrigger;
  /** The newest plan. */
  readonly plan: Plan;
  readonly plannedAt: number;
  readonly source: RunCompleted;
}

async function report(deps: ReportCheckDependencies, run: RunReport, before: Known, attempt: Attempt): Promise<void> {
  const { plan, source } = run;
  const { installationId, repository } = source;
  if (!mustWrite(deps, routesOf(before), run)) return;
  const { id: repositoryId, owner, name } = repository;
  const task: CheckTask = {
    key: plan.runKey,
    place: { installationId, repositoryId, owner, name, headSha: source.run.headSha },
    source: fairnessSourceOf(source),
    signal: attempt.signal,
  };
  let problem: unknown = null;
  await withCheckGroup(deps, plan.runKey, async (claim) => {
    const group = withTrigger(claim.group, run.trigger);
    // A stored plan never changes; the ledger is read again, because another worker may have written newer checks.
    const routes = routesOf(await readMissing(deps, plan.runKey, { ...before, group, dispatches: new Map() }));
    const read = await readStartedRuns(deps, routes, run.trigger, attempt);
    const current = { ...group, runs: { ...group.runs, ...read.runs } };
    const desired = desiredOf(deps, current, withRuns(routes.routes, current), run);
    const isOpen = desired.ready.some(({ content }) => content.status !== 'completed');
    const openSince = openSinceOf(current, run) ?? (isOpen || hasOpen(current) ? run.plannedAt : undefined);
    // Before the write, so that no check run stays open unnoticed; and each time, because a worker may have died after it
    // had removed the group and before it stored that.
    if (isOpen && openSince !== undefined) await deps.openChecks.add(plan.runKey, openSince);
    const written = await writeChecks(deps, task, claim, { ...current, openSince }, desired.ready);
    problem = [read.wait, desired.wait].filter((wait) => wait !== null).reduce(moreUrgent, written.error);
    if (openSince === undefined || hasOpen(written.group)) return written.group;
    await deps.openChecks.remove(plan.runKey, openSince);
    // What was completed as overdue stays so for this plan, whatever is reported later.
    const isOverdue = deps.now() - openSince >= overdueAfterMs;
    return { ...written.group, openSince: isOverdue ? openSince : undefined };
  });
  if (problem === null) return;
  if (problem instanceof GitHubPermanentError && problem.code !== null) {
    deps.withoutChecks.set(repository.owner.toLowerCase(), deps.now() + unavailableForMs);
    const isRequested = plan.decisions.some(({ check }) => check !== undefined);
    const reason = problem.message;
    attempt.log[isRequested ? 'warn' : 'info']('checks not written: the App may not write them', { reason });
    return;
  }
  throw problem;
}

/** Returns since when the check runs are open. A plan that was made after they were overdue begins anew. */
function openSinceOf({ openSince }: CheckGroup, { plannedAt }: Pick<RunReport, 'plannedAt'>): number | undefined {
  return openSince !== undefined && plannedAt >= openSince + overdueAfterMs ? undefined : openSince;
}

function hasOpen({ checks }: CheckGroup): boolean {
  return Object.values(checks).some(({ isCompleted, refused }) => !isCompleted && refused === undefined);
}

/** Adds what the trigger says about revisions: which ones exist, and who asked to write the checks again. */
function withTrigger(group: CheckGroup, { revision, refresh }: CheckTrigger): CheckGroup {
  const known = revision === null ? group.revisions : [...group.revisions, revision];
  const revisions = [...new Set(known.length === 0 ? [0] : known)].sort((a, b) => a - b).slice(-maxPlans);
  const { refreshes, fullRevision } = group;
  if (refresh === null) return { ...group, revisions };
  return {
    ...group,
    revisions,
    fullRevision: refresh.isFull ? Math.max(fullRevision, revision ?? 0) : fullRevision,
    refreshes: refreshes.includes(refresh.actionId) ? refreshes : [...refreshes, refresh.actionId].slice(-maxRefreshes),
  };
}

interface KnownRoute extends ReportedDecision {
  readonly record: DispatchRecord | null;
}

interface KnownRoutes {
  readonly group: CheckGroup;
  readonly routes: readonly KnownRoute[];
}

/** What was read about a run. */
type Known = CheckSnapshot;

/** Reads the group of the run, the plans that count, and the ledger's records of their dispatches. */
async function readKnown(deps: ReportCheckDependencies, trigger: CheckTrigger): Promise<Known> {
  const { runKey, revision, hint } = trigger;
  // A run has one plan, and a message names its dispatch, so that one read suffices for nearly every message.
  const isReadable = hint.dispatchId !== null && dispatchIdPattern.test(hint.dispatchId);
  const dispatchIds = isReadable ? [hint.dispatchId] : [];
  const read = await deps.checkReads.read({ runKey, revisions: [revision ?? 0], dispatchIds });
  return readMissing(deps, runKey, { ...read, group: withTrigger(read.group, trigger) });
}

/** DynamoDB refuses an empty key and a long one. Only a forged message would name it. */
const dispatchIdPattern = /^[0-9a-f]{32}$/;

/** Reads the plans of the group that are missing, then the records of their dispatches that are missing. */
async function readMissing(deps: ReportCheckDependencies, runKey: string, known: Known): Promise<Known> {
  const { group, plans, dispatches } = known;
  const revisions = countedRevisions(group).filter((revision) => !plans.has(revision));
  const dispatchIds = [
    ...new Set(
      reportedOf(known)
        .filter(isStartable)
        .map(({ decision }) => decision.dispatchId),
    ),
  ].filter((id) => !dispatches.has(id));
  if (revisions.length + dispatchIds.length === 0) return known;
  const read = await deps.checkReads.read({ runKey, revisions, dispatchIds });
  return readMissing(deps, runKey, {
    group,
    plans: new Map([...plans, ...read.plans]),
    dispatches: new Map([...dispatches, ...read.dispatches]),
  });
}

function countedRevisions({ revisions, fullRevision }: CheckGroup): number[] {
  return revisions.filter((revision) => revision >= fullRevision);
}

function reportedOf({ group, plans }: Known): ReportedDecision[] {
  const counted = countedRevisions(group).map((revision) => plans.get(revision)?.plan);
  return reportedDecisions(counted.filter((plan) => plan !== undefined));
}

/** What the first plan denies was never started. */
function isStartable({ decision, revision }: ReportedDecision): boolean {
  return decision.effect === 'allow' || revision > 0;
}

function routesOf(known: Known): KnownRoutes {
  const routes = reportedOf(known).map((route) => {
    const record = isStartable(route) ? known.dispatches.get(route.decision.dispatchId) : undefined;
    return { ...route, record: record ?? null };
  });
  return { group: known.group, routes };
}

function withRuns(routes: readonly KnownRoute[], { runs }: CheckGroup): ReportedRoute[] {
  return routes.map(({ record, ...route }) => ({
    ...route,
    state: routeStateOf(route, record, runs[route.decision.dispatchId] ?? null),
  }));
}

/** Returns the checks to write now, and until when others wait. */
function desiredOf(
  deps: ReportCheckDependencies,
  group: CheckGroup,
  routes: readonly ReportedRoute[],
  { plan, plannedAt, source }: RunReport,
) {
  const context: CheckContext = {
    createChecks: deps.createChecks,
    docsUrl: deps.docsUrl,
    trigger: source,
    runPage: runPageOf(deps.publicUrl, plan.runKey),
    isOverdue: deps.now() - (openSinceOf(group, { plannedAt }) ?? plannedAt) >= overdueAfterMs,
  };
  const desired = desiredChecks(routes, context);
  const names = new Set(desired.map(({ name }) => name));
  const abandoned = Object.entries(group.checks)
    .filter(([name, { isCompleted, refused }]) => !names.has(name) && !isCompleted && refused === undefined)
    .map(([name]) => abandonedCheck(name, context));
  const graceMs = plannedAt + startGraceMs - deps.now();
  const isEarly = ({ name, content }: (typeof desired)[number]) =>
    graceMs > 0 && content.status === 'queued' && group.checks[name] === undefined;
  const early = desired.filter(isEarly);
  return {
    ready: [...desired.filter((check) => !isEarly(check)), ...abandoned],
    wait: early.length === 0 ? null : new DeferError('A check waits for the start of its route.', graceMs),
  };
}

/** Returns whether a claim is needed: something has to be written or read. */
function mustWrite(deps: ReportCheckDependencies, { group, routes }: KnownRoutes, run: RunReport): boolean {
  if (run.trigger.readRuns !== 'none') return routes.length > 0;
  const { ready, wait } = desiredOf(deps, group, withRuns(routes, group), run);
  return wait !== null || !areWritten(group, ready);
}

const Run = z.object({
  run_attempt: z._default(z.int(), 1),
  status: z.string(),
  conclusion: z.nullish(z.string()),
  run_started_at: z.nullish(z.string()),
  updated_at: z.nullish(z.string()),
});

/** GitHub may still report a run as in progress for a moment after it said that the run completed. */
const lagMs = 2 * minuteMs;
const lagRetryMs = 15_000;

/**
 * Reads from GitHub the started runs that a trigger is about: the one that completed or, if somebody asked to write the
 * checks again, all whose end is not known. What GitHub says counts, not what a message says.
 */
async function readStartedRuns(
  deps: ReportCheckDependencies,
  { group, routes }: KnownRoutes,
  { readRuns, time }: CheckTrigger,
  { signal }: Pick<Attempt, 'signal'>,
): Promise<{ readonly runs: CheckGroup['runs']; readonly wait: unknown }> {
  const isRead = ({ decision }: KnownRoute): boolean => {
    if (readRuns === 'none') return false;
    if (readRuns !== 'open') return decision.dispatchId === readRuns.dispatchId;
    return group.runs[decision.dispatchId]?.status !== 'completed';
  };
  const runs: Record<string, StartedRunState> = {};
  let wait: unknown = null;
  for (const route of routes) {
    const { decision, record } = route;
    // A target that hides its runs is not asked.
    if (record?.state !== 'accepted' || decision.report === 'none' || !isRead(route)) continue;
    const state = await readRun(deps, record, signal);
    runs[decision.dispatchId] = state;
    const isLate = typeof readRuns === 'object' && state.status !== 'completed';
    if (isLate && deps.now() - Date.parse(time) < lagMs) {
      wait = new DeferError('GitHub does not show the end of the started run yet.', lagRetryMs);
    }
  }
  return { runs, wait };
}

async function readRun(
  { runs }: ReportCheckDependencies,
  { target, route, workflowRunId }: Extract<DispatchRecord, { state: 'accepted' }>,
  signal: AbortSignal,
): Promise<StartedRunState> {
  const [owner = '', name = ''] = route.target.repository.split('/');
  try {
    const run = z.parse(
      Run,
      await runs.getRun({ ...target, owner, name }, workflowRunId, { signal, followsRenames: true }),
    );
    return {
      attempt: run.run_attempt,
      status: run.status,
      conclusion: run.conclusion ?? null,
      startedAt: run.run_started_at ?? null,
      updatedAt: run.updated_at ?? null,
    };
  } catch (error) {
    // The run was deleted, or the App has no access any more: its end will never be known.
    if (!(error instanceof GitHubPermanentError)) throw error;
    return { attempt: 1, status: 'completed', conclusion: null, startedAt: null, updatedAt: null };
  }
}
