import {
  ConfigChecked,
  DispatchAccepted,
  DispatchCompleted,
  DispatchFailed,
  hasPlanProblem,
  OperatorActed,
  RouteDecided,
  RunPlanned,
  type Trigger,
} from '@dispatcher/contracts';
import { GitHubRateLimitedError, GitHubUnreachableError } from '@dispatcher/github';
import type { Attempt } from '@dispatcher/lambda';
import { type ReportCheckDependencies, reportChecks, triggerOf } from './checks/report-checks.ts';
import { type ReportFileCheckDependencies, reportFileCheck } from './file-checks/report-file-check.ts';
import { type PlannedDecisionDependencies, readPlannedDecision } from './decision/planned-decision.ts';
import { reportDecision, reportWaitingStart } from './issues/report-decision.ts';
import { reportPlan, type ReportPlanDependencies } from './issues/report-plan.ts';
import { deferFairly, fairnessSourceOf } from './rate-limits/fairness.ts';
import { type DispatchDependencies, dispatchRoute } from './start/dispatch-route.ts';
import { outageWaitMs, type PlanStore } from '@dispatcher/store';
import * as z from 'zod/mini';

export interface ActDependencies
  extends PlannedDecisionDependencies,
    DispatchDependencies,
    ReportPlanDependencies,
    ReportCheckDependencies,
    Pick<ReportFileCheckDependencies, 'fileChecks'> {
  readonly plans: Pick<PlanStore, 'getPlan'>;
  /** How long a decision waits while GitHub cannot be reached, in milliseconds. */
  readonly giveUpAfterMs: number;
}

/**
 * A message of the `decisions` queue: a decision; a plan, which may open or close the issue of its repository; what became of
 * a decision, which the checks on the source's commit show; or the check of a changed file, which its commit shows.
 */
export const DecisionsMessage = z.discriminatedUnion('type', [
  RouteDecided,
  RunPlanned,
  DispatchAccepted,
  DispatchFailed,
  DispatchCompleted,
  OperatorActed,
  ConfigChecked,
]);
export type DecisionsMessage = z.infer<typeof DecisionsMessage>;

/** Acts on one message of the `decisions` queue. */
export async function actOnMessage(deps: ActDependencies, message: DecisionsMessage, attempt: Attempt): Promise<void> {
  if (message.type === 'config.checked') return reportFileCheck(deps, message, attempt);
  if (message.type !== 'route.decided' && !(message.type === 'run.planned' && isForIssue(message))) {
    return reportChecks(deps, triggerOf(message), attempt);
  }
  try {
    if (message.type === 'run.planned') await reportPlan(deps, message, attempt);
    else await actOnDecision(deps, message, attempt);
  } catch (error) {
    if (error instanceof GitHubRateLimitedError) throw await defer(deps, message, error, error.retryAfterMs);
    if (error instanceof GitHubUnreachableError) throw await deferDuringOutage(deps, message, error);
    throw error;
  }
  // A plan that ends a problem may have routes as well.
  if (message.type === 'run.planned') await reportChecks(deps, triggerOf(message), attempt);
}

/** Returns whether the issue of the source repository reports the plan. */
function isForIssue({ data }: RunPlanned): boolean {
  return hasPlanProblem(data) || data.endsProblem === true;
}

/** Carries out a decision of the stored plan if it is allowed, and reports in the source's issues what became of it. */
async function actOnDecision(deps: ActDependencies, message: RouteDecided, { log, ...rest }: Attempt): Promise<void> {
  const planned = await readPlannedDecision(deps, message);
  const { decided, snapshot } = planned;
  const { effect, dispatchId, routeId } = decided.data.decision;
  const attempt = { ...rest, log: log.with({ dispatchId, routeId }) };
  if (effect === 'deny') {
    const { currentRevision: revision } = snapshot;
    if (revision <= decided.data.revision) return reportDecision(deps, planned, null, attempt);
    attempt.log.info('denial dropped: a later revision of the plan replaced it', { revision });
    return;
  }
  try {
    const finished = await dispatchRoute(deps, planned, () => readPlannedDecision(deps, message), attempt);
    if (finished !== null) await reportDecision(deps, planned, finished, attempt);
  } catch (error) {
    // The cause decides when the message is retried.
    await reportWaitingStart(deps, planned).catch((failure: unknown) =>
      attempt.log.warn('it was not recorded that a start waits', { error: failure }),
    );
    throw error;
  }
}

/**
 * Defers the message while GitHub cannot be reached; nothing was started. A decision that has waited for too long uses up
 * its attempts and becomes a dead letter, which somebody sees.
 */
async function deferDuringOutage(
  deps: ActDependencies,
  message: RouteDecided | RunPlanned,
  error: GitHubUnreachableError,
): Promise<Error> {
  const elapsedMs = deps.now() - Date.parse(message.time);
  if (elapsedMs >= deps.giveUpAfterMs) return error;
  return defer(deps, message, error, Math.max(error.retryAfterMs ?? 0, outageWaitMs(elapsedMs)));
}

/** Defers the message. The GitHub client has already recorded the rate limit or the outage for other workers. */
async function defer(
  deps: DispatchDependencies,
  message: RouteDecided | RunPlanned,
  error: GitHubRateLimitedError | GitHubUnreachableError,
  afterMs: number,
): Promise<Error> {
  const limitedId = error instanceof GitHubRateLimitedError ? error.installationId : null;
  const { trigger } = message.data;
  const installationId = limitedId ?? installationOf(message, trigger);
  if (installationId === undefined) return error;
  const key = { installationId, source: fairnessSourceOf(trigger) };
  const { intervalMs } = deps.writeLimits.writes;
  return deferFairly(deps, key, { reason: error.message, from: deps.now() + afterMs, intervalMs, cause: error });
}

function installationOf(message: RouteDecided | RunPlanned, trigger: Trigger): number | undefined {
  if (trigger.type !== 'dispatch.requested') return trigger.installationId;
  return message.type === 'route.decided' ? message.data.decision.target?.installationId : undefined;
}
