import type { RepositorySnapshot, RunTrigger } from '@dispatcher/contracts';
import { acceptsResult, concernsRun, isSameWorkflow } from '../checks/condition-checks.ts';
import { checkSource } from '../checks/source-checks.ts';
import type { CompileCache } from '../compile/compile-snapshot.ts';

/**
 * What must be known of the commit of a run before it is decided. `nothing`: no rule with `needs` concerns the run.
 * `completion`: the run itself must be stored, for later runs. `commit`: also the other runs must be read.
 */
export type NeededOfCommit = 'nothing' | 'completion' | 'commit';

/** Returns what `decide` needs to know of the commit of a run. */
export function neededOfCommit(run: RunTrigger, source: RepositorySnapshot, cache?: CompileCache): NeededOfCommit {
  if (run.type !== 'run.completed') return 'nothing';
  const checked = checkSource(run, source, cache);
  if (checked.file === undefined) return 'nothing';
  const { outbound, index } = checked.file;
  const concerned = index.outbound.needs
    .flatMap((position) => outbound[position]?.needs ?? [])
    .filter(
      (need) =>
        isSameWorkflow(need, { kind: 'run', workflow: run.workflow }) &&
        concernsRun(need, run.run, checked.defaultBranch),
    );
  if (concerned.length === 0) return 'nothing';
  return concerned.some((need) => acceptsResult(need, run.run)) ? 'commit' : 'completion';
}
