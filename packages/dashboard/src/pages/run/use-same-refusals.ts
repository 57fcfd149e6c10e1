import { useQuery } from '@tanstack/react-query';
import { api, read } from '../../api/client.ts';
import { pageSize } from '../../api/use-list.ts';
import { type Refusal, sameRefusals } from '../../words/replay-preview.ts';
import { type Revision, routesOf } from '../../words/run-history.ts';

export interface SameRefusals {
  readonly routeId: string;
  readonly code: string;
  readonly runs: readonly Refusal[];
  /** Whether these are all of them, and not only those among the newest facts of the route. */
  readonly isComplete: boolean;
}

/** What is known of the other runs. `not-wanted`: the run has no refused route, several, or a dry run. */
export type SameRefusalsState = 'not-wanted' | 'loading' | 'failed' | 'none' | SameRefusals;

/**
 * Reads which other runs were refused for the same reason. Only for a run with one refused route: with several, each would
 * have other runs.
 */
export function useSameRefusals(runKey: string, newest: Revision): SameRefusalsState {
  const refused = routesOf(newest).filter(({ decided: { data } }) => data.decision.effect === 'deny');
  const [only] = refused;
  const decision = refused.length === 1 && only !== undefined ? only.decided.data.decision : null;
  const isWanted = decision !== null && decision.code !== 'dry-run';
  const routeId = decision?.routeId ?? '';
  const { data, isError } = useQuery({
    queryKey: ['same-refusals', routeId],
    enabled: isWanted,
    queryFn: ({ signal }) =>
      read(
        api.GET('/api/routes/{routeId}/facts', {
          params: { path: { routeId }, query: { limit: pageSize } },
          signal,
        }),
      ),
  });
  if (!isWanted) return 'not-wanted';
  if (data === undefined) return isError ? 'failed' : 'loading';
  const { runs, isComplete } = sameRefusals(data.facts, decision.code, runKey);
  if (runs.length === 0) return 'none';
  return { routeId, code: decision.code, runs, isComplete: isComplete || data.cursor === null };
}
