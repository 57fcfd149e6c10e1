import type { RouteDecided } from '@dispatcher/contracts';
import type { Attempt } from '@dispatcher/lambda';
import { type DispatchDependencies, dispatchRoute } from './dispatch-route.ts';
import { type ReportDependencies, reportDenied, reportFailed } from './report-issue.ts';

/** One decision: an allowed one is carried out; a denied one, and one that GitHub refuses, is told to who must act. */
export async function actOnDecision(
  deps: DispatchDependencies & ReportDependencies,
  decided: RouteDecided,
  given: Attempt,
): Promise<void> {
  const { decision } = decided.data;
  const { dispatchId, routeId } = decision;
  const attempt = { ...given, log: given.log.with({ dispatchId, route: routeId }) };
  if (decision.effect === 'deny') {
    await reportDenied(deps, decided, attempt);
    return;
  }
  const finished = await dispatchRoute(deps, decided, attempt);
  if (finished.state === 'failed') await reportFailed(deps, decided, finished, attempt);
}
