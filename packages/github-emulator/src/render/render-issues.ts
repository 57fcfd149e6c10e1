import { createHash } from 'node:crypto';
import { type Json, nodeId } from './json.ts';
import { renderUser } from './render-accounts.ts';
import { renderAppSummary } from './render-app.ts';
import { htmlUrl, repositoryUrl } from './render-repositories.ts';
import type { Comment, Issue, Repository } from '../state/entities.ts';
import type { StateStore } from '../state/state-store.ts';

export function renderIssue(store: StateStore, base: string, repository: Repository, issue: Issue): Json {
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
    user: renderUser(store, base, issue.user),
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
    performed_via_github_app: renderAppSummary(store.state.app, base, store),
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
  store: StateStore,
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
    user: renderUser(store, base, comment.user),
    body: comment.body,
    created_at: comment.createdAt,
    updated_at: comment.createdAt,
    author_association: 'NONE',
    performed_via_github_app: renderAppSummary(store.state.app, base, store),
  };
}
