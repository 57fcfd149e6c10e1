import { useQuery } from '@tanstack/react-query';
import { api, read } from './client.ts';

/** What is running: version and authentication. Needs no authentication. */
export const useHealth = () =>
  useQuery({
    queryKey: ['health'],
    queryFn: ({ signal }) => read(api.GET('/health', { signal })),
    staleTime: 5 * 60_000,
  });

/** Who uses the page, and with which role. */
export const useMe = () =>
  useQuery({
    queryKey: ['me'],
    queryFn: ({ signal }) => read(api.GET('/api/me', { signal })),
    staleTime: 60_000,
  });

/** Whether the user may change something. The API refuses a change by anybody else; the page does not offer it. */
export const useIsOperator = (): boolean => useMe().data?.role === 'operator';
