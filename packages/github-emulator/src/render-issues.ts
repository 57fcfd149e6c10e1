import { createHash } from 'node:crypto';
import { htmlUrl, type Json, nodeId, renderAppSummary, renderUser, repositoryUrl } from './render.ts';
import type { Comment, Issue, Repository } from './state.ts';
import type { World } from './world.ts';

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
