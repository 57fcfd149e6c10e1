import type { IssueCalls } from './issue-calls.ts';
import type { IssueLease } from './issue-lease.ts';
import { issueLabel, issueMarker } from './issue-text.ts';

/** An issue to close, under its lease. */
export interface ClosedIssue {
  readonly number: number;
  /** Identifies the issue in its marker. */
  readonly name: string;
  readonly body: string;
  readonly comment: string;
  readonly lease: IssueLease;
}

/**
 * Closes an issue and comments on it, unless it was deleted or a worker that crashed has already closed it. The comment is
 * left out if it would exceed a rate limit: otherwise the next attempt would use its first token for the same change again.
 * @throws DeferError if the change would exceed a rate limit
 */
export async function closeIssue(
  calls: IssueCalls,
  { number, name, body, comment, lease }: ClosedIssue,
): Promise<void> {
  const found = lease.abandoned ? await calls.find(issueLabel, issueMarker(name)) : null;
  if (found?.state === 'closed') return;
  await calls.acquire();
  if (!(await calls.update(number, { body, state: 'closed' }))) return;
  if (await calls.tryAcquire()) await calls.comment(number, comment, lease.until);
}
