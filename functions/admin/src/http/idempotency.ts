import { createHash } from 'node:crypto';
import {
  idempotencyKeyInProgress,
  idempotencyKeyReused,
  invalidIdempotencyKey,
  isIdempotencyKey,
  problemDocument,
  problemMediaType,
  type StepLog,
} from '@dispatcher/lambda';
import type { IdempotencyKeys, IdempotentRequest } from '@dispatcher/store';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isMutation } from '../auth/authorize.ts';

interface Claim {
  readonly request: IdempotentRequest;
  readonly lease: string;
  readonly expiresAt: number;
}

const claims = new WeakMap<FastifyRequest, Claim>();

/**
 * Returns what identifies a request with an `Idempotency-Key`: a retry is the same request, even if the first response was lost
 * before it was stored, and a request with the same key a day later is another one. Null without a key.
 */
export function identityOf(request: FastifyRequest): string | null {
  const claim = claims.get(request);
  if (claim === undefined) return null;
  const { principal, key, fingerprint } = claim.request;
  return JSON.stringify([principal, key, fingerprint, claim.expiresAt]);
}

/**
 * Executes a mutation with an `Idempotency-Key` once: a retry within 24 hours receives the first response, with
 * `idempotency-replayed: true`. A response that says to try again later is not stored, so that a retry executes the request.
 */
export function addIdempotency(api: FastifyInstance, keys: IdempotencyKeys, log: Pick<StepLog, 'error'>): void {
  // After validation: an invalid request does not use up its key.
  api.addHook('preHandler', async (request, reply) => {
    const isOpen = request.routeOptions.config.open === true;
    const key = isMutation(request) && !isOpen ? idempotencyKeyOf(request) : null;
    if (key === null) return undefined;
    const idempotent = { principal: ownerOf(request), key, fingerprint: fingerprintOf(request) };
    const result = await keys.claimKey(idempotent);
    if (result.state === 'answered') {
      const { status, contentType, body } = result.response;
      return reply.code(status).header('idempotency-replayed', 'true').type(contentType).send(body);
    }
    if (result.state === 'in-progress') throw idempotencyKeyInProgress();
    if (result.state === 'other-request') throw idempotencyKeyReused();
    const { lease, expiresAt } = result;
    claims.set(request, { request: idempotent, lease, expiresAt });
    return undefined;
  });

  api.addHook('onSend', async (request, reply, payload) => {
    const claim = claims.get(request);
    if (claim === undefined) return payload;
    claims.delete(request);
    try {
      if (isRetryable(reply.statusCode)) {
        await keys.releaseKey(claim.request, claim.lease);
      } else {
        await keys.putResponse(claim.request, claim.lease, responseToStore(request, reply, payload));
      }
    } catch (error) {
      // The request was executed, so its response is sent all the same. A retry waits for the lease, then executes again.
      log.error('idempotent response not stored', { requestId: request.id, error });
    }
    return payload;
  });
}

/** Returns what a retry receives: the response, or, if it has a secret, a refusal. Secrets are not stored. */
function responseToStore(request: FastifyRequest, reply: FastifyReply, payload: unknown) {
  const { statusCode: status } = reply;
  if (request.routeOptions.config.secretResponse === true && status < 400) {
    const detail =
      'This request was executed, and its response had a secret that is shown once. List what it made, revoke it if the secret was lost, and send a new request.';
    return { status: 409, contentType: problemMediaType, body: JSON.stringify(problemDocument(409, { detail })) };
  }
  const contentType = String(reply.getHeader('content-type') ?? 'application/json');
  return { status, contentType, body: typeof payload === 'string' ? payload : '' };
}

/**
 * Whether the same request may succeed later: what it names is not recorded yet, is in use, or a limit or a failure
 * prevented it. Stored, such a response would make the advice to try again impossible to follow with the same key.
 */
function isRetryable(status: number): boolean {
  return status === 404 || status === 409 || status === 429 || status >= 500;
}

/** Returns null if the request has no key. @throws ProblemError 400 if the key is malformed */
function idempotencyKeyOf({ headers }: FastifyRequest): string | null {
  const key = headers['idempotency-key'];
  if (key === undefined) return null;
  if (typeof key === 'string' && isIdempotencyKey(key)) return key;
  throw invalidIdempotencyKey();
}

/** Returns whose keys these are: two principals may use the same key. */
function ownerOf({ principal: { kind, account } }: FastifyRequest): string {
  return `${kind}:${account}`;
}

function fingerprintOf({ method, url, body }: FastifyRequest): string {
  return createHash('sha256')
    .update(JSON.stringify([method, url, body ?? null]))
    .digest('hex');
}
