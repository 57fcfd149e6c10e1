import { type JobRequested, workflowFileAt } from '@dispatcher/contracts';
import { GitHubPermanentError, type RunRepository } from '@dispatcher/github';
import * as z from 'zod/mini';
import type { JobIdentity } from './job-token.ts';

const id = z.int().check(z.positive());
const time = z.iso.datetime({ offset: true });

/** The run of a job, as GitHub's REST API returns it. */
const Run = z.object({
  id,
  run_attempt: id,
  run_number: z.int(),
  path: z.string(),
  event: z.string(),
  status: z.nullable(z.string()),
  head_sha: z.string(),
  html_url: z.string(),
  created_at: time,
  run_started_at: z.optional(z.nullable(time)),
  updated_at: time,
  actor: z.optional(z.nullable(z.object({ login: z.string() }))),
  repository: z.object({
    id,
    name: z.string(),
    default_branch: z.optional(z.string()),
    owner: z.object({ login: z.string() }),
  }),
  head_repository: z.optional(z.nullable(z.object({ id }))),
});
type Run = z.infer<typeof Run>;

export interface JobRunDependencies {
  /** Returns the installation of the App on an owner's account; null if there is none. */
  readonly installationOf: (owner: string) => Promise<number | null>;
  readonly getRun: (at: RunRepository, runId: number) => Promise<unknown>;
}

/** What a job's request takes from its run; or why the run may not request anything, and what to do. */
export type JobRun =
  | { readonly state: 'refused'; readonly detail: string; readonly fix: string }
  | ({ readonly state: 'running' } & Pick<JobRequested, 'installationId' | 'repository' | 'workflow' | 'run' | 'job'>);

/**
 * Reads the run of a job and compares it with the token: same repository, attempt, workflow file, event and commit, and not
 * completed. A token outlives its job by minutes.
 */
export async function readJobRun({ installationOf, getRun }: JobRunDependencies, job: JobIdentity): Promise<JobRun> {
  const { owner, name, repositoryId, runId } = job;
  const installationId = await installationOf(owner);
  if (installationId === null) {
    return refused(`The App is not installed on the account ${owner}.`, 'Ask an owner of the account to install it.');
  }
  const response = await getRun({ installationId, repositoryId, owner, name }, runId).catch((error: unknown) => {
    if (error instanceof GitHubPermanentError) return null;
    throw error;
  });
  if (response === null) {
    return refused(
      `GitHub does not show run ${runId} of ${owner}/${name} to the App.`,
      'Give the installation access to the repository. If the repository was renamed, start a new run.',
    );
  }
  const run = Run.parse(response);
  const difference = differenceOf(job, run);
  if (difference !== null) {
    return refused(
      `The token does not belong to run ${runId} as it is now: ${difference}.`,
      'Send the request from the job that got the token, while its run is in progress.',
    );
  }
  return { state: 'running', installationId, ...partsOf(job, run) };
}

function refused(detail: string, fix: string): JobRun {
  return { state: 'refused', detail, fix };
}

/** A job runs while GitHub's API can still show its run as queued, or as waiting for an approval of another job. */
const statusesInProgress: readonly unknown[] = ['in_progress', 'queued', 'requested', 'pending', 'waiting'];

function differenceOf(job: JobIdentity, run: Run): string | null {
  const { owner, name } = run.repository;
  const file = workflowFileAt(run.path, `${owner.login}/${name}`);
  // The run of a pull request belongs to the head commit, its jobs run on the merge commit or on the base.
  const sha = job.event.startsWith('pull_request') ? run.head_sha : job.sha;
  const compared: readonly (readonly [string, string | number, unknown])[] = [
    ['run', job.runId, run.id],
    ['repository', job.repositoryId, run.repository.id],
    ['attempt', job.attempt, run.run_attempt],
    ['workflow file', job.workflow, file],
    ['event', job.event, run.event],
    ['commit', sha, run.head_sha],
  ];
  for (const [what, expected, actual] of compared) {
    if (expected !== actual) return `the ${what} is ${String(actual)}, and that of the token is ${expected}`;
  }
  return statusesInProgress.includes(run.status) ? null : `the run is ${run.status ?? 'of an unknown status'}`;
}

function partsOf(job: JobIdentity, run: Run) {
  const { repository } = run;
  const { workflow, ref, sha, checkRunId, environment } = job;
  return {
    // The names as they are now: the repository may have been renamed since the token was issued.
    repository: {
      id: repository.id,
      owner: repository.owner.login,
      name: repository.name,
      defaultBranch: repository.default_branch ?? '',
    },
    workflow,
    run: {
      id: run.id,
      number: run.run_number,
      attempt: run.run_attempt,
      event: run.event,
      conclusion: null,
      headBranch: ref?.name ?? null,
      refType: ref?.type ?? null,
      headSha: sha,
      headRepositoryId: run.head_repository?.id ?? null,
      htmlUrl: run.html_url,
      createdAt: toUtc(run.created_at),
      startedAt: run.run_started_at ? toUtc(run.run_started_at) : null,
      updatedAt: toUtc(run.updated_at),
      actor: run.actor?.login ?? null,
    },
    job: { checkRunId, environment },
  };
}

function toUtc(date: string): string {
  return new Date(date).toISOString();
}
