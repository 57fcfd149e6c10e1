import {
  htmlUrl,
  type Json,
  nodeId,
  renderMinimalRepository,
  renderOrganization,
  renderRepository,
  renderUser,
  repositoryUrl,
} from './render.ts';
import type { Commit, Repository, Run, Workflow } from './state.ts';
import { covers, type World } from './world.ts';

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

/** Serves the REST API and the webhook: GitHub's two shapes share all that is filled in here. */
export function renderRun(world: World, base: string, repository: Repository, run: Run): Json {
  const head = world.repositoryById(run.headRepositoryId) ?? repository;
  const workflow = repository.workflows.find(({ id }) => id === run.workflowId);
  const commit = head.commits[run.headSha] ?? repository.commits[run.headSha];
  const { api, html } = runUrls(base, repository, run.id);
  const suite = run.id + 1;
  const actor = renderUser(world, base, run.actor);
  return {
    id: run.id,
    name: workflow?.name ?? null,
    node_id: nodeId('WorkflowRun', run.id),
    head_branch: run.headBranch,
    head_sha: run.headSha,
    path: workflow?.path ?? 'BuildFailed',
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
    pull_requests: [],
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
    repository: renderMinimalRepository(world, base, repository),
    head_repository: renderMinimalRepository(world, base, head),
  };
}

/** Conclusions of a run that a job does not have; its jobs were cancelled then. */
const RUNS_ONLY: ReadonlySet<unknown> = new Set(['stale', 'startup_failure']);

/** One job of a run's newest attempt. All jobs of a run end as the run does. */
export function renderJob(
  base: string,
  repository: Repository,
  run: Run,
  { name, index }: { readonly name: string; readonly index: number },
): Json {
  const { api, html } = runUrls(base, repository, run.id);
  const workflow = repository.workflows.find(({ id }) => id === run.workflowId);
  // Unlike in another attempt of the run.
  const id = (run.id * 100 + run.attempt) * 1000 + index;
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
    conclusion: RUNS_ONLY.has(run.conclusion) ? 'cancelled' : run.conclusion,
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

/** The `workflow_run` event with action `completed`, as it is sent to an installation of the App. */
export function renderRunCompleted(world: World, base: string, repository: Repository, run: Run): Json {
  const workflow = repository.workflows.find(({ id }) => id === run.workflowId);
  const owner = world.owner(repository.owner);
  const installation = world.state.installations.find((one) => covers(one, repository));
  return {
    action: 'completed',
    workflow_run: renderRun(world, base, repository, run),
    workflow: workflow === undefined ? null : renderWorkflow(base, repository, workflow),
    repository: renderRepository(world, base, repository),
    ...(owner?.type === 'Organization' ? { organization: renderOrganization(base, owner) } : {}),
    sender: renderUser(world, base, run.actor),
    ...(installation === undefined
      ? {}
      : { installation: { id: installation.id, node_id: nodeId('IntegrationInstallation', installation.id) } }),
  };
}
