import { type AuthorizationRevoked, type RunsMessage, runKey, type Trigger } from '@dispatcher/contracts';
import { GitHubRateLimitedError } from '@dispatcher/github';
import { DeferError } from '@dispatcher/lambda';
import type { FairnessQueue } from '@dispatcher/store';

/** A message that leads to requests to GitHub. */
type PlannedMessage = Exclude<RunsMessage, AuthorizationRevoked>;

// Runs that are retried together share their reads, so they may follow each other more closely than writes.
export const retryStepMs = 100;

/**
 * Defers the message when GitHub's rate limit is met: it waits as long as GitHub demands, and the attempt is not
 * counted. Each source repository has its own fairness queue, so a repository with many runs does not delay the others.
 * @throws DeferError in place of GitHubRateLimitedError
 */
export async function deferOnRateLimit(
  { fairnessQueue, now }: { readonly fairnessQueue: Pick<FairnessQueue, 'reserve'>; readonly now: () => number },
  message: PlannedMessage,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof GitHubRateLimitedError)) throw error;
    const retryAt = await fairnessQueue.reserve(queueOf(message), now() + error.retryAfterMs, retryStepMs);
    throw new DeferError(error.message, retryAt - now(), { cause: error });
  }
}

/** Returns the name of the fairness queue of a trigger: one for each source repository. */
export function queueOfTrigger(trigger: Trigger): string {
  return trigger.type === 'dispatch.requested' ? `runs#${runKey(trigger)}` : `runs#${trigger.repository.id}`;
}

function queueOf(message: PlannedMessage): string {
  if (message.type === 'dispatch.requested') return queueOfTrigger(message);
  if (message.type !== 'run.replay') return `runs#${message.repository.id}`;
  // The run key of a run begins with its repository id; that of a request contains none.
  return `runs#${message.runKey.startsWith('request-') ? message.runKey : (message.runKey.split('-')[0] ?? '')}`;
}
