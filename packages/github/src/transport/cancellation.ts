import { GitHubTransientError } from './errors.ts';

/** Returns the error of a call that its caller cancelled before anything was sent that could change GitHub. */
export function cancelledError(): GitHubTransientError {
  return new GitHubTransientError('Cancelled by the caller.', null);
}

/**
 * Waits for work that several callers share, such as minting a token. When the signal aborts, only this caller stops
 * waiting: the work continues for the others and ends by its own timeout.
 * @throws GitHubTransientError when the signal aborts first.
 */
export async function waitForShared<Result>(
  work: () => Promise<Result>,
  signal: AbortSignal | undefined,
): Promise<Result> {
  if (signal === undefined) return work();
  if (signal.aborted) throw cancelledError();
  const cancelled = Promise.withResolvers<never>();
  const cancel = () => cancelled.reject(cancelledError());
  signal.addEventListener('abort', cancel, { once: true });
  try {
    return await Promise.race([work(), cancelled.promise]);
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}
