import type { FaultRule } from '../faults/faults.ts';
import type { FileContent, Files } from '../state/git-objects.ts';
import type { RepositoryReport } from '../render/render-repositories.ts';
import type { RunReport } from '../render/render-runs.ts';
import type { RequestReport } from '../server/request-log.ts';
import type { RefChange } from '../state/refs.ts';
import type { Seed, SeedInstallation, SeedOwner, SeedRepository } from '../state/seed.ts';
import type { Settings } from '../server/context.ts';
import type { Mergeability } from '../state/checks.ts';
import type {
  CheckApp,
  CheckConclusion,
  CheckRun,
  CheckStatus,
  CheckSuite,
  Conclusion,
  Delivery,
  Issue,
  Permissions,
  RepositoryRole,
  Visibility,
  Workflow,
} from '../state/entities.ts';

/** A run that was not dispatched, for example CI after a push. */
export interface StartedRunRequest {
  /** `owner/name` */
  readonly repository: string;
  /** File name below `.github/workflows/`, or the path of a managed workflow: `dynamic/pages/pages-build-deployment`. */
  readonly workflow: string;
  /**
   * A branch, a tag (`refs/tags/…` if a branch has the same name), or any name for a fork. Default: the default branch.
   * Null: `head_branch` is null.
   */
  readonly branch?: string | null;
  /** Default: `push`; `pull_request` for a fork, and `dynamic` for a managed workflow. */
  readonly event?: string;
  /** Login. A user is created for an unknown one. Default: `octocat`. */
  readonly actor?: string;
  /** The head commit is in a fork, so `head_repository` is another repository. */
  readonly fork?: boolean;
  /** Numbers of the pull requests whose head is the head of the run. Default: none. */
  readonly pullRequests?: readonly number[];
  /** Default: 1. */
  readonly attempt?: number;
  /** The head commit. Default: the commit that the branch or tag points to now. */
  readonly sha?: string;
  /** How long ago the run was created. Default: 0. */
  readonly ageMs?: number;
}

/** A run that was not dispatched, and that completes at once. */
export interface RunRequest extends StartedRunRequest {
  /** Default: `success`. */
  readonly conclusion?: Conclusion;
  /** How long the run took. Default: it completed just now. */
  readonly durationMs?: number;
  /** False: the webhook is not sent. */
  readonly deliver?: boolean;
}

/** A job of a run in progress, with the variables that its runner gives it. */
export interface StartedJob {
  /** The id of the job in the workflow file. */
  readonly job: string;
  readonly checkRunId: number;
  /**
   * `ACTIONS_ID_TOKEN_REQUEST_URL` and `ACTIONS_ID_TOKEN_REQUEST_TOKEN`, with which the job requests OIDC tokens. Empty
   * without `id-token: write`, and for a pull request of a fork.
   */
  readonly variables: Readonly<Record<string, string>>;
}

export interface CompletedRun {
  readonly run: RunReport;
  /** The result of the webhook; null when none was sent, for the reason in `notDelivered`. */
  readonly delivery: DeliveryResult | null;
  readonly notDelivered: string | null;
}

export interface DeliveryResult {
  readonly id: number;
  readonly guid: string;
  readonly status: string;
  readonly statusCode: number;
  readonly responseBody: string | null;
}

export interface DeliverRequest {
  /** A string is sent unchanged, another value as its JSON. */
  readonly payload: unknown;
  /** Default: `workflow_run`. */
  readonly event?: string;
  readonly guid?: string;
  /** Signs with this secret instead of the App's. */
  readonly signWith?: string;
}

export interface RepositoryChange {
  readonly archived?: boolean;
  readonly disabled?: boolean;
  readonly locked?: boolean;
  readonly visibility?: Visibility;
  readonly issues?: boolean;
  readonly defaultBranch?: string;
  /** Replaces all roles. */
  readonly collaborators?: Readonly<Record<string, RepositoryRole>>;
}

export interface Push {
  /** A new branch starts at the default branch. Default: the default branch. */
  readonly branch?: string;
  /** Null removes a file. Files that are not named stay. */
  readonly files: Readonly<Record<string, FileContent | null>>;
  readonly message?: string;
  /** Sets this tag to the new commit as well. */
  readonly tag?: string;
  /** The commit, branch or tag to build on instead of the branch's head: a forced push. */
  readonly parent?: string;
  /** The commit, branch or tag that the new commit merges. */
  readonly merge?: string;
}

