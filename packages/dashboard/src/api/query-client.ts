import { QueryClient } from '@tanstack/react-query';
import { isTransient } from './problem.ts';

/** Creates the cache of API responses. A failed request is repeated twice, but only if repeating it can help. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
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
