import type { Repository } from '../state/entities.ts';
import type { StateStore } from '../state/state-store.ts';
import { type Json, links, nodeId } from './json.ts';
import { renderUser } from './render-accounts.ts';

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

/** Renders the short form of a repository, which other objects contain. */
export function renderMinimalRepository(store: StateStore, base: string, repository: Repository): Json {
  const url = repositoryUrl(base, repository);
  return {
    id: repository.id,
    node_id: nodeId('Repository', repository.id),
    name: repository.name,
    full_name: `${repository.owner}/${repository.name}`,
    private: repository.visibility !== 'public',
    owner: renderUser(store, base, repository.owner),
    html_url: htmlUrl(base, repository),
    description: null,
    fork: repository.fork,
    url,
    ...links(url, REPOSITORY_LINKS),
  };
}

export function renderRepository(store: StateStore, base: string, repository: Repository): Json {
  const html = htmlUrl(base, repository);
  const openIssues = store.state.issues.filter(
    (issue) => issue.repositoryId === repository.id && issue.state === 'open',
  ).length;
  return {
    ...renderMinimalRepository(store, base, repository),
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

/** Renders `GET /repos/{owner}/{repo}`, which has two more counts than a webhook's repository. */
export function renderFullRepository(store: StateStore, base: string, repository: Repository): Json {
  return { ...renderRepository(store, base, repository), network_count: 0, subscribers_count: 0 };
}

export function repositoryUrl(base: string, repository: Repository): string {
  return `${base}/repos/${repository.owner}/${repository.name}`;
}

export function htmlUrl(base: string, repository: Repository): string {
  return `${base}/${repository.owner}/${repository.name}`;
}

/** A repository as people see it. */
export interface RepositoryReport {
  /** `owner/name` */
  readonly repository: string;
  readonly visibility: Repository['visibility'];
  readonly archived: boolean;
  readonly defaultBranch: string;
  readonly branches: readonly string[];
  readonly tags: readonly string[];
  readonly htmlUrl: string;
}

/** Renders a repository for the control API. */
export function renderRepositoryReport(base: string, repository: Repository): RepositoryReport {
  const { owner, name, visibility, archived, defaultBranch, branches, tags } = repository;
  return {
    repository: `${owner}/${name}`,
    visibility,
    archived,
    defaultBranch,
    branches: Object.keys(branches),
    tags: Object.keys(tags),
    htmlUrl: htmlUrl(base, repository),
  };
}
