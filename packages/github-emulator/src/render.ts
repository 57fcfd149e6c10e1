import { createHash } from 'node:crypto';
import type { App, Comment, Commit, Installation, Issue, Owner, Repository, Run, Token, Workflow } from './state.ts';
import { covers, timestamp, type World } from './world.ts';

/** GitHub's JSON shapes (its published OpenAPI description, version 2022-11-28). `base` is the emulator's own URL. */
export type Json = Record<string, unknown>;

const REPOSITORY_LINKS: readonly (readonly [string, string])[] = [
  ['archive_url', '/{archive_format}{/ref}'],
  ['assignees_url', '/assignees{/user}'],
  ['blobs_url', '/git/blobs{/sha}'],
  ['branches_url', '/branches{/branch}'],
  ['collaborators_url', '/collaborators{/collaborator}'],
  ['comments_url', '/comments{/number}'],
  ['commits_url', '/commits{/sha}'],
  ['compare_url', '/compare/{base}...{head}'],
  ['contents_url', '/contents/{+path}'],
  ['contributors_url', '/contributors'],
  ['deployments_url', '/deployments'],
  ['downloads_url', '/downloads'],
  ['events_url', '/events'],
  ['forks_url', '/forks'],
  ['git_commits_url', '/git/commits{/sha}'],
  ['git_refs_url', '/git/refs{/sha}'],
  ['git_tags_url', '/git/tags{/sha}'],
  ['hooks_url', '/hooks'],
  ['issue_comment_url', '/issues/comments{/number}'],
  ['issue_events_url', '/issues/events{/number}'],
  ['issues_url', '/issues{/number}'],
  ['keys_url', '/keys{/key_id}'],
  ['labels_url', '/labels{/name}'],
  ['languages_url', '/languages'],
  ['merges_url', '/merges'],
  ['milestones_url', '/milestones{/number}'],
  ['notifications_url', '/notifications{?since,all,participating}'],
  ['pulls_url', '/pulls{/number}'],
  ['releases_url', '/releases{/id}'],
  ['stargazers_url', '/stargazers'],
  ['statuses_url', '/statuses/{sha}'],
  ['subscribers_url', '/subscribers'],
  ['subscription_url', '/subscription'],
  ['tags_url', '/tags'],
  ['teams_url', '/teams'],
  ['trees_url', '/git/trees{/sha}'],
];

const USER_LINKS: readonly (readonly [string, string])[] = [
  ['events_url', '/events{/privacy}'],
  ['followers_url', '/followers'],
  ['following_url', '/following{/other_user}'],
  ['gists_url', '/gists{/gist_id}'],
  ['organizations_url', '/orgs'],
  ['received_events_url', '/received_events'],
  ['repos_url', '/repos'],
  ['starred_url', '/starred{/owner}{/repo}'],
  ['subscriptions_url', '/subscriptions'],
];

/** The form of GitHub's older node ids: base64 of `0<length>:<type><id>`. */
export function nodeId(type: string, id: number | string): string {
  return Buffer.from(`0${type.length}:${type}${id}`).toString('base64');
}

export function renderUser(world: World, base: string, login: string): Json {
  const owner = world.owner(login) ?? { login, id: 0, type: 'User' as const };
  const url = `${base}/users/${encodeURIComponent(owner.login)}`;
  return {
    login: owner.login,
    id: owner.id,
    node_id: nodeId(owner.type, owner.id),
    avatar_url: `${base}/avatars/${owner.id}`,
    gravatar_id: '',
    url,
    html_url: `${base}/${encodeURIComponent(owner.login)}`,
    ...links(url, USER_LINKS),
    type: owner.type,
    site_admin: false,
  };
}

export function renderOrganization(base: string, owner: Owner): Json {
  const url = `${base}/orgs/${owner.login}`;
  return {
    login: owner.login,
    id: owner.id,
    node_id: nodeId(owner.type, owner.id),
    url,
    repos_url: `${url}/repos`,
    events_url: `${url}/events`,
    hooks_url: `${url}/hooks`,
    issues_url: `${url}/issues`,
    members_url: `${url}/members{/member}`,
    public_members_url: `${url}/public_members{/member}`,
    avatar_url: `${base}/avatars/${owner.id}`,
    description: '',
  };
}

/** The short form, which stands inside other objects. */
export function renderMinimalRepository(world: World, base: string, repository: Repository): Json {
  const url = repositoryUrl(base, repository);
  return {
    id: repository.id,
    node_id: nodeId('Repository', repository.id),
    name: repository.name,
    full_name: `${repository.owner}/${repository.name}`,
    private: repository.visibility !== 'public',
    owner: renderUser(world, base, repository.owner),
    html_url: htmlUrl(base, repository),
    description: null,
    fork: repository.fork,
    url,
    ...links(url, REPOSITORY_LINKS),
  };
}

export function renderRepository(world: World, base: string, repository: Repository): Json {
  const html = htmlUrl(base, repository);
  const openIssues = world.state.issues.filter(
    (issue) => issue.repositoryId === repository.id && issue.state === 'open',
  ).length;
  return {
    ...renderMinimalRepository(world, base, repository),
    created_at: repository.createdAt,
    updated_at: repository.pushedAt,
    pushed_at: repository.pushedAt,
    git_url: `${html.replace(/^https?/, 'git')}.git`,
    ssh_url: `git@${new URL(base).hostname}:${repository.owner}/${repository.name}.git`,
    clone_url: `${html}.git`,
    svn_url: html,
    homepage: null,
    size: 0,
    stargazers_count: 0,
    watchers_count: 0,
    language: null,
    has_issues: repository.issuesEnabled,
    has_projects: true,
    has_downloads: true,
    has_wiki: true,
    has_pages: false,
    has_discussions: false,
    forks_count: 0,
    mirror_url: null,
    archived: repository.archived,
    disabled: repository.disabled,
    open_issues_count: openIssues,
    license: null,
    allow_forking: true,
    is_template: false,
    web_commit_signoff_required: false,
    topics: [],
    visibility: repository.visibility,
    forks: 0,
    open_issues: openIssues,
    watchers: 0,
    default_branch: repository.defaultBranch,
    custom_properties: {},
  };
}

