import { GitHubError, invalid, notFound } from './errors.ts';
import { record, textOrNull } from './json.ts';
import type { Comment, Issue, Repository } from './state.ts';
import { same, type World } from './world.ts';

const BODY_LIMIT = 65_536;
const TITLE_LIMIT = 256;
const LABEL_LIMIT = 50;

/** Throws 410 where issues are disabled, and 403 where a write meets an archived repository. */
export function requireIssues(repository: Repository, writing: boolean): void {
  if (!repository.issuesEnabled) {
    throw new GitHubError(410, 'Issues has been disabled in this repository.');
  }
  if (writing && repository.archived) {
    throw new GitHubError(403, 'Repository was archived so is read-only.');
  }
}

export function createIssue(world: World, repository: Repository, body: unknown): Issue {
  const fields = record(body);
  const title = fields['title'];
  if (typeof title !== 'string' || title.trim() === '') {
    throw missing('Issue', 'title');
  }
  const at = world.timestamp();
  const issue: Issue = {
    id: world.nextId('issue'),
    repositoryId: repository.id,
    number: world.nextId(`issue-number/${repository.id}`),
    title: limited('Issue', 'title', title, TITLE_LIMIT),
    body: limited('Issue', 'body', textOrNull(fields['body']) ?? '', BODY_LIMIT),
    labels: labels(fields['labels']),
    state: 'open',
    stateReason: null,
    user: botLogin(world),
    comments: [],
    createdAt: at,
    updatedAt: at,
    closedAt: null,
  };
  world.state.issues.push(issue);
  return issue;
}

export function findIssue(world: World, repository: Repository, number: string): Issue {
  const issue = world.state.issues.find((one) => one.repositoryId === repository.id && String(one.number) === number);
  if (issue === undefined) {
    throw notFound();
  }
  return issue;
}

export function updateIssue(world: World, issue: Issue, body: unknown): void {
  const fields = record(body);
  const { state, title, state_reason: reason } = fields;
  if (state !== undefined && state !== 'open' && state !== 'closed') {
    throw invalid('Validation Failed', { errors: [{ resource: 'Issue', field: 'state', code: 'invalid' }] });
  }
  issue.title = limited('Issue', 'title', textOrNull(title) ?? issue.title, TITLE_LIMIT);
  issue.body = limited('Issue', 'body', textOrNull(fields['body']) ?? issue.body, BODY_LIMIT);
  issue.labels = fields['labels'] === undefined ? issue.labels : labels(fields['labels']);
  if (state !== undefined && state !== issue.state) {
    issue.state = state;
    issue.closedAt = state === 'closed' ? world.timestamp() : null;
    issue.stateReason = textOrNull(reason) ?? (state === 'closed' ? 'completed' : 'reopened');
  }
  issue.updatedAt = world.timestamp();
}

export function addComment(world: World, issue: Issue, body: unknown): Comment {
  const said = record(body)['body'];
  if (typeof said !== 'string' || said.trim() === '') {
    throw missing('IssueComment', 'body');
  }
  const comment: Comment = {
    id: world.nextId('comment'),
    body: limited('IssueComment', 'body', said, BODY_LIMIT),
    user: botLogin(world),
    createdAt: world.timestamp(),
  };
  issue.comments.push(comment);
  issue.updatedAt = comment.createdAt;
  return comment;
}

export interface IssueFilter {
  readonly state?: string | undefined;
  /** Comma-separated; an issue must carry every one. */
  readonly labels?: string | undefined;
  readonly creator?: string | undefined;
}

/** Newest first. */
export function listIssues(world: World, repository: Repository, filter: IssueFilter): Issue[] {
  const { state = 'open', creator } = filter;
  const wanted = filter.labels?.split(',').map((label) => label.trim()) ?? [];
  return world.state.issues
    .filter(
      (issue) =>
        issue.repositoryId === repository.id &&
        (state === 'all' || issue.state === state) &&
        (creator === undefined || same(issue.user, creator)) &&
        wanted.every((label) => issue.labels.some((have) => same(have, label))),
    )
    .sort((left, right) => right.number - left.number);
}

function labels(value: unknown): string[] {
  if (value === undefined || value === null) {
    return [];
  }
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.map((label) => {
    const name = textOrNull(label) ?? textOrNull(record(label)['name']) ?? '';
    if (name === '' || name.length > LABEL_LIMIT) {
      throw invalid('Validation Failed', {
        errors: [{ resource: 'Label', field: 'name', code: 'invalid', value: name }],
      });
    }
    return name;
  });
}

function limited(resource: string, field: string, value: string, limit: number): string {
  if (value.length > limit) {
    const message = `${field} is too long (maximum is ${limit} characters)`;
    throw invalid('Validation Failed', { errors: [{ resource, field, code: 'custom', message }] });
  }
  return value;
}

function missing(resource: string, field: string): GitHubError {
  return invalid('Validation Failed', { errors: [{ resource, field, code: 'missing_field' }] });
}

function botLogin(world: World): string {
  return `${world.state.app.slug}[bot]`;
}