/** A check run that another App writes, for example a workflow with its `GITHUB_TOKEN`. */
export interface ForgedCheck {
  readonly repository: string;
  readonly sha: string;
  readonly name: string;
  /** Default: none, so the check run stays open. */
  readonly conclusion?: CheckConclusion;
  readonly status?: CheckStatus;
  readonly externalId?: string;
  /** Default: GitHub Actions. */
  readonly app?: CheckApp;
}

/** A required check: its name, and the id of the App that the rule expects, if it names one. */
export interface RequiredCheck {
  readonly sha: string;
  readonly check: string;
  readonly appId?: number;
}

/** A pull request of a fork, which is created at the first use. */
export interface PullRequestRequest {
  readonly number: number;
  /** The files of its next commit. Null removes a file. */
  readonly files: Readonly<Record<string, FileContent | null>>;
  /** The branch of the fork. Default: `patch`. */
  readonly branch?: string;
  /** Default: `opened` for the first commit of the branch, then `synchronize`. */
  readonly action?: string;
}

/** What the owner of the App changes on its settings page. */
export interface AppChange {
  /** Replaces what the App requests. Installations keep what they granted until their owners accept the rest. */
  readonly permissions?: Permissions;
  readonly events?: readonly string[];
}

export type SettingsChange = Partial<Settings> & {
  /** Requests per hour of each caller and resource. */
  readonly rateLimit?: number;
};