/** As `GET /repos/{owner}/{repo}` gives it, which has two counts more than the webhook's. */
export function renderFullRepository(world: World, base: string, repository: Repository): Json {
  return { ...renderRepository(world, base, repository), network_count: 0, subscribers_count: 0 };
}

export function renderApp(world: World, base: string): Json {
  const { app } = world.state;
  return {
    ...renderAppSummary(app, base, world),
    installations_count: world.state.installations.length,
  };
}

function renderAppSummary(app: App, base: string, world: World): Json {
  return {
    id: app.id,
    client_id: app.clientId,
    slug: app.slug,
    node_id: nodeId('Integration', app.id),
    owner: renderUser(world, base, app.owner ?? world.state.owners[0]?.login ?? 'ghost'),
    name: app.name,
    description: '',
    external_url: base,
    html_url: `${base}/apps/${app.slug}`,
    created_at: app.createdAt,
    updated_at: app.createdAt,
    permissions: app.permissions,
    events: app.events,
  };
}

export function renderInstallation(world: World, base: string, installation: Installation): Json {
  const { app } = world.state;
  const url = `${base}/app/installations/${installation.id}`;
  const account = world.owner(installation.account);
  return {
    id: installation.id,
    client_id: app.clientId,
    account: renderUser(world, base, installation.account),
    repository_selection: installation.repositories === 'all' ? 'all' : 'selected',
    access_tokens_url: `${url}/access_tokens`,
    repositories_url: `${base}/installation/repositories`,
    html_url: `${base}/organizations/${installation.account}/settings/installations/${installation.id}`,
    app_id: app.id,
    app_slug: app.slug,
    target_id: account?.id ?? 0,
    target_type: account?.type ?? 'Organization',
    permissions: installation.permissions,
    events: app.events,
    created_at: installation.createdAt,
    updated_at: installation.createdAt,
    single_file_name: null,
    has_multiple_single_files: false,
    single_file_paths: [],
    suspended_by: null,
    suspended_at: installation.suspendedAt,
  };
}

export function renderToken(
  world: World,
  base: string,
  value: string,
  token: Token,
  repositories: readonly Repository[] | null,
): Json {
  const installation = world.installation(token.installationId);
  const narrowed =
    repositories === null ? {} : { repositories: repositories.map((one) => renderFullRepository(world, base, one)) };
  return {
    token: value,
    expires_at: timestamp(token.expiresAt),
    permissions: token.permissions,
    repository_selection: repositories === null && installation?.repositories === 'all' ? 'all' : 'selected',
    ...narrowed,
  };
}

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

export function renderIssue(world: World, base: string, repository: Repository, issue: Issue): Json {
  const url = `${repositoryUrl(base, repository)}/issues/${issue.number}`;
  return {
    id: issue.id,
    node_id: nodeId('Issue', issue.id),
    url,
    repository_url: repositoryUrl(base, repository),
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: `${htmlUrl(base, repository)}/issues/${issue.number}`,
    number: issue.number,
    state: issue.state,
    state_reason: issue.stateReason,
    title: issue.title,
    body: issue.body,
    user: renderUser(world, base, issue.user),
    labels: issue.labels.map((name) => renderLabel(base, repository, name)),
    assignee: null,
    assignees: [],
    milestone: null,
    locked: false,
    active_lock_reason: null,
    comments: issue.comments.length,
    closed_at: issue.closedAt,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_by: null,
    author_association: 'NONE',
    performed_via_github_app: renderAppSummary(world.state.app, base, world),
  };
}

function renderLabel(base: string, repository: Repository, name: string): Json {
  return {
    id: createHash('sha1').update(`${repository.id}/${name}`).digest().readUInt32BE(0),
    node_id: nodeId('Label', `${repository.id}/${name}`),
    url: `${repositoryUrl(base, repository)}/labels/${encodeURIComponent(name)}`,
    name,
    color: 'ededed',
    default: false,
    description: null,
  };
}

export function renderComment(
  world: World,
  base: string,
  repository: Repository,
  issue: Issue,
  comment: Comment,
): Json {
  return {
    id: comment.id,
    node_id: nodeId('IssueComment', comment.id),
    url: `${repositoryUrl(base, repository)}/issues/comments/${comment.id}`,
    html_url: `${htmlUrl(base, repository)}/issues/${issue.number}#issuecomment-${comment.id}`,
    issue_url: `${repositoryUrl(base, repository)}/issues/${issue.number}`,
    user: renderUser(world, base, comment.user),
    body: comment.body,
    created_at: comment.createdAt,
    updated_at: comment.createdAt,
    author_association: 'NONE',
    performed_via_github_app: renderAppSummary(world.state.app, base, world),
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

function repositoryUrl(base: string, repository: Repository): string {
  return `${base}/repos/${repository.owner}/${repository.name}`;
}

function htmlUrl(base: string, repository: Repository): string {
  return `${base}/${repository.owner}/${repository.name}`;
}

function links(url: string, suffixes: readonly (readonly [string, string])[]): Json {
  return Object.fromEntries(suffixes.map(([key, suffix]) => [key, `${url}${suffix}`]));
}
