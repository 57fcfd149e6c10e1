import type { FastifyRequest } from 'fastify';
import type { Caller, UsedJwts } from '../auth/authentication.ts';
import type { JobTokens } from '../auth/job-tokens.ts';
import type { TokenShape } from '../auth/installation-tokens.ts';
import type { Fault, FaultInjector } from '../faults/faults.ts';
import type { PendingManifests } from '../state/app-manifests.ts';
import type { AuthorizationCodes } from '../state/user-authorizations.ts';
import type { Conclusion, Run } from '../state/entities.ts';
import type { StateStore } from '../state/state-store.ts';
import type { DelayedWebhooks } from '../webhooks/delayed-webhooks.ts';
import type { RateLimitResult, RateLimits } from './rate-limits.ts';
import type { RequestEntry, RequestLog } from './request-log.ts';

export interface Settings {
  tokenShape: TokenShape;
  /** `ghes-3.20` refuses `return_run_details`, as GitHub Enterprise Server does up to that version. */
  dispatchApi: 'github.com' | 'ghes-3.20';
  /** How long a new run is missing from the run lists. */
  runListLagMs: number;
  /** How long a new check run is missing from the lists of a commit and of a suite. */
  checkListLagMs: number;
  /** The order of `Comparison.commits` in GraphQL, which GitHub does not document. */
  comparedCommits: 'oldest-first' | 'newest-first';
  webhookTimeoutMs: number;
  /** How long a dispatched run takes in real time. Null: until a control call completes it. */
  runDurationMs: number | null;
  /** The conclusion of dispatched runs that complete by themselves. */
  runConclusion: Conclusion;
}

/** What all routes share. */
export interface EmulatorContext {
  store: StateStore;
  /** The emulator's own URL, set once it listens. */
  base: string;
  readonly settings: Settings;
  readonly faults: FaultInjector;
  readonly delayedWebhooks: DelayedWebhooks;
  readonly requests: RequestLog;
  readonly rateLimits: RateLimits;
  readonly manifests: PendingManifests;
  readonly authorizationCodes: AuthorizationCodes;
  readonly jobTokens: JobTokens;
  /** Null when repeated JWTs are allowed. */
  readonly usedJwts: UsedJwts | null;
  /** Called when a dispatch has started a run. */
  runStarted: (run: Run) => void;
  readonly requestStates: WeakMap<FastifyRequest, RequestState>;
  /**
   * Resolves when the state is on disk, or immediately when it is kept in memory only. Does not reject: a state that
   * cannot be written is logged.
   */
  save(): Promise<void>;
}

/** What the request hooks determined before the handler runs. */
export interface RequestState {
  readonly entry: RequestEntry;
  readonly fault: Fault | null;
  caller: Caller;
  readonly rateLimit: RateLimitResult;
}

export function requestState(context: EmulatorContext, request: FastifyRequest): RequestState {
  const state = context.requestStates.get(request);
  if (state === undefined) {
    throw new Error(
      `${request.method} ${request.url} has no request state: register its route after addRequestHooks().`,
    );
  }
  return state;
}

export function callerOf(context: EmulatorContext, request: FastifyRequest): Caller {
  return requestState(context, request).caller;
}

export function queryOf(request: FastifyRequest): Readonly<Record<string, string | undefined>> {
  const url = new URL(request.url, 'http://localhost');
  return Object.fromEntries(url.searchParams);
}

export function pathOf(request: FastifyRequest): string {
  return request.url.split('?', 1)[0] ?? '/';
}
