import { type DispatchCompleted, factId, type Route, type RunCompleted } from '@dispatcher/contracts';
import { GitHubPermanentError, GitHubRateLimitedError } from '@dispatcher/github';
import type { Attempt } from '@dispatcher/lambda';

/** What the ledger keeps about a run that one of our dispatches started. */
export interface StartedByUs {
  readonly dispatchId: string;
  readonly routeId: string;
  readonly route: Route;
  /** Run key and delivery of the source's run, or of the key's request: the completion is told under them. */
  readonly runKey: string;
  readonly correlationId: string;
  /** Null where a key asked. */
  readonly sourceRunUrl: string | null;
  readonly depth: number;
  readonly path: readonly { readonly repository: string; readonly workflow: string }[];
}

/**
 * The end of a run that a dispatch started. A re-run of it is another completion: the attempt is part of the id.
 * @param jobs of the run, where they were asked for; null where they were not, or GitHub gave no answer
 */
export function completionOf(run: RunCompleted, startedBy: StartedByUs, jobs: number | null): DispatchCompleted {
  const { dispatchId, routeId, route, runKey, correlationId, sourceRunUrl } = startedBy;
  const { id, attempt, conclusion, startedAt, updatedAt, htmlUrl } = run.run;
  return {
    version: 1,
    id: factId('dispatch.completed', dispatchId, id, attempt),
    type: 'dispatch.completed',
    time: updatedAt,
    correlationId,
    runKey,
    data: {
      dispatchId,
      routeId,
      route,
      conclusion,
      durationMs: startedAt === null ? null : Date.parse(updatedAt) - Date.parse(startedAt),
      sourceRunUrl,
      targetRunUrl: htmlUrl,
      ...(jobs === null ? {} : { jobs }),
      ...(jobs === 0 ? { code: 'run-not-started' as const } : {}),
    },
  };
}

/**
 * How many jobs a failed run had. A run that GitHub's workflow execution protections stop looks in the webhook like any
 * failed one; what tells it apart is that no job ever began. An invalid workflow file leaves the same trace, so that is
 * all that is claimed.
 * @throws what the request threw, where another attempt follows
 */
export async function jobsOfFailed(
  jobCount: (run: RunCompleted) => Promise<number>,
  run: RunCompleted,
  attempt: Attempt,
): Promise<number | null> {
  const { conclusion } = run.run;
  if (conclusion !== 'failure' && conclusion !== 'startup_failure') return null;
  try {
    return await jobCount(run);
  } catch (error) {
    const mayComeLater = !(error instanceof GitHubPermanentError) && !attempt.isLast;
    if (mayComeLater || error instanceof GitHubRateLimitedError) throw error;
    attempt.log.warn('jobs of a failed run not known', { error });
    return null;
  }
}
