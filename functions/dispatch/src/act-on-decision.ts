import type { RouteDecided } from '@dispatcher/contracts';
import { GitHubRateLimitedError } from '@dispatcher/github';
import type { Attempt } from '@dispatcher/lambda';
import { type DispatchDependencies, dispatchRoute } from './dispatch-route.ts';
import { inLine, lineOf } from './pace.ts';
import { type ReportDependencies, reportDenied, reportFinished } from './report-issue.ts';

/** One decision: an allowed one is carried out; a denied one, and one that GitHub refuses, is told to who must act. */
export async function actOnDecision(
  deps: DispatchDependencies & ReportDependencies,
  decided: RouteDecided,
  given: Attempt,
): Promise<void> {
  const { dispatchId, routeId } = decided.data.decision;
  const attempt = { ...given, log: given.log.with({ dispatchId, routeId }) };
  try {
    await carryOut(deps, decided, attempt);
  } catch (error) {
    throw error instanceof GitHubRateLimitedError ? await rateLimited(deps, decided, error) : error;
  }
}

async function carryOut(
  deps: DispatchDependencies & ReportDependencies,
  decided: RouteDecided,
  attempt: Attempt,
): Promise<void> {
  if (decided.data.decision.effect === 'deny') {
    await reportDenied(deps, decided, attempt);
    return;
  }
  const finished = await dispatchRoute(deps, decided, attempt);
  await reportFinished(deps, decided, finished, attempt);
}

/** The limit itself is known to all by now: whoever met it has recorded it. */
async function rateLimited(
  deps: DispatchDependencies,
  { data }: RouteDecided,
  error: GitHubRateLimitedError,
): Promise<Error> {
  const { trigger: run, decision } = data;
  const ofOrigin = run.type === 'run.completed' ? run.installationId : decision.target?.installationId;
  const installationId = error.installationId ?? ofOrigin;
  if (installationId === undefined) return error;
  const spender = { installationId, source: lineOf(run) };
  const from = deps.now() + error.retryAfterMs;
  return inLine(deps, spender, { reason: error.message, from, stepMs: deps.paces.writes.stepMs, cause: error });
}
