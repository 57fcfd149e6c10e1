import type { RepositoryReading, TargetReadings, TargetRequest } from '@dispatcher/contracts';

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
  /** `GITHUB_API_URL`: GitHub Enterprise Server (`https://HOST/api/v3`) or another. Default: `https://api.github.com`. */
  readonly apiUrl?: string;
  readonly fetch?: typeof fetch;
  /** Milliseconds since the epoch. Default: the system's clock. */
  readonly now?: () => number;
  /** How long one request may take. Default: 8 s, and 10 s where a lost answer leaves the outcome unknown. */
  readonly requestTimeoutMs?: number;
  /** Called with each answer that carries rate-limit headers, errors included. */
  readonly onRateLimit?: (seen: RateLimitSeen) => void;
}

export interface GitHubApp {
  /** The App's slug from `GET /app`, kept for the life of the process. Its runs' actor is `<slug>[bot]`. */
  slug(): Promise<string>;
  /** The installation on a user or an organisation, kept for ten minutes; null (kept for one) where there is none. */
  installationOf(owner: string): Promise<number | null>;
  /** One reader per batch of runs: runs handled together share their reads, and no batch sees another's. */
  createReader(): RepositoryReader;
  /**
   * Starts a workflow with one POST, never repeated, with a token narrowed to this repository and `actions: write`.
   * @throws GitHubPermanentError (its `code` is `dispatch-…` or `target-not-installed`), GitHubTransientError and
   * GitHubRateLimitedError where nothing was started; GitHubUnknownOutcomeError where that cannot be known.
   */
  startWorkflow(request: StartWorkflow): Promise<StartedWorkflow>;
  /** Issues of the source repository, each call with a token narrowed to that repository and `issues: write`. */
  readonly issues: IssueClient;
}

/**
 * Reads repositories. Trouble with one repository is part of its reading (`unknown`), so that the others keep theirs.
 * Only what concerns the whole installation throws: GitHubRateLimitedError, and GitHubTransientError whose `credentials` were refused.
 */
export interface RepositoryReader {
  /** The source: its default branch and both places of a dispatching.yml. One GraphQL request per installation for all asked together. */
  readSource(request: { installationId: number; owner: string; name: string }): Promise<RepositoryReading>;
  /**
   * The targets of one run, of any owner: per installation (that of another owner is looked up) in parallel chunks of at
   * most ten repositories. Keys are lower-case `owner/name`.
   */
  readTargets(
    sourceInstallation: { installationId: number; owner: string },
    requests: readonly TargetRequest[],
  ): Promise<TargetReadings>;
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
}

/** Both null where GitHub said 204: started, but which run is not said. */
export interface StartedWorkflow {
  readonly workflowRunId: number | null;
  readonly htmlUrl: string | null;
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
  /** A lost answer throws GitHubUnknownOutcomeError: `find` the issue before opening another. */
  open(at: IssueRepository, issue: { title: string; body: string; labels: readonly string[] }): Promise<OpenedIssue>;
  /**
   * The newest issue, open or closed, that this App opened, that carries the label and whose body contains the marker.
   * Issues of others are not looked at: anybody may write a marker.
   */
  find(
    at: IssueRepository,
    label: string,
    marker: string,
  ): Promise<(OpenedIssue & { state: 'open' | 'closed' }) | null>;
  comment(at: IssueRepository, number: number, body: string): Promise<void>;
  update(at: IssueRepository, number: number, change: { body?: string; state?: 'open' | 'closed' }): Promise<void>;
}
