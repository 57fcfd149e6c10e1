import type { CommitRun, CommitRuns, RepositorySnapshot, RunTrigger } from '@dispatcher/contracts';
import { acceptsResult, concernsRun } from '../checks/condition-checks.ts';
import { type CompileCache, compileSnapshot } from '../compile/compile-snapshot.ts';

/** The runs that an explanation assumes on the commit, and their workflows. */
export interface AssumedCommit {
  readonly commit: CommitRuns;
  readonly workflows: readonly string[];
}

/**
 * Returns a run of each other workflow that the rules for the run need, as if each had succeeded on the same commit and for
 * the same event. For what is only explained: files do not tell how other workflows ended.
 */
export function assumedCommit(run: RunTrigger, source: RepositorySnapshot, cache?: CompileCache): AssumedCommit {
  if (run.type !== 'run.completed' || source.state !== 'read') return nothingAssumed;
  const compiled = compileSnapshot(source, cache);
  if (compiled.state !== 'valid') return nothingAssumed;
  const defaultBranch = source.defaultBranch?.name ?? '';
  const needed = compiled.file.outbound
    .map(({ needs }) => needs ?? [])
    .filter((needs) =>
      needs.some(
        (need) =>
          need.workflow === run.workflow && concernsRun(need, run.run, defaultBranch) && acceptsResult(need, run.run),
      ),
    )
    .flat();
  const workflows = [...new Set(needed.map(({ workflow }) => workflow))].filter((each) => each !== run.workflow);
  const runs = workflows.map((workflow, index): CommitRun => {
    const { pullRequestNumber: _, ...own } = run.run;
    return { workflow, isCompleted: true, run: { ...own, id: own.id + index + 1, attempt: 1, conclusion: 'success' } };
  });
  return { commit: { runs, claims: {}, lineages: {} }, workflows };
}

const nothingAssumed: AssumedCommit = { commit: { runs: [], claims: {}, lineages: {} }, workflows: [] };
