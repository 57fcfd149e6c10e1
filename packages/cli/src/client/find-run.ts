import { runKeyPattern } from '@dispatcher/contracts';
import type { RunSearchResult } from '@dispatcher/store';
import { UsageError } from '../command.ts';
import type { ApiClient, Query } from './api-client.ts';
import { ApiError } from './api-error.ts';

/** How a run can be named on the command line. */
export const runArgument =
  'a run: its URL on GitHub (of the source or the target), its id, its run key (11-9000000001-1), the GUID of its delivery, ' +
  'its commit, or a dispatch id';

export interface RunSearchMatch {
  readonly runKey: string;
  /** The dispatch that started the named run, if it is the run of a target. */
  readonly dispatchId: string | null;
  /** The run keys of other runs with the same name: earlier attempts, or the run itself besides the one that started it. */
  readonly others: readonly string[];
}

/** Finds the run that an argument names. @throws UsageError, ApiError */
export async function findRun(api: ApiClient, named: string): Promise<RunSearchMatch> {
  if (runKeyPattern.test(named)) return { runKey: named, dispatchId: null, others: [] };
  const { runs } = await api.get<{ runs: readonly RunSearchResult[] }>('/api/runs', queryOf(named));
  const attempt = /\/attempts\/(\d+)/.exec(named)?.[1];
  const ofAttempt = runs.filter(({ runKey }) => attempt === undefined || runKey.endsWith(`-${attempt}`));
  const isOfTarget = runs.some(({ dispatchId }) => dispatchId !== null && !named.includes(dispatchId));
  const found = isOfTarget ? runs : ofAttempt;
  const first = preferred(found);
  if (first === undefined) {
    throw new ApiError(`Attempt ${attempt} of this run is not recorded: ${runs[0]?.runKey ?? 'none'} is.`, 404);
  }
  const others = [...new Set(found.map(({ runKey }) => runKey))].filter((runKey) => runKey !== first.runKey);
  return { runKey: first.runKey, dispatchId: first.dispatchId, others };
}

/**
 * Returns the newest result. A run that was started by a dispatch is found twice once it has completed itself: as what was
 * started, and as a source. As a source it is of interest only if a rule of its own matched.
 */
function preferred(found: readonly RunSearchResult[]): RunSearchResult | undefined {
  const [newest] = found;
  if (newest === undefined || newest.dispatchId !== null || newest.outcome === 'planned') return newest;
  return found.find(({ dispatchId }) => dispatchId !== null) ?? newest;
}

function queryOf(named: string): Query {
  if (/^\d{1,20}$/.test(named) || /^https?:\/\/\S+\/actions\/runs\/\d+/.test(named)) return { run: named };
  if (/^[0-9a-f]{40}$/i.test(named)) return { commit: named };
  if (/^[0-9a-f]{32}$/.test(named)) return { dispatch: named };
  if (/^https?:/.test(named)) {
    throw new UsageError(`${named} is not the URL of a run: copy it from the run’s page, …/actions/runs/ID.`);
  }
  return { delivery: named };
}
