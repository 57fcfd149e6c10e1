import type { AppPermissions } from '@dispatcher/contracts';
import { type CheckClient, createCheckClient } from './checks/check-client.ts';
import { createDeliveryLog, type DeliveryLog } from './deliveries/delivery-log.ts';
import type {
  WorkflowRunReference,
  SendEvent,
  StartedRun,
  StartedRunsQuery,
  StartedWorkflow,
  StartWorkflow,
} from './dispatch/types.ts';
import { createJobCounter } from './dispatch/job-count.ts';
import { createEventSender } from './dispatch/send-event.ts';
import { createWorkflowStarter } from './dispatch/start-workflow.ts';
import { createStartedRunsFinder } from './dispatch/started-runs.ts';
import { createInventory, type Inventory } from './installations/inventory.ts';
import { createInstallationTokens } from './installations/installation-tokens.ts';
import { createInstallations } from './installations/installations.ts';
import { createIssueClient, type IssueClient } from './issues/issue-client.ts';
import { createChangeReader, type ReadChange } from './repositories/change-reader.ts';
import type { ReaderOptions } from './repositories/read-repositories.ts';
import { createRepositoryReader, type RepositoryReader } from './repositories/repository-reader.ts';
import { createWorkflowRuns, type WorkflowRuns } from './repositories/workflow-runs.ts';
import type { CallOptions, GitHubAppOptions } from './transport/options.ts';
import { createTransport } from './transport/transport.ts';

export interface GitHubApp {
  /**
   * Returns the App's slug (`GET /app`), cached for the life of the process. The actor of its runs is `<slug>[bot]`.
   */
  slug(options?: CallOptions): Promise<string>;
  /**
   * Returns the id of the App's installation on a user or an organization, cached for ten minutes; null, cached for one
   * minute, when the App is not installed there.
   */
  installationOf(owner: string, options?: CallOptions): Promise<number | null>;
  /** Creates a reader for one batch: runs handled together share its reads, and no other batch sees them. */
  createReader(options?: ReaderOptions): RepositoryReader;
  /** The installations of the App and their repositories. */
  readonly inventory: Inventory;
  /**
   * Starts a workflow with one POST, never repeated, with a token limited to this repository and `actions: write`.
   * @throws GitHubPermanentError (its `code` is `dispatch-…` or `target-not-installed`), GitHubTransientError or
   * GitHubRateLimitedError when nothing was started; GitHubUnknownOutcomeError when a run may have been started.
   */
  startWorkflow(request: StartWorkflow, options?: CallOptions): Promise<StartedWorkflow>;
  /**
   * Sends a `repository_dispatch` event with one POST, never repeated, with a token limited to this repository and
   * `contents: write`. GitHub does not report which runs the event starts, and its run list cannot identify them.
   * @throws as {@link startWorkflow}; the code is `app-permission-missing` when `contents: write` was not granted.
   */
  sendEvent(request: SendEvent, options?: CallOptions): Promise<void>;
  /** Reads the dispatching.yml of a proposed commit, of the default branch, and of the commit that they have in common. */
  readonly readChange: ReadChange;
  /** Returns the permissions granted to the App in an installation, cached for one minute. */
  permissionsOf(installationId: number, options?: CallOptions): Promise<AppPermissions>;
  /**
   * Returns the runs that this App started by dispatching this workflow on this ref since the given time, oldest first.
   * Read-only: after any failure the call can be repeated.
   */
  startedRuns(request: StartedRunsQuery, options?: CallOptions): Promise<StartedRun[]>;
  /** Returns the number of jobs of a run's latest attempt; 0 when GitHub ended the run before it started a job. */
  jobCount(at: WorkflowRunReference, options?: CallOptions): Promise<number>;
  /** Workflow runs, read with tokens limited to `actions: read` in their repository. */
  readonly runs: WorkflowRuns;
  /** Issues of a repository. Each call uses a token limited to that repository and `issues: write`. */
  readonly issues: IssueClient;
  /** Check runs of this App. */
  readonly checks: CheckClient;
  /** GitHub's log of the webhook deliveries to the App, read with the App's JWT. */
  readonly deliveries: DeliveryLog;
}

/**
 * Creates the client of a GitHub App. It caches installation tokens, installations and the slug in memory, so create
 * one per process. It retries nothing: every failure is a GitHubError whose class says how to handle it.
 * @throws Error when the private key is not a valid PEM key.
 */
export function createGitHubApp(options: GitHubAppOptions): GitHubApp {
  const transport = createTransport(options);
  const tokens = createInstallationTokens(transport, options.limits);
  const installations = createInstallations(transport);
  return {
    ...installations,
    readChange: createChangeReader({ transport, tokens }),
    createReader: (own) => createRepositoryReader({ transport, tokens, installations, ...own, pause: options.pause }),
    inventory: createInventory(transport, tokens),
    sendEvent: createEventSender(transport, tokens),
    startWorkflow: createWorkflowStarter(transport, tokens),
    startedRuns: createStartedRunsFinder({ transport, tokens, installations }),
    jobCount: createJobCounter(transport, tokens),
    runs: createWorkflowRuns(transport, tokens),
    issues: createIssueClient({ transport, tokens, installations }),
    checks: createCheckClient({ transport, tokens, appId: Number(options.appId) }),
    deliveries: createDeliveryLog(transport),
  };
}
