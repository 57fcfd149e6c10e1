import { createHash } from 'node:crypto';
import type { Repository, Run } from '../state/entities.ts';
import { headOf } from '../state/refs.ts';
import type { StateStore } from '../state/state-store.ts';
import type { JobDefinition } from '../state/workflow-file.ts';

/** A job of a run that is in progress. */
export interface RunningJob {
  readonly runId: number;
  readonly attempt: number;
  readonly job: JobDefinition;
  readonly checkRunId: number;
}

/** Where a job runs: what GitHub calls `GITHUB_REF` and `GITHUB_SHA`. */
interface JobRef {
  readonly ref: string;
  readonly type: 'branch' | 'tag';
  readonly sha: string;
}

/** Returns the claims of a job's token that describe the job, with GitHub's names. All values are text. */
export function jobClaims(store: StateStore, run: Run, { job, checkRunId }: RunningJob): Record<string, string> {
  const repository = store.repositoryById(run.repositoryId);
  const path = repository?.workflows.find(({ id }) => id === run.workflowId)?.path;
  if (repository === undefined || path === undefined) throw new Error(`Run ${run.id} belongs to no repository.`);
  const { owner, name, defaultBranch } = repository;
  const fullName = `${owner}/${name}`;
  const { ref, type, sha } = refOf(repository, run);
  const workflowRef = `${fullName}/${path}@${ref}`;
  const isPullRequest = run.event.startsWith('pull_request');
  const context = isPullRequest ? 'pull_request' : `ref:${ref}`;
  return {
    sub: `repo:${fullName}:${job.environment === null ? context : `environment:${job.environment}`}`,
    actor: run.actor,
    actor_id: String(store.owner(run.actor)?.id ?? 0),
    base_ref: isPullRequest ? defaultBranch : '',
    check_run_id: String(checkRunId),
    ...(job.environment === null ? {} : { environment: job.environment }),
    event_name: run.event,
    head_ref: isPullRequest ? (run.headBranch ?? '') : '',
    job_workflow_ref: workflowRef,
    job_workflow_sha: sha,
    ref,
    ref_protected: 'false',
    ref_type: type,
    repository: fullName,
    repository_id: String(repository.id),
    repository_owner: owner,
    repository_owner_id: String(store.owner(owner)?.id ?? 0),
    repository_visibility: repository.visibility,
    run_attempt: String(run.attempt),
    run_id: String(run.id),
    run_number: String(run.number),
    runner_environment: 'github-hosted',
    sha,
    workflow: repository.workflows.find(({ id }) => id === run.workflowId)?.name ?? path,
    workflow_ref: workflowRef,
    workflow_sha: sha,
  };
}

/**
 * `pull_request` runs on the merge commit of the pull request, and `pull_request_target` on the default branch, while the
 * run belongs to the head of the pull request.
 */
function refOf(repository: Repository, run: Run): JobRef {
  const { event, headBranch, headSha, refType = 'branch', pullRequests = [] } = run;
  if (event === 'pull_request_target') {
    const { defaultBranch } = repository;
    return { ref: `refs/heads/${defaultBranch}`, type: 'branch', sha: headOf(repository, defaultBranch) };
  }
  if (event.startsWith('pull_request')) {
    const mergeCommit = createHash('sha1').update(headSha).digest('hex');
    return { ref: `refs/pull/${pullRequests[0] ?? 1}/merge`, type: 'branch', sha: mergeCommit };
  }
  const folder = refType === 'tag' || event === 'release' ? 'tags' : 'heads';
  return {
    ref: `refs/${folder}/${headBranch ?? repository.defaultBranch}`,
    type: folder === 'tags' ? 'tag' : 'branch',
    sha: headSha,
  };
}
