import type { Code } from '@dispatcher/contracts';
import { GitHubPermanentError } from '../transport/errors.ts';

/**
 * Adds the decision code to a permanent error of a request about a target's workflow. Returns other errors as they are.
 */
export function withDispatchCode(error: unknown): unknown {
  if (!(error instanceof GitHubPermanentError)) return error;
  return new GitHubPermanentError(error.message, error.status, codes.get(error.status) ?? 'dispatch-rejected');
}

const codes = new Map<number | null, Code>([
  [403, 'dispatch-forbidden'],
  [404, 'dispatch-not-found'],
  [410, 'dispatch-gone'],
  // The repository was renamed since it was read.
  [301, 'dispatch-not-found'],
  [302, 'dispatch-not-found'],
  [307, 'dispatch-not-found'],
  [308, 'dispatch-not-found'],
]);
