import { type Json, nodeId } from './json.ts';
import { renderOrganization, renderUser } from './render-accounts.ts';
import { htmlUrl, renderMinimalRepository, renderRepository, repositoryUrl } from './render-repositories.ts';
import type { Commit, Repository, Run, Workflow } from '../state/entities.ts';
import { covers, type StateStore } from '../state/state-store.ts';
import { jobId } from '../state/workflow-file.ts';

/** The path of a run that failed at start-up: it belongs to no workflow file. */
export const BUILD_FAILED_PATH = 'BuildFailed';

export function renderWorkflow(base: string, repository: Repository, workflow: Workflow): Json {
  return {
    id: workflow.id,
    node_id: nodeId('Workflow', workflow.id),
    name: workflow.name,
    path: workflow.path,
    state: workflow.state,
    created_at: workflow.createdAt,
    updated_at: workflow.updatedAt,
    url: `${repositoryUrl(base, repository)}/actions/workflows/${workflow.id}`,
    html_url: `${htmlUrl(base, repository)}/blob/${repository.defaultBranch}/${workflow.path}`,
    badge_url: `${htmlUrl(base, repository)}/workflows/${encodeURIComponent(workflow.name)}/badge.svg`,
  };
}

export function runUrls(
  base: string,
  repository: Repository,
  id: number,
): { readonly api: string; readonly html: string } {
  return {
    api: `${repositoryUrl(base, repository)}/actions/runs/${id}`,
    html: `${htmlUrl(base, repository)}/actions/runs/${id}`,
  };
}

/** Renders a run for the REST API and for the webhook: GitHub's two shapes share all fields rendered here. */
export function renderRun(store: StateStore, base: string, repository: Repository, run: Run): Json {
  const head = store.repositoryById(run.headRepositoryId) ?? repository;
  const workflow = repository.workflows.find(({ id }) => id === run.workflowId);
  const commit = head.commits[run.headSha] ?? repository.commits[run.headSha];
  const { api, html } = runUrls(base, repository, run.id);
  const suite = run.id + 1;
  const actor = renderUser(store, base, run.actor);
  return {
    id: run.id,
    name: workflow?.name ?? null,
    node_id: nodeId('WorkflowRun', run.id),
    head_branch: run.headBranch,
    head_sha: run.headSha,
    path: workflow?.path ?? BUILD_FAILED_PATH,
    display_title: commit?.message ?? workflow?.name ?? '',
    run_number: run.number,
    run_attempt: run.attempt,
    event: run.event,
    status: run.status,
    conclusion: run.conclusion,
    workflow_id: run.workflowId,
    check_suite_id: suite,
    check_suite_node_id: nodeId('CheckSuite', suite),
    url: api,
    html_url: html,
    pull_requests: (run.pullRequests ?? []).map((number) =>
      renderPullRequestOfRun(base, { repository, head, run }, number),
    ),
    created_at: run.createdAt,
    updated_at: run.updatedAt,
    run_started_at: run.startedAt,
    actor,
    triggering_actor: actor,
    referenced_workflows: [],
    jobs_url: `${api}/jobs`,
    logs_url: `${api}/logs`,
    check_suite_url: `${repositoryUrl(base, repository)}/check-suites/${suite}`,
    artifacts_url: `${api}/artifacts`,
    cancel_url: `${api}/cancel`,
    rerun_url: `${api}/rerun`,
    previous_attempt_url: run.attempt > 1 ? `${api}/attempts/${run.attempt - 1}` : null,
    workflow_url: `${repositoryUrl(base, repository)}/actions/workflows/${run.workflowId}`,
    head_commit: commit === undefined ? null : renderHeadCommit(commit),
    repository: renderMinimalRepository(store, base, repository),
    head_repository: renderMinimalRepository(store, base, head),
  };
}