/** The control API below `/_emulator`. A call that the emulator refuses throws an error with its message. */
export interface EmulatorControl {
  replaceSeed(seed: Seed): Promise<void>;
  setWebhook(webhook: { readonly url?: string | null; readonly secret?: string }): Promise<void>;
  /** Adds an account, or replaces the one with the same name. It keeps its id. */
  addOwner(owner: SeedOwner): Promise<void>;
  /** Gives an account another name, as its owner can, and sends `installation_target` where the App is installed. */
  renameAccount(login: string, newLogin: string): Promise<void>;
  /** Withdraws a user's authorization of the App: its tokens end, and GitHub sends `github_app_authorization`. */
  revokeAuthorization(login: string): Promise<DeliveryResult | null>;
  /** Adds a repository, or replaces the one with the same name. */
  putRepository(repository: SeedRepository): Promise<{ readonly id: number }>;
  repositories(): Promise<readonly RepositoryReport[]>;
  /** Returns the files of a branch, tag or commit. Default: the default branch. */
  files(repository: string, ref?: string): Promise<Files>;
  changeRepository(repository: string, change: RepositoryChange): Promise<void>;
  /** Gives a repository another name. */
  renameRepository(repository: string, name: string): Promise<void>;
  /** Moves a repository to another owner. Only the new owner's installation gets an event. */
  transferRepository(repository: string, owner: string): Promise<void>;
  /** Deletes a repository. GitHub sends the App no event. */
  removeRepository(repository: string): Promise<void>;
  /** Adds a commit to a pull request of a fork. */
  updatePullRequest(repository: string, request: PullRequestRequest): Promise<{ readonly sha: string }>;
  push(repository: string, push: Push): Promise<{ readonly sha: string }>;
  /** Creates or moves a branch or tag, as a forced push does. With a message the tag is annotated. */
  setRef(repository: string, change: RefChange): Promise<{ readonly sha: string }>;
  /** Deletes a branch or tag, named as `refs/heads/…` or `refs/tags/…`. Its commits stay. */
  deleteRef(repository: string, ref: string): Promise<void>;
  setWorkflowState(repository: string, workflow: string, state: Workflow['state']): Promise<void>;
  /** Changes the permissions and events that the App requests. */
  changeApp(change: AppChange): Promise<void>;
  /** Grants the permissions that the App requests, as the owner of the account does on GitHub's page. */
  acceptPermissions(installationId: number): Promise<void>;
  putInstallation(installation: SeedInstallation): Promise<void>;
  suspendInstallation(id: number, suspended: boolean): Promise<void>;
  removeInstallation(id: number): Promise<void>;
  /** Revokes all installation tokens, or those of one installation. */
  revokeTokens(installationId?: number): Promise<void>;
  /** Creates a completed run and sends its webhook. */
  run(request: RunRequest): Promise<CompletedRun>;
  /** Creates a run that stays in progress until a control call completes it. */
  start(request: StartedRunRequest): Promise<RunReport>;
  /** Runs a run again, with the next attempt number, and leaves it in progress. */
  startAttempt(runId: number): Promise<RunReport>;
  /** Starts a job of a run that is not completed. Default: the first job of the workflow file. */
  startJob(runId: number, job?: string): Promise<StartedJob>;
  /** Lets the issuer of the tokens of jobs sign with a new key. @param keepOld whether it still publishes the earlier keys */
  rotateIssuerKey(keepOld: boolean): Promise<void>;
  /** Completes a started run and sends its webhook. */
  complete(runId: number, conclusion?: Conclusion): Promise<CompletedRun>;
  /** Ends a started run without a job, as workflow execution protections do, and sends its webhook. */
  stop(runId: number): Promise<CompletedRun>;
  /**
   * Ends a started run at start-up, as GitHub does when it cannot build the workflow: the run loses its workflow file,
   * its `path` becomes `BuildFailed` and its conclusion `startup_failure`. Sends its webhook.
   */
  failAtStartup(runId: number): Promise<CompletedRun>;
  /** Runs a completed run again, with the same id and the next attempt number. */
  rerun(runId: number, conclusion?: Conclusion): Promise<CompletedRun>;
  /** Returns all runs of all repositories, oldest first. */
  runs(): Promise<readonly RunReport[]>;
  issues(): Promise<readonly (Issue & { readonly repository: string })[]>;
  /** Returns all check runs, oldest first. */
  checkRuns(): Promise<readonly (CheckRun & { readonly repository: string })[]>;
  checkSuites(): Promise<readonly CheckSuite[]>;
  /** Creates a check run as another App. */
  forgeCheck(check: ForgedCheck): Promise<CheckRun>;
  /** Clicks "Re-run" at a check run: GitHub sends `check_run` `rerequested`. */
  rerequestCheckRun(id: number, actor?: string): Promise<DeliveryResult | null>;
  /** Clicks "Re-run all checks": GitHub resets the suite to `queued` and sends `check_suite` `rerequested`. */
  rerequestCheckSuite(id: number, actor?: string): Promise<DeliveryResult | null>;
  /** Returns whether GitHub would let a pull request with this head commit merge if it requires this check alone. */
  mergeable(repository: string, required: RequiredCheck): Promise<Mergeability>;
  deliveries(): Promise<readonly Delivery[]>;
  deliver(request: DeliverRequest): Promise<DeliveryResult>;
  requests(): Promise<RequestReport>;
  clearRequests(): Promise<void>;
  advanceClock(ms: number): Promise<{ readonly now: string }>;
  setFaults(rules: readonly FaultRule[], seed?: number): Promise<void>;
  /** Returns the rules with the number of requests that matched (`seen`) and that met the fault (`met`). */
  faults(): Promise<readonly (FaultRule & { readonly seen: number; readonly met: number })[]>;
  clearFaults(): Promise<void>;
  /** Sends all webhooks that a fault delays. Resolves when the receiver has responded to each. */
  releaseWebhooks(): Promise<{ readonly released: number }>;
  changeSettings(change: SettingsChange): Promise<void>;
}

