import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { api, read } from '../../api/client.ts';
import { definedOnly } from '../../api/parameters.ts';
import { partsOfRunKey } from '../../words/names.ts';

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

/**
 * The keys of the runs that led to a run, the nearest first, up to the first one that the viewer may not see. The run id of
 * each finds the dispatch that started it.
 * @param count how many led to it
 */
export const useEarlierRuns = (runKey: string, count: number) =>
  useQuery({
    queryKey: ['earlier-runs', runKey],
    queryFn: async ({ signal }) => {
      const keys: string[] = [];
      for (let runId = runIdOf(runKey); runId !== undefined && keys.length < count; runId = runIdOf(keys.at(-1))) {
        const { runs } = await read(api.GET('/api/runs', { params: { query: { run: runId } }, signal }));
        const starting = runs.find(({ dispatchId }) => dispatchId !== null);
        if (starting === undefined) break;
        keys.push(starting.runKey);
      }
      return keys;
    },
    enabled: count > 0,
    // What started a run never changes.
    staleTime: Number.POSITIVE_INFINITY,
  });

const runIdOf = (runKey = ''): string | undefined => partsOfRunKey(runKey)?.runId;

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
