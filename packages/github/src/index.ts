export {
  type CheckAnnotation,
  type CheckClient,
  type CheckConclusion,
  type CheckContent,
  type CheckRepository,
  type ListedCheck,
  maxAnnotations,
  type NewCheck,
} from './checks/check-client.ts';
export type { Inventory } from './installations/inventory.ts';
export type { DeliveryLog, LoggedDelivery } from './deliveries/delivery-log.ts';
export type {
  WorkflowRunReference,
  SendEvent,
  StartedRun,
  StartedRunsQuery,
  StartedWorkflow,
  StartWorkflow,
} from './dispatch/types.ts';
export { createGitHubApp, type GitHubApp } from './github-app.ts';
export {
  createAppRegistration,
  type InstalledRepository,
  type RegisteredApp,
  type RegisteredWebhook,
  type RegisteredInstallation,
  type AppRegistration,
} from './installations/app-registration.ts';
export {
  type AuthorizedUser,
  type AuthorizedReader,
  createUserAuthorization,
  maxReadableRepositories,
  type UserAuthorization,
  type UserAuthorizationOptions,
  webUrlOf,
} from './sign-in/user-authorization.ts';
export { createUserRoles, type RepositoryAccess, type RoleOf, type UserRoles } from './sign-in/user-roles.ts';
export type { IssueClient, IssueRepository, OpenedIssue } from './issues/issue-client.ts';
export { type Outage, outageOf } from './repositories/outage-of.ts';
export type { ChangeRequest, ChangeSnapshot, ReadChange } from './repositories/change-reader.ts';
export type { RepositoryReader } from './repositories/repository-reader.ts';
export type { RunRepository, WorkflowRuns } from './repositories/workflow-runs.ts';
export { createTokenClient, type TokenClient, tokenInstallationId } from './token-client.ts';
export {
  GitHubError,
  type GitHubErrorKind,
  GitHubPermanentError,
  GitHubRateLimitedError,
  GitHubTransientError,
  GitHubUnknownOutcomeError,
  GitHubUnreachableError,
} from './transport/errors.ts';
export type {
  CallOptions,
  GitHubAppOptions,
  InstallationHold,
  InstallationLimits,
  RateLimitStatus,
} from './transport/options.ts';
