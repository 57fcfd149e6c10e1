import type { RouteDecided } from '@dispatcher/contracts';
import { GitHubRateLimitedError, GitHubUnreachableError } from '@dispatcher/github';
import type { Attempt } from '@dispatcher/lambda';
import { type ReportDependencies, reportDecision } from './issues/report-decision.ts';
import { deferFairly, fairnessSourceOf } from './rate-limits/fairness.ts';
import { type DispatchDependencies, dispatchRoute } from './start/dispatch-route.ts';
import { outageWaitMs } from '@dispatcher/store';

export interface ActDependencies extends DispatchDependencies, ReportDependencies {
  /** How long a decision waits while GitHub cannot be reached, in milliseconds. */
  readonly giveUpAfterMs: number;
}

/** Carries out a decision if it is allowed, and reports in the source's issues what became of it. */
export async function actOnDecision(
  deps: ActDependencies,
  decided: RouteDecided,
  { log, ...rest }: Attempt,
): Promise<void> {
  const { effect, dispatchId, routeId } = decided.data.decision;
  const attempt = { ...rest, log: log.with({ dispatchId, routeId }) };
  try {
    const finished = effect === 'deny' ? null : await dispatchRoute(deps, decided, attempt);
    await reportDecision(deps, decided, finished, attempt);
  } catch (error) {
    if (error instanceof GitHubRateLimitedError) throw await defer(deps, decided, error, error.retryAfterMs);
    if (error instanceof GitHubUnreachableError) throw await deferDuringOutage(deps, decided, error);
    throw error;
  }
}

/**
 * Defers the message while GitHub cannot be reached; nothing was started. A decision that has waited for too long uses up
 * its attempts and becomes a dead letter, which somebody sees.
 */
async function deferDuringOutage(
  deps: ActDependencies,
  decided: RouteDecided,
  error: GitHubUnreachableError,
): Promise<Error> {
  const elapsedMs = deps.now() - Date.parse(decided.time);
  if (elapsedMs >= deps.giveUpAfterMs) return error;
  return defer(deps, decided, error, Math.max(error.retryAfterMs ?? 0, outageWaitMs(elapsedMs)));
}

/** Defers the message. The GitHub client has already recorded the rate limit or the outage for other workers. */
async function defer(
  deps: DispatchDependencies,
  { data: { trigger, decision } }: RouteDecided,
  error: GitHubRateLimitedError | GitHubUnreachableError,
  afterMs: number,
): Promise<Error> {
  const limitedId = error instanceof GitHubRateLimitedError ? error.installationId : null;
  const triggerId = trigger.type === 'run.completed' ? trigger.installationId : decision.target?.installationId;
  const installationId = limitedId ?? triggerId;
  if (installationId === undefined) return error;
  const key = { installationId, source: fairnessSourceOf(trigger) };
  const { intervalMs } = deps.writeLimits.writes;
  return deferFairly(deps, key, { reason: error.message, from: deps.now() + afterMs, intervalMs, cause: error });
}
