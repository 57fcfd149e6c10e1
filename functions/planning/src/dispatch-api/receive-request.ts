import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import {
  type DispatchRequested,
  type JobRequested,
  type Plan,
  RequestedDispatch,
  requestId,
  targetLabel,
} from '@dispatcher/contracts';
import { GitHubRateLimitedError, GitHubUnreachableError } from '@dispatcher/github';
import {
  DeferError,
  type FailedAuthenticationLimiter,
  idempotencyKeyInProgress,
  idempotencyKeyReused,
  invalidIdempotencyKey,
  isIdempotencyKey,
  methodNotAllowed,
  type StepLog,
  tooManyFailedAuthentications,
} from '@dispatcher/lambda';
import { IssuerUnreachableError } from '@dispatcher/lambda/oidc';
import { asSeenBySource } from '@dispatcher/rules';
import type { ApiKeyRecord, StoredPlan } from '@dispatcher/store';
import {
  type PublishRequestDependencies,
  planRequest,
  publishPlan,
  type ReceivedRequest,
} from '../plan/publish-request.ts';
import { parseBody } from './body.ts';
import { type DispatchApiRequest, type DispatchApiResponse, problem, toProblem } from './http.ts';
import { bearerTokenOf, type JobRequestDependencies, receiveJob, UnknownLineageError } from './receive-job.ts';

export interface DispatchApiDependencies extends PublishRequestDependencies, JobRequestDependencies {
  /** Returns the API key that a text authenticates; null if it authenticates none. */
  readonly keyOf: (text: string) => Promise<ApiKeyRecord | null>;
  /** Records that the key authenticated a request, at most once an hour. Never throws. */
  readonly recordKeyUse: (key: ApiKeyRecord) => Promise<void>;
  readonly failedAuthentications: FailedAuthenticationLimiter;
  readonly log: StepLog;
}

/**
 * Handles requests to `/dispatch`: authenticates the caller (a program by its API key, a job by its OIDC token), refuses
 * every method except POST, parses the body, and decides. The plan is stored before it is published. The dispatch itself
 * follows asynchronously through the `decisions` queue, as for a run.
 */
export async function receive(
  deps: DispatchApiDependencies,
  request: DispatchApiRequest,
): Promise<DispatchApiResponse> {
  const correlationId = randomUUID();
  const log = deps.log.with({ correlationId });
  const response = await respond(deps, request, { correlationId, log }).catch((error: unknown) =>
    toErrorResponse(error, log),
  );
  deps.meter.count('DispatchRequests', { status: String(response.status) });
  log.info('request completed', { status: response.status, code: response.body['code'] });
  return response;
}

interface RequestContext {
  readonly correlationId: string;
  readonly log: StepLog;
}

async function respond(
  deps: DispatchApiDependencies,
  request: DispatchApiRequest,
  context: RequestContext,
): Promise<DispatchApiResponse> {
  const token = request.apiKey === undefined ? bearerTokenOf(request) : null;
  if (token !== null) return respondToJob(deps, request, token, context);
  const key = request.apiKey === undefined ? null : await deps.keyOf(request.apiKey);
  if (key === null || key.role !== 'dispatch') {
    return refuseCaller(deps, request, {
      detail: 'Authentication failed: the API key is missing or invalid.',
      challenge: 'ApiKey header="x-api-key"',
    });
  }
  await deps.recordKeyUse(key);
  const invalid = problemOfForm(request);
  if (invalid !== null) return invalid;
  const requested = parseBody(request.body);
  if ('field' in requested) return problem(400, { ...requested });
  const { idempotencyKey = null } = request;
  const dispatchRequested = toDispatchRequested(deps, key, requested, { idempotencyKey, ...context });
  return plan(deps, { request: dispatchRequested, startedBy: null, isLast: false }, context.log);
}

/** Returns the response to a request that is refused whatever its body says; null for any other. */
function problemOfForm({ method, query, idempotencyKey }: DispatchApiRequest): DispatchApiResponse | null {
  if (method !== 'POST') return toProblem(methodNotAllowed(`${method} /dispatch`, ['POST']));
  if (query !== '')
    return problem(400, { field: 'query', detail: 'This path takes no query parameters: send a body.' });
  return idempotencyKey !== undefined && !isIdempotencyKey(idempotencyKey)
    ? toProblem(invalidIdempotencyKey(), { field: 'Idempotency-Key' })
    : null;
}

async function respondToJob(
  deps: DispatchApiDependencies,
  request: DispatchApiRequest,
  token: string,
  { correlationId, log }: RequestContext,
): Promise<DispatchApiResponse> {
  const verified = await deps.verifyJobToken(token);
  if ('detail' in verified) return refuseToken(deps, request, verified.detail);
  const invalid = problemOfForm(request);
  if (invalid !== null) return invalid;
  const received = await receiveJob(deps, verified.job, request, correlationId);
  if ('status' in received) return received;
  return 'detail' in received ? refuseToken(deps, request, received.detail) : plan(deps, received, log);
}

