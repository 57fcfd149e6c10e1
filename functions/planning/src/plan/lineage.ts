import type { Lineage } from '@dispatcher/contracts';
import type { EndedRun, StartingDispatch } from './completion.ts';

/**
 * Returns the lineage of a run. If this App started the run and its lineage is not stored, the lineage is `unknown`:
 * treating the run as a root would reset the limit of the chain's depth. A run of a `repository_dispatch` is a root:
 * only API keys send one, and GitHub does not say which runs it started. A run that a check of Dispatcher triggered starts
 * nothing: it would lead to further checks.
 */
export function lineageOf(run: EndedRun, startedBy: StartingDispatch | null, appSlug: string): Lineage {
  if (startedBy !== null) {
    return { state: 'known', dispatchId: startedBy.dispatchId, depth: startedBy.depth, path: startedBy.path };
  }
  const { actor, event } = run.run;
  if (actor !== `${appSlug}[bot]` || event === 'repository_dispatch') return { state: 'root' };
  return event === 'check_run' || event === 'check_suite' ? { state: 'own-check' } : { state: 'unknown' };
}
