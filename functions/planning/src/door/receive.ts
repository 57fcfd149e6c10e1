import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import {
  RequestedDispatch,
  type DispatchRequested,
  factsOfPlan,
  type Plan,
  requestId,
  targetLabel,
} from '@dispatcher/contracts';
import { GitHubRateLimitedError } from '@dispatcher/github';
import { DeferError, type FailedAuthenticationLimiter, type StepLog } from '@dispatcher/lambda';
import { asSeenBySource } from '@dispatcher/rules';
import type { ApiKeyRecord, StoredPlan } from '@dispatcher/store';
import { type PlanningDependencies, reportPlan } from '../plan-run.ts';
import type { ReadingDependencies } from '../reading.ts';
import { storedPlan } from '../stored-plan.ts';
import { type Answer, type DoorRequest, problem } from './answer.ts';
import { readBody } from './body.ts';

export interface DoorDependencies extends ReadingDependencies, Pick<PlanningDependencies, 'bus' | 'meter' | 'once'> {
  /** The key that a text opens; null where it opens none. */
  readonly keyOf: (text: string) => Promise<ApiKeyRecord | null>;
  readonly failedAuthentications: FailedAuthenticationLimiter;
  readonly log: StepLog;
}

/**
 * `POST /dispatch`: who asks, what for, and what both sides say to it. Decided at once and stored before it is
 * published; the dispatch itself follows by the queue, as that of a run does.
 */
export async function receive(deps: DoorDependencies, request: DoorRequest): Promise<Answer> {
  const correlationId = randomUUID();
  const log = deps.log.with({ correlationId });
  const answer = await answerTo(deps, request, { correlationId, log }).catch((error: unknown) => trouble(error, log));
  deps.meter.count('DispatchRequests', { status: String(answer.status) });
  log.info('request answered', { status: answer.status, code: answer.body['code'] });
  return answer;
}

interface Occasion {
  readonly correlationId: string;
  readonly log: StepLog;
}

async function answerTo(deps: DoorDependencies, request: DoorRequest, occasion: Occasion): Promise<Answer> {
  const key = request.apiKey === undefined ? null : await deps.keyOf(request.apiKey);
  if (key === null || key.role !== 'dispatch') return unknownCaller(deps, request);
  const asked = readBody(request.body);
  if ('field' in asked) return problem(400, { ...asked });
  const { idempotencyKey = null } = request;
  if (idempotencyKey !== null && !/^[\x21-\x7e]{1,100}$/.test(idempotencyKey)) {
    const detail = 'The idempotency key must be 1 to 100 visible ASCII characters, without spaces.';
    return problem(400, { field: 'Idempotency-Key', detail });
  }
  return plan(deps, requestOf(deps, key, asked, { idempotencyKey, ...occasion }), occasion.log);
}

/**
 * A missing, wrong, revoked or expired key, and one for something else: the same answer, so that nobody learns which.
 */
function unknownCaller({ failedAuthentications }: DoorDependencies, { apiKey, address }: DoorRequest): Answer {
  const wait = failedAuthentications.secondsToWait(address);
  if (wait > 0) {
    const detail = `Too many wrong credentials came from your address. Wait ${wait} s.`;
    return problem(429, { detail }, { 'retry-after': String(wait) });
  }
  if (apiKey !== undefined) failedAuthentications.count(address);
  const detail = 'This needs an API key that is good here.';
  return problem(401, { detail }, { 'www-authenticate': 'ApiKey header="x-api-key"' });
}

function requestOf(
  { now }: DoorDependencies,
  { keyId: id, name, targets }: ApiKeyRecord,
  asked: RequestedDispatch,
  { idempotencyKey, correlationId }: Occasion & { readonly idempotencyKey: string | null },
): DispatchRequested {
  return {
    type: 'dispatch.requested',
    version: 1,
    deliveryId: correlationId,
    receivedAt: new Date(now()).toISOString(),
    // A space cannot stand in an idempotency key: no key chosen by a caller meets one made here.
    requestId: requestId(name, idempotencyKey ?? `without ${correlationId}`),
    key: { id, name, targets },
    request: asked,
  };
}

async function plan(deps: DoorDependencies, request: DispatchRequested, log: StepLog): Promise<Answer> {
  const stored = await storedPlan(deps, { run: request, startedBy: null }, { isLast: false });
  if (!asksTheSame(stored, request)) {
    const detail = 'This idempotency key was used for another request. Choose a new one for each.';
    return problem(422, { field: 'Idempotency-Key', detail });
  }
  await deps.bus.publish(factsOfPlan(stored.plan, stored.plannedAt));
  reportPlan(deps, stored, log);
  return answerOf(stored.plan);
}

function asksTheSame({ plan: { trigger: run } }: StoredPlan, { request: asked }: DispatchRequested): boolean {
  return run.type === 'dispatch.requested' && isDeepStrictEqual(run.request, RequestedDispatch.parse(asked));
}

/** What the caller may see: of a target that is not public and does not name the key, not even whether it exists. */
function answerOf({ runKey, trigger: run, decisions: [decision], code, message, fix, responsible }: Plan): Answer {
  const ids = { runKey, correlationId: run.deliveryId };
  if (decision === undefined) return problem(403, { detail: message, code, fix, responsible, ...ids });
  const { dispatchId, route } = decision;
  if (decision.effect === 'allow') {
    const body = { success: true, dispatchId, ...ids, target: targetLabel(route.target) };
    return { status: 202, headers: { 'content-type': 'application/json' }, body };
  }
  const seen = asSeenBySource(decision);
  return problem(403, {
    detail: seen.message,
    code: seen.code,
    fix: seen.fix,
    responsible: seen.responsible,
    dispatchId,
    ...ids,
  });
}

/**
 * No answer that anybody may rely on: it may have been decided, and published, before the trouble. Sent again with its
 * idempotency key it is one with the first.
 */
function trouble(error: unknown, log: StepLog): Answer {
  if (error instanceof DeferError) {
    const detail = 'A request with this idempotency key is being answered. Ask again in a moment.';
    return problem(409, { detail }, { 'retry-after': '1' });
  }
  log.error('request not answered', { error });
  const seconds = error instanceof GitHubRateLimitedError ? Math.ceil(error.retryAfterMs / 1000) : 5;
  const detail =
    'GitHub or AWS gave no answer. Send the request again with the same Idempotency-Key: then it is done once.';
  return problem(503, { detail }, { 'retry-after': String(seconds) });
}