function refuseToken(deps: DispatchApiDependencies, request: DispatchApiRequest, detail: string): DispatchApiResponse {
  return refuseCaller(deps, request, {
    detail: `Authentication failed. ${detail}`,
    challenge: 'Bearer realm="Dispatcher", error="invalid_token"',
  });
}

/**
 * Refuses a caller without a valid key or token. A missing, wrong, revoked or expired key, and one with another role, get
 * the same response, so that it does not reveal which keys exist.
 */
function refuseCaller(
  { failedAuthentications }: DispatchApiDependencies,
  { apiKey, authorization, address }: DispatchApiRequest,
  { detail, challenge }: { readonly detail: string; readonly challenge: string },
): DispatchApiResponse {
  const waitSeconds = failedAuthentications.secondsToWait(address);
  if (waitSeconds > 0) return toProblem(tooManyFailedAuthentications(waitSeconds));
  if (apiKey !== undefined || authorization !== undefined) failedAuthentications.count(address);
  return problem(401, { detail }, { 'www-authenticate': challenge });
}

function toDispatchRequested(
  { now }: DispatchApiDependencies,
  { keyId: id, name, targets }: ApiKeyRecord,
  requested: RequestedDispatch,
  { idempotencyKey, correlationId }: RequestContext & { readonly idempotencyKey: string | null },
): DispatchRequested {
  return {
    type: 'dispatch.requested',
    version: 1,
    deliveryId: correlationId,
    receivedAt: new Date(now()).toISOString(),
    // A caller's idempotency key contains no space, so it cannot collide with a generated one.
    requestId: requestId(name, idempotencyKey ?? `without ${correlationId}`),
    key: { id, name, targets },
    request: requested,
  };
}

async function plan(
  deps: DispatchApiDependencies,
  received: ReceivedRequest,
  log: StepLog,
): Promise<DispatchApiResponse> {
  const { request } = received;
  const stored = await planRequest(deps, received);
  if (!isSameRequest(stored, request)) {
    return toProblem(idempotencyKeyReused(), { field: 'Idempotency-Key' });
  }
  await publishPlan(deps, stored, log);
  return toResponse(stored.plan);
}

function isSameRequest({ plan: { trigger } }: StoredPlan, request: DispatchRequested | JobRequested): boolean {
  if (trigger.type === 'run.completed') return false;
  const requested = request.type === 'job.requested' ? request.request : RequestedDispatch.parse(request.request);
  return isDeepStrictEqual(trigger.request, requested);
}

/**
 * Returns what the caller may see. For a target that is not public and whose inbound rules do not name the key, the
 * response does not reveal whether the target exists.
 */
function toResponse({
  runKey,
  trigger,
  decisions: [decision],
  code,
  message,
  fix,
  responsible,
}: Plan): DispatchApiResponse {
  const ids = { runKey, correlationId: trigger.deliveryId };
  if (decision === undefined) return problem(403, { detail: message, code, fix, responsible, ...ids });
  const { dispatchId, route } = decision;
  if (decision.effect === 'allow') {
    const body = { success: true, dispatchId, ...ids, target: targetLabel(route.target) };
    return { status: 202, headers: { 'content-type': 'application/json' }, body };
  }
  const visible = asSeenBySource(decision);
  return problem(403, {
    detail: visible.message,
    code: visible.code,
    fix: visible.fix,
    responsible: visible.responsible,
    dispatchId,
    ...ids,
  });
}

/**
 * Returns the response to a request that failed. The plan may already have been stored and published, so the caller
 * cannot tell what happened; the same request with its idempotency key is carried out once in total.
 */
function toErrorResponse(error: unknown, log: StepLog): DispatchApiResponse {
  if (error instanceof DeferError) return toProblem(idempotencyKeyInProgress());
  log.error('request failed', { error });
  if (error instanceof IssuerUnreachableError) {
    return unavailable('The keys of the token’s issuer cannot be read, so the token cannot be verified.', 5_000);
  }
  if (error instanceof UnknownLineageError) return unavailable(error.message, error.retryAfterMs);
  const isHeld = error instanceof GitHubRateLimitedError || error instanceof GitHubUnreachableError;
  return unavailable('GitHub or AWS is unavailable.', (isHeld ? error.retryAfterMs : null) ?? 5_000);
}

function unavailable(reason: string, retryAfterMs: number): DispatchApiResponse {
  const detail = `${reason} Retry the request with the same Idempotency-Key: it is carried out only once.`;
  return problem(503, { detail }, { 'retry-after': String(Math.ceil(retryAfterMs / 1000)) });
}
