import { notFound } from '../common/api-error.ts';
import type { Repository, Run, Workflow } from '../state/entities.ts';
import type { FileContent } from '../state/git-objects.ts';
import type { StateStore } from '../state/state-store.ts';
import { jobNamesOf } from '../state/workflow-file.ts';

export interface NewRun {
  readonly workflow: Workflow;
  readonly event: string;
  readonly headBranch: string | null;
  /** Default: `branch`. */
  readonly refType?: 'branch' | 'tag';
  readonly headSha: string;
  readonly headRepositoryId: number;
  readonly actor: string;
  readonly inputs?: Record<string, string>;
  /** `client_payload` of a `repository_dispatch`, unchanged. */
  readonly clientPayload?: Readonly<Record<string, unknown>>;
  readonly startedByInstallation?: number;
}

/** Adds a queued run. */
export function createRun(store: StateStore, repository: Repository, details: NewRun): Run {
  const at = store.timestamp();
  const run: Run = {
    id: store.nextId('run'),
    repositoryId: repository.id,
    workflowId: details.workflow.id,
    number: store.nextId(`run-number/${details.workflow.id}`),
    attempt: 1,
    event: details.event,
    status: 'queued',
    conclusion: null,
    headBranch: details.headBranch,
    ...(details.refType === 'tag' ? { refType: details.refType } : {}),
    headSha: details.headSha,
    headRepositoryId: details.headRepositoryId,
    actor: details.actor,
    inputs: details.inputs ?? {},
    ...(details.clientPayload === undefined ? {} : { clientPayload: details.clientPayload }),
    startedByInstallation: details.startedByInstallation ?? null,
    stopped: false,
    createdAt: at,
    startedAt: at,
    updatedAt: at,
  };
  store.state.runs.push(run);
  return run;
}

/**
 * Returns a workflow by its file name or its id. Throws 404 when its file is not on the default branch, as GitHub does,
 * unless one of the given runs is a run of it: GitHub still starts such a workflow on a ref that has the file.
 */
export function findWorkflow(repository: Repository, nameOrId: string, runs: readonly Run[] = []): Workflow {
  const workflow = repository.workflows.find(
    ({ id, path }) => String(id) === nameOrId || path === `.github/workflows/${nameOrId}` || path === nameOrId,
  );
  if (workflow === undefined) {
    throw notFound();
  }
  const head = repository.branches[repository.defaultBranch];
  const isOnDefaultBranch = head !== undefined && repository.commits[head]?.files[workflow.path] !== undefined;
  if (!isOnDefaultBranch && !runs.some(({ workflowId }) => workflowId === workflow.id)) {
    throw notFound();
  }
  return workflow;
}

/**
 * Returns the names of a run's jobs: those of its workflow file, or none when GitHub ended the run before a job began.
 */
export function jobNames(store: StateStore, run: Run): readonly string[] {
  if (run.stopped || run.conclusion === 'startup_failure') {
    return [];
  }
  return [...jobNamesOf(workflowContent(store, run)).values()];
}

/** Returns the content of a run's workflow file: on its head commit or, for `pull_request_target`, on the default branch. */
export function workflowContent(store: StateStore, run: Run): FileContent | undefined {
  const repository = store.repositoryById(run.repositoryId);
  const head = store.repositoryById(run.headRepositoryId) ?? repository;
  const base = repository?.branches[repository.defaultBranch] ?? '';
  const sha = run.event === 'pull_request_target' ? base : run.headSha;
  const commit = head?.commits[sha] ?? repository?.commits[sha];
  const path = repository?.workflows.find(({ id }) => id === run.workflowId)?.path ?? '';
  return commit?.files[path];
}