function renderPullRequestOfRun(
  base: string,
  { repository, head, run }: { readonly repository: Repository; readonly head: Repository; readonly run: Run },
  number: number,
): Json {
  const repo = (of: Repository): Json => ({ id: of.id, url: repositoryUrl(base, of), name: of.name });
  const sha = repository.branches[repository.defaultBranch] ?? run.headSha;
  return {
    id: repository.id * 1000 + number,
    number,
    url: `${repositoryUrl(base, repository)}/pulls/${number}`,
    head: { ref: run.headBranch ?? '', sha: run.headSha, repo: repo(head) },
    base: { ref: repository.defaultBranch, sha, repo: repo(repository) },
  };
}

/** Conclusions that only runs have. The jobs of such a run are rendered as cancelled. */
const RUN_ONLY_CONCLUSIONS: ReadonlySet<unknown> = new Set(['stale', 'startup_failure']);

/** Renders one job of a run's latest attempt. All jobs have the conclusion of their run. */
export function renderJob(
  base: string,
  repository: Repository,
  run: Run,
  { name, index }: { readonly name: string; readonly index: number },
): Json {
  const { api, html } = runUrls(base, repository, run.id);
  const workflow = repository.workflows.find(({ id }) => id === run.workflowId);
  const id = jobId(run, index);
  return {
    id,
    node_id: nodeId('CheckRun', id),
    run_id: run.id,
    run_url: api,
    run_attempt: run.attempt,
    head_sha: run.headSha,
    head_branch: run.headBranch,
    workflow_name: workflow?.name ?? null,
    name,
    url: `${repositoryUrl(base, repository)}/actions/jobs/${id}`,
    html_url: `${html}/job/${id}`,
    check_run_url: `${repositoryUrl(base, repository)}/check-runs/${id}`,
    status: run.status,
    conclusion: RUN_ONLY_CONCLUSIONS.has(run.conclusion) ? 'cancelled' : run.conclusion,
    created_at: run.createdAt,
    started_at: run.startedAt,
    completed_at: run.status === 'completed' ? run.updatedAt : null,
    steps: [],
    labels: ['ubuntu-latest'],
    runner_id: null,
    runner_name: null,
    runner_group_id: null,
    runner_group_name: null,
  };
}

function renderHeadCommit(commit: Commit): Json {
  const author = { name: 'Octo Cat', email: 'octocat@users.noreply.github.com' };
  return {
    id: commit.oid,
    tree_id: commit.treeOid,
    message: commit.message,
    timestamp: commit.committedAt,
    author,
    committer: author,
  };
}

/** Renders the webhook `workflow_run` with action `completed`. */
export function renderRunCompletedEvent(store: StateStore, base: string, repository: Repository, run: Run): Json {
  const workflow = repository.workflows.find(({ id }) => id === run.workflowId);
  const owner = store.owner(repository.owner);
  const installation = store.state.installations.find((one) => covers(one, repository));
  return {
    action: 'completed',
    workflow_run: renderRun(store, base, repository, run),
    workflow:
      workflow === undefined || workflow.path === BUILD_FAILED_PATH ? null : renderWorkflow(base, repository, workflow),
    repository: renderRepository(store, base, repository),
    ...(owner?.type === 'Organization' ? { organization: renderOrganization(base, owner) } : {}),
    sender: renderUser(store, base, run.actor),
    ...(installation === undefined
      ? {}
      : { installation: { id: installation.id, node_id: nodeId('IntegrationInstallation', installation.id) } }),
  };
}

/** A run with the names that belong to its ids. */
export interface RunReport extends Run {
  readonly repository: string;
  readonly workflow: string;
  readonly htmlUrl: string;
}

/** Renders a run for the control API and the web pages. */
export function renderRunReport(store: StateStore, base: string, run: Run): RunReport {
  const repository = store.repositoryById(run.repositoryId);
  const path = repository?.workflows.find(({ id }) => id === run.workflowId)?.path ?? '';
  return {
    ...run,
    repository: repository === undefined ? '' : `${repository.owner}/${repository.name}`,
    workflow: path.replace('.github/workflows/', ''),
    htmlUrl: repository === undefined ? '' : runUrls(base, repository, run.id).html,
  };
}
