import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { api, read } from '../../api/client.ts';
import { definedOnly } from '../../api/parameters.ts';

/** The history of a run, with the failed checks of its decisions. */
export const useRun = (runKey: string) =>
  useInfiniteQuery({
    queryKey: ['run', runKey],
    queryFn: ({ pageParam, signal }) =>
      read(
        api.GET('/api/runs/{runKey}', {
          params: { path: { runKey }, query: definedOnly({ cursor: pageParam }) },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ cursor }) => cursor ?? undefined,
    // A run is still going on while it is young; the page shows each step as it happens.
    refetchInterval: (query) => (isYoung(query.state.data?.pages[0]?.revisions[0]?.plannedAt ?? null) ? 5_000 : 60_000),
  });

const youngMs = 15 * 60_000;
const isYoung = (plannedAt: string | null) => plannedAt === null || Date.now() - Date.parse(plannedAt) < youngMs;

/** The plan of a revision, whose decisions have all their checks; read when somebody opens them. */
/** @param revision undefined: the plans of all revisions, newest first */
export const usePlan = (runKey: string, revision: number | undefined, isOpen: boolean) =>
  useQuery({
    queryKey: ['plan', runKey, revision],
    queryFn: ({ signal }) =>
      read(api.GET('/api/plans/{runKey}', { params: { path: { runKey }, query: definedOnly({ revision }) }, signal })),
    enabled: isOpen,
    // A plan never changes.
    staleTime: Number.POSITIVE_INFINITY,
  });
