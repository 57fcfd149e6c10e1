import type { RunsMessage } from '@dispatcher/contracts';
import { GitHubRateLimitedError } from '@dispatcher/github';
import { DeferError } from '@dispatcher/lambda';
import type { FairnessQueue } from '@dispatcher/store';

// Runs that come back together share their reads, so they may come back closer than writes may.
const turnMs = 100;

/**
 * A rate limit is no fault of the run: it waits as long as GitHub says, and the attempt is not counted. Each source
 * repository has a line of its own, so that one with many runs does not hold up the others.
 */
export async function deferringOnRateLimit(
  { fairnessQueue, now }: { readonly fairnessQueue: Pick<FairnessQueue, 'reserve'>; readonly now: () => number },
  message: RunsMessage,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof GitHubRateLimitedError)) throw error;
    const turn = await fairnessQueue.reserve(`runs#${sourceOf(message)}`, now() + error.retryAfterMs, turnMs);
    throw new DeferError(error.message, turn - now(), { cause: error });
  }
}

function sourceOf(message: RunsMessage): string {
  if (message.type === 'run.completed') return String(message.repository.id);
  // A run key begins with the id of its repository; a request's has none.
  return message.runKey.startsWith('request-') ? message.runKey : (message.runKey.split('-')[0] ?? '');
}
