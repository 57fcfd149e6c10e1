import { GitHubRateLimitedError } from '@dispatcher/github';
import { Deferred } from '@dispatcher/lambda';

/** A rate limit is no fault of the run: it waits as long as GitHub says, and the attempt is not counted. */
export async function deferringOnRateLimit(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof GitHubRateLimitedError)
      throw new Deferred(error.message, error.retryAfterMs, { cause: error });
    throw error;
  }
}
