import {
  type CommitReference,
  type CommitRun,
  type CommitRuns,
  type Lineage,
  type Plan,
  pickCommitRun,
  type RepositorySnapshot,
  type RunCompleted,
  type RunTrigger,
  type UnknownSnapshot,
} from '@dispatcher/contracts';
import { GitHubError, GitHubRateLimitedError, GitHubUnreachableError, type RunRepository } from '@dispatcher/github';
import { type CallOptions, DeferError } from '@dispatcher/lambda';
import { type CompileCache, neededOfCommit, newestRuns } from '@dispatcher/rules';
import type { CommitRunStore } from '@dispatcher/store';
import type { EndedRun, StartingDispatch } from './completion.ts';
import { lineageOf } from './lineage.ts';

export interface CommitRunDependencies {
  readonly commitRuns: CommitRunStore;
  /** Returns the runs of a commit, as GitHub lists them. */
  readonly listRunsOfCommit: (at: RunRepository, headSha: string, options?: CallOptions) => Promise<readonly unknown[]>;
  readonly startedBy: (run: EndedRun) => Promise<StartingDispatch | null>;
  readonly appSlug: string;
  readonly now: () => number;
}

/**
 * Returns what rules with `needs` compare with a run: the runs on its commit. Stores first that the run has completed, and
 * then reads what is stored about the others: so of two runs that complete at the same time, at least one sees the other.
 * Makes no request if no such rule concerns the run.
 */
export async function readCommitRuns(
  deps: CommitRunDependencies,
  run: RunTrigger,
  source: RepositorySnapshot,
  cache: CompileCache,
  options: CallOptions,
): Promise<CommitRuns | undefined> {
  const needed = neededOfCommit(run, source, cache);
  if (needed === 'nothing' || run.type !== 'run.completed') return undefined;
  const commit = commitOf(run);
  await deps.commitRuns.putRun(commit, { workflow: run.workflow, isCompleted: true, run: run.run });
  if (needed === 'completion') return undefined;
  const [stored, listed] = await Promise.all([deps.commitRuns.getCommit(commit), listRuns(deps, run, options)]);
  const isListed = Array.isArray(listed);
  const runs = newestRuns([...stored.runs, ...(isListed ? listed : [])].filter((each) => isOnCommit(each, commit)));
  return {
    runs,
    claims: stored.claims,
    lineages: await readLineages(deps, run, runs),
    ...(isListed ? {} : { unknown: listed }),
  };
}

/**
 * Claims the allowed dispatches that need several workflows, before the plan is stored: no other run on the commit is then
 * allowed to dispatch the same.
 * @throws DeferError if another run has claimed one of them since they were read: the run is then decided with that claim
 */
export async function claimDispatches(
  { commitRuns }: Pick<CommitRunDependencies, 'commitRuns'>,
  { trigger, runKey, decisions }: Plan,
): Promise<void> {
  if (trigger.type !== 'run.completed') return;
  const ids = decisions.flatMap(({ effect, needs, dispatchId }) =>
    effect === 'allow' && needs !== undefined ? [dispatchId] : [],
  );
  const claim = { runKey, runUrl: trigger.run.htmlUrl };
  const claimed = await Promise.all(ids.map((id) => commitRuns.claim(commitOf(trigger), id, claim)));
  if (claimed.includes(false)) {
    throw new DeferError('Another run on the commit has just been allowed to dispatch the same.', retryAfterMs);
  }
}

const retryAfterMs = 1_000;

function commitOf({ repository, run: { headBranch, headSha } }: RunCompleted): CommitReference {
  return { repositoryId: repository.id, headBranch, headSha };
}

/** Runs of forks have another head repository. */
function isOnCommit({ run }: CommitRun, { repositoryId, headBranch, headSha }: CommitReference): boolean {
  return run.headRepositoryId === repositoryId && run.headBranch === headBranch && run.headSha === headSha;
}

async function listRuns(
  { listRunsOfCommit, now }: CommitRunDependencies,
  { installationId, repository: { id: repositoryId, owner, name }, run: { headSha } }: RunCompleted,
  options: CallOptions,
): Promise<CommitRun[] | UnknownSnapshot> {
  try {
    const listed = await listRunsOfCommit({ installationId, repositoryId, owner, name }, headSha, options);
    return listed.flatMap((each) => pickCommitRun(each, repositoryId) ?? []);
  } catch (error) {
    if (!(error instanceof GitHubError) || error instanceof GitHubRateLimitedError) throw error;
    const unknown = { state: 'unknown', reason: error.message } as const;
    if (!(error instanceof GitHubUnreachableError)) return unknown;
    const { retryAfterMs: afterMs } = error;
    return { ...unknown, unreachable: { retryAt: afterMs === null ? null : now() + afterMs } };
  }
}

/** Reads the lineages of the other runs. A dispatch or a check of Dispatcher led to none but those that are looked up. */
async function readLineages(
  { startedBy, appSlug }: CommitRunDependencies,
  { repository, run: { id: ownId } }: RunCompleted,
  runs: readonly CommitRun[],
): Promise<Record<number, Lineage>> {
  const others = runs.filter(
    ({ run: { id, actor, event } }) => id !== ownId && (event === 'workflow_dispatch' || actor === `${appSlug}[bot]`),
  );
  return Object.fromEntries(
    await Promise.all(
      others.map(async ({ run }) => {
        const ended: EndedRun = { repository, run };
        return [run.id, lineageOf(ended, await startedBy(ended), appSlug)] as const;
      }),
    ),
  );
}
