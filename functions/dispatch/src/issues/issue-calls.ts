import {
  GitHubPermanentError,
  GitHubUnknownOutcomeError,
  type IssueClient,
  type IssueRepository,
  type OpenedIssue,
} from '@dispatcher/github';
import type { RunCompleted } from '@dispatcher/contracts';
import { fairnessSourceOf, type RateKey } from '../rate-limits/fairness.ts';
import { acquireWrite, exceededLimit, type RateLimiterDependencies } from '../rate-limits/rate-limiter.ts';

export interface IssueCallDependencies extends RateLimiterDependencies {
  readonly issues: IssueClient;
}

type NewIssue = Omit<Parameters<IssueClient['open']>[1], 'responseDeadline'>;
type IssueChange = Parameters<IssueClient['update']>[2];

/** The calls to GitHub for the issues of one source repository. */
export interface IssueCalls {
  find(label: string, marker: string): ReturnType<IssueClient['find']>;
  /** Takes a token for one write. @throws DeferError if the write exceeds a rate limit */
  acquire(): Promise<void>;
  /** Takes a token for one write. Returns false if the write exceeds a rate limit. */
  tryAcquire(): Promise<boolean>;
  /** Opens an issue if the response can arrive before `responseDeadline`, in milliseconds since the epoch. */
  open(issue: NewIssue, responseDeadline: number): Promise<OpenedIssue>;
  /** Changes an issue. Returns false if it was deleted or transferred. */
  update(number: number, change: IssueChange): Promise<boolean>;
  /** Adds a comment, at most once: after a lost response, the comment may exist and is not repeated. */
  comment(number: number, body: string, responseDeadline: number): Promise<void>;
}

export function createIssueCalls(deps: IssueCallDependencies, trigger: RunCompleted, signal: AbortSignal): IssueCalls {
  const { installationId, repository } = trigger;
  const { id: repositoryId, owner, name } = repository;
  const at: IssueRepository = { installationId, repositoryId, owner, name };
  const key: RateKey = { installationId, source: fairnessSourceOf(trigger) };
  return {
    find: (label, marker) => deps.issues.find(at, label, marker, { signal }),
    acquire: () => acquireWrite(deps, key, 'content', 'The write would exceed GITHUB_CONTENT_PER_MINUTE or _PER_HOUR.'),
    tryAcquire: async () => (await exceededLimit(deps, key, 'content')) === null,
    open: (issue, responseDeadline) => deps.issues.open(at, { ...issue, responseDeadline }, { signal }),
    update: async (number, change) => {
      try {
        await deps.issues.update(at, number, change, { signal });
        return true;
      } catch (error) {
        if (error instanceof GitHubPermanentError && (error.status === 404 || error.status === 410)) return false;
        throw error;
      }
    },
    comment: async (number, body, responseDeadline) => {
      try {
        await deps.issues.comment(at, number, { body, responseDeadline }, { signal });
      } catch (error) {
        if (!(error instanceof GitHubUnknownOutcomeError)) throw error;
      }
    },
  };
}
