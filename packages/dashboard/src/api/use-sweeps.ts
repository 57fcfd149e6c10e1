import { useQuery } from '@tanstack/react-query';
import { api, read } from './client.ts';
import { pageSize } from './use-list.ts';

/** What the last sweep read of each installation. The API refuses it to those who may see some repositories only. */
export const useSweeps = (isWanted = true) =>
  useQuery({
    queryKey: ['sweeps'],
    enabled: isWanted,
    queryFn: ({ signal }) => read(api.GET('/api/sweeps', { params: { query: { limit: pageSize } }, signal })),
  });
