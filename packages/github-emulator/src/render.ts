import type { App, Installation, Owner, Repository, Token } from './state.ts';
import { timestamp, type World } from './world.ts';

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

export function renderAppSummary(app: App, base: string, world: World): Json {
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

export function repositoryUrl(base: string, repository: Repository): string {
  return `${base}/repos/${repository.owner}/${repository.name}`;
}

export function htmlUrl(base: string, repository: Repository): string {
  return `${base}/${repository.owner}/${repository.name}`;
}

function links(url: string, suffixes: readonly (readonly [string, string])[]): Json {
  return Object.fromEntries(suffixes.map(([key, suffix]) => [key, `${url}${suffix}`]));
}
