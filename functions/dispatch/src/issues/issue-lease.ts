import { GitHubUnknownOutcomeError } from '@dispatcher/github';
import { DeferError } from '@dispatcher/lambda';
import type { FairnessQueue, IssueClaim, IssueRecord, TrackingIssues } from '@dispatcher/store';

export interface LeaseDependencies {
  readonly trackingIssues: TrackingIssues;
  readonly fairnessQueue: FairnessQueue;
  readonly now: () => number;
}

/** The lease of an issue: its stored record, until when the lease is valid, and whether an earlier worker abandoned it. */
export type IssueLease = Extract<IssueClaim, { state: 'claimed' }>;

/** The result of work under a lease. `record` is stored when the lease is released; null stores nothing. */
export interface LeasedResult<R> {
  readonly record: IssueRecord | null;
  readonly result: R;
}

const retryMs = 1_000;

/**
 * Does work on the issue of that name under its lease, so that only one worker at a time creates or changes it.
 * @throws DeferError while another worker has the lease
 */
export async function withIssueLease<R>(
  { trackingIssues, fairnessQueue, now }: LeaseDependencies,
  name: string,
  work: (lease: IssueLease) => Promise<LeasedResult<R>>,
): Promise<R> {
  const claim = await trackingIssues.claimIssue(name);
  if (claim.state === 'busy') {
    const retryAt = await fairnessQueue.reserve(`issue#${name}`, now() + retryMs, retryMs);
    throw new DeferError('Another worker is writing the issue.', retryAt - now());
  }
  try {
    const { record, result } = await work(claim);
    if (record === null) await trackingIssues.releaseClaim(name, claim.lease);
    else await trackingIssues.recordIssue(name, claim.lease, record);
    return result;
  } catch (error) {
    // After a lost response, an issue may exist. The lease is left to expire, and the next worker searches first.
    if (!(error instanceof GitHubUnknownOutcomeError)) await trackingIssues.releaseClaim(name, claim.lease);
    throw error;
  }
}
