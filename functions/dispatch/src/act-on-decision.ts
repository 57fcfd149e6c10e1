import type { RouteDecided } from '@dispatcher/contracts';
import { GitHubRateLimitedError } from '@dispatcher/github';
import type { Attempt } from '@dispatcher/lambda';
import { type ReportDependencies, reportDecision } from './issues/report-decision.ts';
import { deferFairly, fairnessSourceOf } from './rate-limits/fairness.ts';
import { type DispatchDependencies, dispatchRoute } from './start/dispatch-route.ts';

/** Carries out a decision if it is allowed, and reports in the source's issues what became of it. */
export async function actOnDecision(
  deps: DispatchDependencies & ReportDependencies,
  decided: RouteDecided,
  { log, ...rest }: Attempt,
): Promise<void> {
  const { effect, dispatchId, routeId } = decided.data.decision;
  const attempt = { ...rest, log: log.with({ dispatchId, routeId }) };
  try {
    const finished = effect === 'deny' ? null : await dispatchRoute(deps, decided, attempt);
    await reportDecision(deps, decided, finished, attempt);
  } catch (error) {
    throw error instanceof GitHubRateLimitedError ? await deferOnRateLimit(deps, decided, error) : error;
  }
}

/** Defers the message until after the rate limit, which the GitHub client has already recorded for other workers. */
async function deferOnRateLimit(
  deps: DispatchDependencies,
  { data: { trigger, decision } }: RouteDecided,
  error: GitHubRateLimitedError,
): Promise<Error> {
  const triggerInstallationId =
    trigger.type === 'run.completed' ? trigger.installationId : decision.target?.installationId;
  const installationId = error.installationId ?? triggerInstallationId;
  if (installationId === undefined) return error;
  const key = { installationId, source: fairnessSourceOf(trigger) };
  const from = deps.now() + error.retryAfterMs;
  const { intervalMs } = deps.writeLimits.writes;
  return deferFairly(deps, key, { reason: error.message, from, intervalMs, cause: error });
}