/** Creates the client of the control API of the emulator at this URL. @param token the emulator's control token */
export function createEmulatorControl(url: string, token: string): EmulatorControl {
  const authorization = `Bearer ${token}`;
  const call = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const response = await fetch(`${url}/_emulator${path}`, {
      method,
      ...(body === undefined
        ? { headers: { authorization } }
        : { headers: { 'content-type': 'application/json', authorization }, body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) {
      throw new Error(`The emulator refused ${method} ${path} (${response.status}): ${messageIn(text)}`);
    }
    return (text === '' ? undefined : JSON.parse(text)) as T;
  };
  return {
    replaceSeed: (seed) => call('PUT', '/seed', seed),
    setWebhook: (webhook) => call('PATCH', '/webhook', webhook),
    addOwner: (owner) => call('POST', '/owners', owner),
    renameAccount: (login, newLogin) => call('PATCH', `/owners/${login}`, { login: newLogin }),
    revokeAuthorization: (login) => call('DELETE', `/authorizations/${login}`),
    putRepository: (repository) => call('POST', '/repositories', repository),
    repositories: () => call('GET', '/repositories'),
    files: (repository, ref) =>
      call('GET', `/repositories/${repository}/files${ref === undefined ? '' : `?ref=${encodeURIComponent(ref)}`}`),
    changeRepository: (repository, change) => call('PATCH', `/repositories/${repository}`, change),
    renameRepository: (repository, name) => call('POST', `/repositories/${repository}/rename`, { name }),
    transferRepository: (repository, owner) => call('POST', `/repositories/${repository}/transfer`, { owner }),
    updatePullRequest: (repository, request) => call('POST', `/repositories/${repository}/pulls`, request),
    changeApp: (change) => call('PATCH', '/app', change),
    acceptPermissions: (id) => call('POST', `/installations/${id}/accept`),
    removeRepository: (repository) => call('DELETE', `/repositories/${repository}`),
    push: (repository, push) => call('POST', `/repositories/${repository}/push`, push),
    setRef: (repository, change) => call('PUT', `/repositories/${repository}/refs`, change),
    deleteRef: (repository, ref) => call('DELETE', `/repositories/${repository}/refs?ref=${encodeURIComponent(ref)}`),
    setWorkflowState: (repository, workflow, state) =>
      call('PATCH', `/repositories/${repository}/workflows/${workflow}`, { state }),
    putInstallation: (installation) => call('POST', '/installations', installation),
    suspendInstallation: (id, suspended) => call('PATCH', `/installations/${id}`, { suspended }),
    removeInstallation: (id) => call('DELETE', `/installations/${id}`),
    revokeTokens: (id) => call('DELETE', id === undefined ? '/tokens' : `/tokens?installation=${id}`),
    run: (request) => call('POST', '/runs', request),
    start: (request) => call('POST', '/runs/start', request),
    startAttempt: (runId) => call('POST', `/runs/${runId}/attempts`),
    startJob: (runId, job) => call('POST', `/runs/${runId}/jobs`, job === undefined ? {} : { job }),
    rotateIssuerKey: (keepOld) => call('POST', '/issuer/keys', { keepOld }),
    complete: (runId, conclusion = 'success') => call('POST', `/runs/${runId}/complete`, { conclusion }),
    stop: (runId) => call('POST', `/runs/${runId}/stop`),
    failAtStartup: (runId) => call('POST', `/runs/${runId}/fail-at-startup`),
    rerun: (runId, conclusion = 'success') => call('POST', `/runs/${runId}/rerun`, { conclusion }),
    runs: () => call('GET', '/runs'),
    issues: () => call('GET', '/issues'),
    checkRuns: () => call('GET', '/check-runs'),
    checkSuites: () => call('GET', '/check-suites'),
    forgeCheck: (check) => call('POST', '/check-runs', check),
    rerequestCheckRun: (id, actor) => call('POST', `/check-runs/${id}/rerequest`, actor === undefined ? {} : { actor }),
    rerequestCheckSuite: (id, actor) =>
      call('POST', `/check-suites/${id}/rerequest`, actor === undefined ? {} : { actor }),
    mergeable: (repository, { sha, check, appId }) => {
      const query = new URLSearchParams({ sha, check, ...(appId === undefined ? {} : { app: String(appId) }) });
      return call('GET', `/repositories/${repository}/mergeable?${query.toString()}`);
    },
    deliveries: () => call('GET', '/deliveries'),
    deliver: (request) => call('POST', '/deliver', request),
    requests: () => call('GET', '/requests'),
    clearRequests: () => call('DELETE', '/requests'),
    advanceClock: (advanceMs) => call('POST', '/clock', { advanceMs }),
    setFaults: (rules, seed = 1) => call('POST', '/faults', { rules, seed }),
    faults: () => call('GET', '/faults'),
    clearFaults: () => call('DELETE', '/faults'),
    releaseWebhooks: () => call('POST', '/webhooks/release'),
    changeSettings: (change) => call('PATCH', '/settings', change),
  };
}

function messageIn(text: string): string {
  try {
    const { message }: { message?: unknown } = JSON.parse(text);
    return typeof message === 'string' ? message : text;
  } catch {
    return text;
  }
}
