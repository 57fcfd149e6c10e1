import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { type DispatchRequested, type Plan, RequestedDispatch, requestId, targetLabel } from '@dispatcher/contracts';
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
import { asSeenBySource } from '@dispatcher/rules';
import type { ApiKeyRecord, StoredPlan } from '@dispatcher/store';
import { type PublishRequestDependencies, planRequest, publishPlan } from '../plan/publish-request.ts';
import { parseBody } from './body.ts';
import { type DispatchApiRequest, type DispatchApiResponse, problem, toProblem } from './http.ts';

export interface DispatchApiDependencies extends PublishRequestDependencies {
  /** Returns the API key that a text authenticates; null if it authenticates none. */
  readonly keyOf: (text: string) => Promise<ApiKeyRecord | null>;
  /** Records that the key authenticated a request, at most once an hour. Never throws. */
  readonly recordKeyUse: (key: ApiKeyRecord) => Promise<void>;
  readonly failedAuthentications: FailedAuthenticationLimiter;
  readonly log: StepLog;
}

/**
 * Handles requests to `/dispatch`: authenticates the caller, refuses every method except POST, parses the body, and decides. The plan is stored before it is
 * published. The dispatch itself follows asynchronously through the `decisions` queue, as for a run.
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
  const key = request.apiKey === undefined ? null : await deps.keyOf(request.apiKey);
  if (key === null || key.role !== 'dispatch') return refuseAuthentication(deps, request);
  await deps.recordKeyUse(key);
  if (request.method !== 'POST') return toProblem(methodNotAllowed(`${request.method} /dispatch`, ['POST']));
  if (request.query !== '')
    return problem(400, { field: 'query', detail: 'This path takes no query parameters: send a body.' });
  const requested = parseBody(request.body);
  if ('field' in requested) return problem(400, { ...requested });
  const { idempotencyKey = null } = request;
  if (idempotencyKey !== null && !isIdempotencyKey(idempotencyKey)) {
    return toProblem(invalidIdempotencyKey(), { field: 'Idempotency-Key' });
  }
  return plan(deps, toDispatchRequested(deps, key, requested, { idempotencyKey, ...context }), context.log);
}

/**
 * Refuses a missing, wrong, revoked or expired key, or one with another role. All of them get the same response, so
 * that it does not reveal which keys exist.
 */
function refuseAuthentication(
  { failedAuthentications }: DispatchApiDependencies,
  { apiKey, address }: DispatchApiRequest,
): DispatchApiResponse {
  const waitSeconds = failedAuthentications.secondsToWait(address);
  if (waitSeconds > 0) return toProblem(tooManyFailedAuthentications(waitSeconds));
  if (apiKey !== undefined) failedAuthentications.count(address);
  const detail = 'Authentication failed: the API key is missing or invalid.';
  return problem(401, { detail }, { 'www-authenticate': 'ApiKey header="x-api-key"' });
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
  request: DispatchRequested,
  log: StepLog,
): Promise<DispatchApiResponse> {
  const stored = await planRequest(deps, request);
  if (!isSameRequest(stored, request)) {
    return toProblem(idempotencyKeyReused(), { field: 'Idempotency-Key' });
  }
  await publishPlan(deps, stored, log);
  return toResponse(stored.plan);
}

function isSameRequest({ plan: { trigger } }: StoredPlan, { request }: DispatchRequested): boolean {
  return trigger.type === 'dispatch.requested' && isDeepStrictEqual(trigger.request, RequestedDispatch.parse(request));
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
  const isHeld = error instanceof GitHubRateLimitedError || error instanceof GitHubUnreachableError;
  const seconds = Math.ceil(((isHeld ? error.retryAfterMs : null) ?? 5_000) / 1000);
  const detail =
    'GitHub or AWS is unavailable. Retry the request with the same Idempotency-Key: it is carried out only once.';
  return problem(503, { detail }, { 'retry-after': String(seconds) });
}
