import { useQuery } from '@tanstack/react-query';
import { api, read } from './client.ts';

/** What is running: version and authentication. Needs no authentication. */
export const useHealth = () =>
  useQuery({
    queryKey: ['health'],
    queryFn: ({ signal }) => read(api.GET('/health', { signal })),
    staleTime: 5 * 60_000,
  });
