import { ApiError, invalid, notFound } from '../common/api-error.ts';
import { record, stringOrNull } from '../common/json-values.ts';
import type { Comment, Issue, Repository } from './entities.ts';
import { sameName, type StateStore } from './state-store.ts';

const MAX_BODY_LENGTH = 65_536;
const MAX_TITLE_LENGTH = 256;
const MAX_LABEL_LENGTH = 50;

/** Throws 410 when issues are disabled, and 403 for a write to an archived repository. */
export function requireIssues(repository: Repository, writing: boolean): void {
  if (!repository.issuesEnabled) {
    throw new ApiError(410, 'Issues has been disabled in this repository.');
  }
  if (writing && repository.archived) {
    throw new ApiError(403, 'Repository was archived so is read-only.');
  }
}

export function createIssue(store: StateStore, repository: Repository, body: unknown): Issue {
  const fields = record(body);
  const title = fields['title'];
  if (typeof title !== 'string' || title.trim() === '') {
    throw missingField('Issue', 'title');
  }
  const at = store.timestamp();
  const issue: Issue = {
    id: store.nextId('issue'),
    repositoryId: repository.id,
    number: store.nextId(`issue-number/${repository.id}`),
    title: withinLength('Issue', 'title', title, MAX_TITLE_LENGTH),
    body: withinLength('Issue', 'body', stringOrNull(fields['body']) ?? '', MAX_BODY_LENGTH),
    labels: labels(fields['labels']),
    state: 'open',
    stateReason: null,
    user: botLogin(store),
    comments: [],
    createdAt: at,
    updatedAt: at,
    closedAt: null,
  };
  store.state.issues.push(issue);
  return issue;
}

export function findIssue(store: StateStore, repository: Repository, number: string): Issue {
  const issue = store.state.issues.find((one) => one.repositoryId === repository.id && String(one.number) === number);
  if (issue === undefined) {
    throw notFound();
  }
  return issue;
}

export function updateIssue(store: StateStore, issue: Issue, body: unknown): void {
  const fields = record(body);
  const { state, title, state_reason: reason } = fields;
  if (state !== undefined && state !== 'open' && state !== 'closed') {
    throw invalid('Validation Failed', { errors: [{ resource: 'Issue', field: 'state', code: 'invalid' }] });
  }
  issue.title = withinLength('Issue', 'title', stringOrNull(title) ?? issue.title, MAX_TITLE_LENGTH);
  issue.body = withinLength('Issue', 'body', stringOrNull(fields['body']) ?? issue.body, MAX_BODY_LENGTH);
  issue.labels = fields['labels'] === undefined ? issue.labels : labels(fields['labels']);
  if (state !== undefined && state !== issue.state) {
    issue.state = state;
    issue.closedAt = state === 'closed' ? store.timestamp() : null;
    issue.stateReason = stringOrNull(reason) ?? (state === 'closed' ? 'completed' : 'reopened');
  }
  issue.updatedAt = store.timestamp();
}

export function addComment(store: StateStore, issue: Issue, body: unknown): Comment {
  const text = record(body)['body'];
  if (typeof text !== 'string' || text.trim() === '') {
    throw missingField('IssueComment', 'body');
  }
  const comment: Comment = {
    id: store.nextId('comment'),
    body: withinLength('IssueComment', 'body', text, MAX_BODY_LENGTH),
    user: botLogin(store),
    createdAt: store.timestamp(),
  };
  issue.comments.push(comment);
  issue.updatedAt = comment.createdAt;
  return comment;
}

export interface IssueFilter {
  readonly state?: string | undefined;
  /** Comma-separated. An issue must have all of them. */
  readonly labels?: string | undefined;
  readonly creator?: string | undefined;
}

/** Returns the matching issues, newest first. */
export function listIssues(store: StateStore, repository: Repository, filter: IssueFilter): Issue[] {
  const { state = 'open', creator } = filter;
  const wanted = filter.labels?.split(',').map((label) => label.trim()) ?? [];
  return store.state.issues
    .filter(
      (issue) =>
        issue.repositoryId === repository.id &&
        (state === 'all' || issue.state === state) &&
        (creator === undefined || sameName(issue.user, creator)) &&
        wanted.every((label) => issue.labels.some((have) => sameName(have, label))),
    )
    .sort((left, right) => right.number - left.number);
}

function labels(value: unknown): string[] {
  if (value === undefined || value === null) {
    return [];
  }
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.map((label) => {
    const name = stringOrNull(label) ?? stringOrNull(record(label)['name']) ?? '';
    if (name === '' || name.length > MAX_LABEL_LENGTH) {
      throw invalid('Validation Failed', {
        errors: [{ resource: 'Label', field: 'name', code: 'invalid', value: name }],
      });
    }
    return name;
  });
}

function withinLength(resource: string, field: string, value: string, max: number): string {
  if (value.length > max) {
    const message = `${field} is too long (maximum is ${max} characters)`;
    throw invalid('Validation Failed', { errors: [{ resource, field, code: 'custom', message }] });
  }
  return value;
}

function missingField(resource: string, field: string): ApiError {
  return invalid('Validation Failed', { errors: [{ resource, field, code: 'missing_field' }] });
}

function botLogin(store: StateStore): string {
  return `${store.state.app.slug}[bot]`;
}
