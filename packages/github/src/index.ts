export { createGitHubApp } from './app.ts';
export {
  GitHubError,
  type GitHubErrorKind,
  GitHubPermanentError,
  GitHubRateLimitedError,
  GitHubTransientError,
  GitHubUnknownOutcomeError,
} from './errors.ts';
export {
  createRegistration,
  type InstalledRepository,
  type RegisteredApp,
  type RegisteredHook,
  type RegisteredInstallation,
  type Registration,
} from './registration.ts';
export type {
  CallOptions,
  DeliveryLog,
  GitHubApp,
  GitHubAppOptions,
  InstallationLimits,
  IssueClient,
  IssueRepository,
  LoggedDelivery,
  OpenedIssue,
  RateLimitSeen,
  RepositoryReader,
  RunAt,
  SendEvent,
  StartedRun,
  StartedRuns,
  StartedWorkflow,
  StartWorkflow,
} from './types.ts';
