import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { isTransient, statusOf } from './problem.ts';
import { signInAddress } from './session.ts';

/** Leads to the sign-in once the session has ended, and back to this page afterwards. */
function signInIfNeeded(error: unknown): void {
  if (statusOf(error) !== 401) return;
  const { pathname, search, hash } = window.location;
  window.location.assign(signInAddress(`${pathname}${search}${hash}`));
}

/** Creates the cache of API responses. A failed request is repeated twice, but only if repeating it can help. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({ onError: signInIfNeeded }),
    mutationCache: new MutationCache({ onError: signInIfNeeded }),
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        gcTime: 10 * 60_000,
        retry: (failures, error) => failures < 2 && isTransient(error),
        retryDelay: (attempt) => 500 * 2 ** attempt,
      },
      mutations: { retry: false },
    },
  });
}
