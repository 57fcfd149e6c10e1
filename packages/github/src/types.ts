import type { AppPermissions, RepositorySnapshot, TargetSnapshots, TargetRequest } from '@dispatcher/contracts';

/** What an answer's `x-ratelimit-*` headers said of the budget it was counted against. */
export interface RateLimitSeen {
  /** Null where the request was made as the App itself (its JWT), not as an installation. */
  readonly installationId: number | null;
  /** GitHub's name of the budget: `core`, `graphql`. */
  readonly resource: string;
  readonly limit: number;
  readonly remaining: number;
  /** Milliseconds since the epoch at which the budget is whole again, by GitHub's clock. */
  readonly resetsAt: number;
}

export interface GitHubAppOptions {
  /** The App's id or client id: the issuer of its JWTs. */
  readonly appId: string;
  /** PEM (PKCS#1 or PKCS#8), with real or escaped (`\n`) newlines. */
  readonly privateKey: string;
  /**
   * `GITHUB_API_URL`: GitHub Enterprise Server (`https://HOST/api/v3`) or another. Default: `https://api.github.com`.
   */
  readonly apiUrl?: string;
  readonly fetch?: typeof fetch;
  /** Milliseconds since the epoch. Default: the system's clock. */
  readonly now?: () => number;
  /** How long one request may take. Default: 8 s, and 10 s where a lost answer leaves the outcome unknown. */
  readonly requestTimeoutMs?: number;
  /** Called with each answer that carries rate-limit headers, errors included. */
  readonly onRateLimit?: (seen: RateLimitSeen) => void;
  /** Asked before every request with an installation's token, and told of every limit that one meets. */
  readonly limits?: InstallationLimits;
}

/** What is known of installations' rate limits, beyond this process: a limited installation is not called at all. */
export interface InstallationLimits {
  /** Milliseconds since the epoch until when the installation makes no request; null where it may make one now. */
  deferUntil(installationId: number): Promise<number | null>;
  setDeferUntil(installationId: number, untilMs: number): Promise<void>;
}

/** Options of one call. A call may make several requests. */
export interface CallOptions {
  /**
   * Ends the call early. Aborted before a request is sent, or during one that may be repeated, the call rejects with
   * GitHubTransientError. Aborted during a POST that must not be repeated, it rejects with GitHubUnknownOutcomeError:
   * GitHub may have carried it out. The client's own timeout applies as well.
   */
  readonly signal?: AbortSignal | undefined;
}

export interface GitHubApp {
  /** The App's slug from `GET /app`, kept for the life of the process. Its runs' actor is `<slug>[bot]`. */
  slug(options?: CallOptions): Promise<string>;
  /** The installation on a user or an organisation, kept for ten minutes; null (kept for one) where there is none. */
  installationOf(owner: string, options?: CallOptions): Promise<number | null>;
  /** One reader per batch of runs: runs handled together share their reads, and no batch sees another's. */
  createReader(): RepositoryReader;
  /**
   * Starts a workflow with one POST, never repeated, with a token narrowed to this repository and `actions: write`.
   * @throws GitHubPermanentError (its `code` is `dispatch-…` or `target-not-installed`), GitHubTransientError and
   * GitHubRateLimitedError where nothing was started; GitHubUnknownOutcomeError where that cannot be known.
   */
  startWorkflow(request: StartWorkflow, options?: CallOptions): Promise<StartedWorkflow>;
  /**
   * Sends a `repository_dispatch` with one POST, never repeated, with a token narrowed to this repository and
   * `contents: write`. GitHub says nothing of the runs it starts, and lists none by which they could be told.
   * @throws as {@link startWorkflow}; the code is `app-permission-missing` where `contents: write` was not granted.
   */
  sendEvent(request: SendEvent, options?: CallOptions): Promise<void>;
  /** What the App was granted in an installation, kept for one minute. */
  permissionsOf(installationId: number, options?: CallOptions): Promise<AppPermissions>;
  /**
   * The runs that this App started by dispatching this workflow on this ref since that time, oldest first. Nothing but
   * reading: any failure may be met by asking again.
   */
  startedRuns(request: StartedRuns, options?: CallOptions): Promise<StartedRun[]>;
  /** How many jobs a run's newest attempt has: none where GitHub ended the run before it started one. */
  jobCount(at: RunAt, options?: CallOptions): Promise<number>;
  /** Issues of the source repository, each call with a token narrowed to that repository and `issues: write`. */
  readonly issues: IssueClient;
  /** GitHub's log of the webhooks it sent to the App; read with the App's own JWT. */
  readonly deliveries: DeliveryLog;
}

/** One attempt to deliver a webhook. A redelivery is another attempt with the same GUID. */
export interface LoggedDelivery {
  /** Of the attempt. Text: it can be longer than a double is exact. */
  readonly id: string;
  readonly guid: string;
  readonly deliveredAt: string;
  readonly redelivery: boolean;
  /** `OK`, or GitHub's words for what went wrong. */
  readonly status: string;
  /** 0 where no answer came. */
  readonly statusCode: number;
  readonly event: string;
  readonly action: string | null;
}

