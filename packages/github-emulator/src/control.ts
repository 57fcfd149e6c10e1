import type { FaultRule } from './faults.ts';
import type { FileContent } from './git.ts';
import type { RequestReport } from './request-log.ts';
import type { Seed, SeedInstallation, SeedOwner, SeedRepository } from './seed.ts';
import type { Settings } from './core.ts';
import type { Conclusion, Delivery, Issue, Run, Visibility, Workflow } from './state.ts';

/** A run that nobody dispatched: somebody pushed, and CI ran. */
export interface RunRequest {
  /** `owner/name` */
  readonly repository: string;
  /** File name below `.github/workflows/`. */
  readonly workflow: string;
  /** A branch or tag; default the default branch. Null: `head_branch` is null. Of a fork: any name. */
  readonly branch?: string | null;
  /** Default `success`. */
  readonly conclusion?: Conclusion;
  /** Default `push`, for a fork `pull_request`. */
  readonly event?: string;
  /** Login; an unknown one becomes a user. Default `octocat`. */
  readonly actor?: string;
  /** The head is a fork's: its `head_repository` is another one. */
  readonly fork?: boolean;
  /** Default 1. */
  readonly attempt?: number;
  /** False: the webhook is lost on the way. */
  readonly deliver?: boolean;
}

export interface CompletedRun {
  readonly run: RunReport;
  /** What became of the webhook; null where none was sent, and then `notDelivered` says why. */
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

/** A run with the names that go with its ids. */
export interface RunReport extends Run {
  readonly repository: string;
  readonly workflow: string;
  readonly htmlUrl: string;
}

export interface DeliverRequest {
  /** An object is sent as its JSON, a string as it is. */
  readonly payload: unknown;
  /** Default `workflow_run`. */
  readonly event?: string;
  readonly guid?: string;
  /** Another secret than the App's. */
  readonly signWith?: string;
}

export interface RepositoryChange {
  readonly archived?: boolean;
  readonly disabled?: boolean;
  readonly locked?: boolean;
  readonly visibility?: Visibility;
  readonly issues?: boolean;
  readonly defaultBranch?: string;
}

export interface Push {
  /** Default: the default branch. One that does not exist begins at the default branch. */
  readonly branch?: string;
  /** Null removes a file; those not named stay. */
  readonly files: Readonly<Record<string, FileContent | null>>;
  readonly message?: string;
  /** Also sets this tag to the new commit. */
  readonly tag?: string;
}

export type SettingsChange = Partial<Settings> & {
  /** Requests an hour for each caller and resource. */
  readonly rateLimit?: number;
};

/** The emulator's own API below `/_emulator`. Every call throws with the emulator's sentence when it is refused. */
export interface EmulatorControl {
  replaceSeed(seed: Seed): Promise<void>;
  setWebhook(webhook: { readonly url?: string | null; readonly secret?: string }): Promise<void>;
  addOwner(owner: SeedOwner): Promise<void>;
  /** Adds a repository, or replaces the one of that name. */
  putRepository(repository: SeedRepository): Promise<{ readonly id: number }>;
  changeRepository(repository: string, change: RepositoryChange): Promise<void>;
  removeRepository(repository: string): Promise<void>;
  push(repository: string, push: Push): Promise<{ readonly sha: string }>;
  setWorkflowState(repository: string, workflow: string, state: Workflow['state']): Promise<void>;
  putInstallation(installation: SeedInstallation): Promise<void>;
  suspendInstallation(id: number, suspended: boolean): Promise<void>;
  removeInstallation(id: number): Promise<void>;
  /** Ends every installation token at once, or those of one installation. */
  revokeTokens(installationId?: number): Promise<void>;
  /** Lets a run happen and complete, and sends its webhook. */
  run(request: RunRequest): Promise<CompletedRun>;
  /** Finishes a run that was started, and sends its webhook. */
  complete(runId: number, conclusion?: Conclusion): Promise<CompletedRun>;
  /** Ends a started run as workflow execution protections do, without a job, and sends its webhook. */
  stop(runId: number): Promise<CompletedRun>;
  /** Runs a completed run again: the same id, the next attempt. */
  rerun(runId: number, conclusion?: Conclusion): Promise<CompletedRun>;
  /** All runs of all repositories, oldest first. */
  runs(): Promise<readonly RunReport[]>;
  issues(): Promise<readonly (Issue & { readonly repository: string })[]>;
  deliveries(): Promise<readonly Delivery[]>;
  deliver(request: DeliverRequest): Promise<DeliveryResult>;
  requests(): Promise<RequestReport>;
  clearRequests(): Promise<void>;
  advanceClock(ms: number): Promise<{ readonly now: string }>;
  setFaults(rules: readonly FaultRule[], seed?: number): Promise<void>;
  faults(): Promise<readonly (FaultRule & { readonly seen: number; readonly met: number })[]>;
  clearFaults(): Promise<void>;
  /** Sends every webhook that a fault holds back; resolves with how many when they were answered. */
  releaseWebhooks(): Promise<{ readonly released: number }>;
  changeSettings(change: SettingsChange): Promise<void>;
}

export function emulatorControl(url: string): EmulatorControl {
  const call = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const response = await fetch(`${url}/_emulator${path}`, {
      method,
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
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
    putRepository: (repository) => call('POST', '/repositories', repository),
    changeRepository: (repository, change) => call('PATCH', `/repositories/${repository}`, change),
    removeRepository: (repository) => call('DELETE', `/repositories/${repository}`),
    push: (repository, push) => call('POST', `/repositories/${repository}/push`, push),
    setWorkflowState: (repository, workflow, state) =>
      call('PATCH', `/repositories/${repository}/workflows/${workflow}`, { state }),
    putInstallation: (installation) => call('POST', '/installations', installation),
    suspendInstallation: (id, suspended) => call('PATCH', `/installations/${id}`, { suspended }),
    removeInstallation: (id) => call('DELETE', `/installations/${id}`),
    revokeTokens: (id) => call('DELETE', id === undefined ? '/tokens' : `/tokens?installation=${id}`),
    run: (request) => call('POST', '/runs', request),
    complete: (runId, conclusion = 'success') => call('POST', `/runs/${runId}/complete`, { conclusion }),
    stop: (runId) => call('POST', `/runs/${runId}/stop`),
    rerun: (runId, conclusion = 'success') => call('POST', `/runs/${runId}/rerun`, { conclusion }),
    runs: () => call('GET', '/runs'),
    issues: () => call('GET', '/issues'),
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
