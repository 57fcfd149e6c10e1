import { useQuery } from '@tanstack/react-query';
import { api, read } from '../../api/client.ts';
import { withPause } from '../../words/system-checks.ts';

export type Window = 'day' | 'hour' | 'week';

const everyMinute = { refetchInterval: 60_000 } as const;

export const useSummary = (window: Window) =>
  useQuery({
    queryKey: ['summary', window],
    queryFn: ({ signal }) => read(api.GET('/api/summary', { params: { query: { window } }, signal })),
    ...everyMinute,
  });

/** The stored status of the system, with the pause as it is now. */
export function useStatus() {
  const { data, isError } = usePause();
  // What was read before a failed request may be older than the stored status.
  const pause = isError ? undefined : data;
  return useQuery({
    queryKey: ['status'],
    queryFn: ({ signal }) => read(api.GET('/api/status', { signal })),
    select: (status) => withPause(status, pause),
    ...everyMinute,
  });
}

export const useTrend = () =>
  useQuery({ queryKey: ['trend'], queryFn: ({ signal }) => read(api.GET('/api/trend', { signal })), ...everyMinute });

export const useQueues = () =>
  useQuery({ queryKey: ['queues'], queryFn: ({ signal }) => read(api.GET('/api/queues', { signal })), ...everyMinute });

export const useDeadLetters = () =>
  useQuery({
    queryKey: ['dead-letters', 'summary'],
    queryFn: ({ signal }) => read(api.GET('/api/dead-letters', { signal })),
    ...everyMinute,
  });

export const useInstallations = () =>
  useQuery({
    queryKey: ['installations'],
    queryFn: ({ signal }) => read(api.GET('/api/installations', { params: { query: { limit: 100 } }, signal })),
    ...everyMinute,
  });

export const usePause = () =>
  useQuery({ queryKey: ['pause'], queryFn: ({ signal }) => read(api.GET('/api/pause', { signal })), ...everyMinute });

/** Routes whose newest step needs somebody. */
export const useRoutesInNeed = (state: 'denied' | 'failing') =>
  useQuery({
    queryKey: ['routes', { state, limit: 10 }],
    queryFn: ({ signal }) => read(api.GET('/api/routes', { params: { query: { state, limit: 10 } }, signal })),
    ...everyMinute,
  });

/** What the files of each owner's repositories say, without any run. */
export const useGraphOwners = () =>
  useQuery({
    queryKey: ['graph-owners'],
    queryFn: ({ signal }) => read(api.GET('/api/graph', { params: { query: { limit: 100 } }, signal })),
    ...everyMinute,
  });

export const latestRuns = 10;

/** Reads the newest runs. */
export const readLatestRuns = async (signal: AbortSignal) => {
  const query = { limit: latestRuns };
  const { deliveries } = await read(api.GET('/api/deliveries', { params: { query }, signal }));
  return { items: deliveries, cursor: null };
};
