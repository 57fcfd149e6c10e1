export { createGitHubApp } from './app.ts';
export {
  GitHubError,
  type GitHubErrorKind,
  GitHubPermanentError,
  GitHubRateLimitedError,
  GitHubTransientError,
  GitHubUnknownOutcomeError,
} from './errors.ts';
export type {
  GitHubApp,
  GitHubAppOptions,
  IssueClient,
  IssueRepository,
  OpenedIssue,
  RateLimitSeen,
  RepositoryReader,
  StartedWorkflow,
  StartWorkflow,
} from './types.ts';