/** The log is kept three days on github.com and seven on GitHub Enterprise Server. */
export interface DeliveryLog {
  /**
   * Newest first, 100 lines.
   * @param cursor of an earlier page's `older`; null begins at the newest. `older` is null at the end.
   */
  page(
    cursor: string | null,
    options?: CallOptions,
  ): Promise<{ deliveries: readonly LoggedDelivery[]; older: string | null }>;
  /** The webhook's body, parsed. */
  payload(id: string, options?: CallOptions): Promise<unknown>;
  /** Asks GitHub to send it again; resolves when GitHub has taken that on, which says nothing of how it ends. */
  redeliver(id: string, options?: CallOptions): Promise<void>;
}

/**
 * Reads repositories. Trouble with one repository is part of its reading (`unknown`), so that the others keep theirs.
 * Only what concerns the whole installation throws: GitHubRateLimitedError, and GitHubTransientError whose
 * `credentials` were refused. A call whose signal aborts rejects with GitHubTransientError; the request that it shares
 * with other calls continues for them.
 */
export interface RepositoryReader {
  /**
   * The source: its default branch and both places of a dispatching.yml. One GraphQL request per installation for all
   * asked together.
   */
  readSource(
    request: { installationId: number; owner: string; name: string },
    options?: CallOptions,
  ): Promise<RepositorySnapshot>;
  /**
   * The targets of one run, of any owner: per installation (that of another owner is looked up) in parallel chunks of
   * at most ten repositories. Keys are lower-case `owner/name`. Null: no source, as where a key asks.
   */
  readTargets(
    sourceInstallation: { installationId: number; owner: string } | null,
    requests: readonly TargetRequest[],
    options?: CallOptions,
  ): Promise<TargetSnapshots>;
}

export interface StartWorkflow {
  readonly installationId: number;
  readonly repositoryId: number;
  readonly owner: string;
  readonly name: string;
  /** File name below `.github/workflows/`. */
  readonly workflow: string;
  /** A branch or tag *name*: GitHub refuses a commit SHA. */
  readonly ref: string;
  readonly inputs: Readonly<Record<string, string>>;
  /**
   * Milliseconds since the epoch. The POST is not sent unless its time-out ends before; then GitHubTransientError is
   * thrown. Looked at right before sending, after the token was had.
   */
  readonly answerBy: number;
}

export interface SendEvent
  extends Pick<StartWorkflow, 'installationId' | 'repositoryId' | 'owner' | 'name' | 'answerBy'> {
  /** 1 to 100 characters. */
  readonly eventType: string;
  /** JSON text of an object; null sends none. */
  readonly clientPayload: string | null;
}

/** Both null where GitHub said 204: started, but which run is not said. */
export interface StartedWorkflow {
  readonly workflowRunId: number | null;
  readonly htmlUrl: string | null;
}

/** Which runs to look for; `since` in milliseconds since the epoch, by GitHub's clock and in whole seconds there. */
export interface StartedRuns
  extends Pick<StartWorkflow, 'installationId' | 'repositoryId' | 'owner' | 'name' | 'workflow' | 'ref'> {
  readonly since: number;
}

export interface StartedRun {
  readonly workflowRunId: number;
  readonly htmlUrl: string;
}

export interface RunAt {
  readonly installationId: number;
  readonly repositoryId: number;
  readonly owner: string;
  readonly name: string;
  readonly workflowRunId: number;
}

export interface IssueRepository {
  readonly installationId: number;
  /** Narrows the token by id; without it by name, which a rename makes stale. */
  readonly repositoryId?: number;
  readonly owner: string;
  readonly name: string;
}

export interface OpenedIssue {
  readonly number: number;
  readonly htmlUrl: string;
}

/** Status 410 (GitHubPermanentError) means that issues are disabled in the repository. */
export interface IssueClient {
  /**
   * A lost answer throws GitHubUnknownOutcomeError: `find` the issue before opening another. With `answerBy`
   * (milliseconds since the epoch) it is not sent unless its time-out ends before; then GitHubTransientError is thrown.
   */
  open(
    at: IssueRepository,
    issue: { title: string; body: string; labels: readonly string[]; answerBy?: number },
    options?: CallOptions,
  ): Promise<OpenedIssue>;
  /**
   * The newest issue, open or closed, that this App opened, that carries the label and whose body contains the marker.
   * Issues of others are not looked at: anybody may write a marker.
   */
  find(
    at: IssueRepository,
    label: string,
    marker: string,
    options?: CallOptions,
  ): Promise<(OpenedIssue & { state: 'open' | 'closed' }) | null>;
  /** `answerBy` as for {@link IssueClient.open}. */
  comment(
    at: IssueRepository,
    number: number,
    comment: { body: string; answerBy?: number },
    options?: CallOptions,
  ): Promise<void>;
  update(
    at: IssueRepository,
    number: number,
    change: { body?: string; state?: 'open' | 'closed' },
    options?: CallOptions,
  ): Promise<void>;
}
