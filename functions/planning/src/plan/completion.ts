import { type DispatchCompleted, factId, type Route, type RunIgnored, type RunTrigger } from '@dispatcher/contracts';
import { GitHubPermanentError, GitHubRateLimitedError, GitHubUnreachableError } from '@dispatcher/github';
import { type Attempt, type CallOptions, DeferError } from '@dispatcher/lambda';
import { outageWaitMs } from '@dispatcher/store';

/** What the ledger stores about the dispatch that started a run. */
export interface StartingDispatch {
  readonly dispatchId: string;
  readonly routeId: string;
  readonly route: Route;
  /** Run key and delivery of the source's run or of the request: the completion is published under them. */
  readonly runKey: string;
  readonly correlationId: string;
  /** Null if an API key, schedule or webhook requested the dispatch. */
  readonly sourceRunUrl: string | null;
  readonly acceptedAt: string;
  readonly depth: number;
  readonly path: readonly { readonly repository: string; readonly workflow: string }[];
}

/** What a completed run has whether or not it belongs to a workflow file. */
export type EndedRun = Pick<RunTrigger | RunIgnored, 'repository' | 'run'>;
export type CountableRun = EndedRun & { readonly installationId: number };

/**
 * Returns the fact that a run started by a dispatch has completed. A re-run is another completion: the run attempt is
 * part of the id.
 * @param jobs number of the run's jobs; null if it was not requested, or GitHub did not return it
 */
export function completionOf(run: EndedRun, startedBy: StartingDispatch, jobs: number | null): DispatchCompleted {
  const { dispatchId, routeId, route, runKey, correlationId, sourceRunUrl, acceptedAt } = startedBy;
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
      acceptedAt,
      sourceRunUrl,
      targetRunUrl: htmlUrl,
      ...(jobs === null ? {} : { jobs }),
      ...(jobs === 0 ? { code: 'run-not-started' as const } : {}),
    },
  };
}

/**
 * Returns the number of jobs of a failed run; null for a run that did not fail. In the webhook, a run that GitHub's
 * workflow execution protections blocked looks like any failed run, except that none of its jobs started. An invalid
 * workflow file looks the same, so Dispatcher reports no more than that.
 * @throws the error of the request, if another attempt follows; DeferError while GitHub cannot be reached
 */
export async function countJobsOfFailedRun(
  jobCount: (run: CountableRun, options?: CallOptions) => Promise<number>,
  run: CountableRun,
  attempt: Attempt,
  { now, giveUpAfterMs }: { readonly now: () => number; readonly giveUpAfterMs: number },
): Promise<number | null> {
  const { conclusion, updatedAt } = run.run;
  if (conclusion !== 'failure' && conclusion !== 'startup_failure') return null;
  try {
    return await jobCount(run, { signal: attempt.signal });
  } catch (error) {
    const elapsedMs = now() - Date.parse(updatedAt);
    if (error instanceof GitHubUnreachableError && elapsedMs < giveUpAfterMs) {
      const afterMs = Math.max(error.retryAfterMs ?? 0, outageWaitMs(elapsedMs));
      throw new DeferError(`GitHub cannot be reached. ${error.message}`, afterMs, { cause: error });
    }
    const isRetried = !(error instanceof GitHubPermanentError) && !attempt.isLast;
    if (isRetried || error instanceof GitHubRateLimitedError) throw error;
    attempt.log.warn('could not count the jobs of a failed run', { error });
    return null;
  }
}
