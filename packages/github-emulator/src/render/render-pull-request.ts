import type { Repository } from '../state/entities.ts';
import type { StateStore } from '../state/state-store.ts';
import { type Json, links, nodeId } from './json.ts';
import { renderUser } from './render-accounts.ts';
import { htmlUrl, renderRepository, repositoryUrl } from './render-repositories.ts';

/** A pull request of a fork. */
export interface ForkPullRequest {
  readonly number: number;
  readonly fork: Repository;
  /** The branch of the fork. */
  readonly branch: string;
  /** The head commit. */
  readonly sha: string;
}

const LINKS: readonly (readonly [string, string])[] = [
  ['commits_url', '/commits'],
  ['review_comments_url', '/comments'],
  ['review_comment_url', '/comments{/number}'],
];

/** Renders an open pull request as webhooks contain it. */
export function renderPullRequest(
  store: StateStore,
  base: string,
  repository: Repository,
  { number, fork, branch, sha }: ForkPullRequest,
): Json {
  const api = `${repositoryUrl(base, repository)}/pulls/${number}`;
  const html = `${htmlUrl(base, repository)}/pull/${number}`;
  const issue = `${repositoryUrl(base, repository)}/issues/${number}`;
  const id = repository.id * 1000 + number;
  const author = renderUser(store, base, fork.owner);
  const urls = {
    ...links(api, LINKS),
    comments_url: `${issue}/comments`,
    statuses_url: `${repositoryUrl(base, repository)}/statuses/${sha}`,
  };
  const target = repository.defaultBranch;
  return {
    id,
    node_id: nodeId('PullRequest', id),
    number,
    state: 'open',
    locked: false,
    active_lock_reason: null,
    title: 'Propose a change',
    body: null,
    draft: false,
    user: author,
    author_association: 'CONTRIBUTOR',
    assignee: null,
    assignees: [],
    requested_reviewers: [],
    requested_teams: [],
    labels: [],
    milestone: null,
    auto_merge: null,
    url: api,
    html_url: html,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    issue_url: issue,
    ...urls,
    _links: linksOf({ self: api, html, issue, ...named(urls) }),
    created_at: store.timestamp(),
    updated_at: store.timestamp(),
    closed_at: null,
    merged_at: null,
    merged: false,
    merged_by: null,
    merge_commit_sha: null,
    mergeable: null,
    rebaseable: null,
    mergeable_state: 'unknown',
    maintainer_can_modify: true,
    comments: 0,
    review_comments: 0,
    commits: 1,
    additions: 1,
    deletions: 0,
    changed_files: 1,
    head: {
      label: `${fork.owner}:${branch}`,
      ref: branch,
      sha,
      user: author,
      repo: renderRepository(store, base, fork),
    },
    base: {
      label: `${repository.owner}:${target}`,
      ref: target,
      sha: repository.branches[target] ?? '',
      user: renderUser(store, base, repository.owner),
      repo: renderRepository(store, base, repository),
    },
  };
}

/** Returns the URLs under their names in `_links`: without `_url`. */
function named(urls: Json): Record<string, string> {
  return Object.fromEntries(Object.entries(urls).map(([key, url]) => [key.replace(/_url$/, ''), String(url)]));
}

function linksOf(urls: Readonly<Record<string, string>>): Json {
  return Object.fromEntries(Object.entries(urls).map(([key, href]) => [key, { href }]));
}
