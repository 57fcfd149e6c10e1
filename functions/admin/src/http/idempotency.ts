import { createHash } from 'node:crypto';
import type { StepLog } from '@dispatcher/lambda';
import type { IdempotencyKeys, IdempotentRequest } from '@dispatcher/store';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isMutation } from '../auth/principal.ts';
import { Problem } from './problem.ts';

/**
 * A mutation with an `Idempotency-Key` is done once: a repeat within 24 hours gets the first answer, with
 * `idempotency-replayed: true`. An answer of 500 and above is not kept, so that the repeat tries again.
 */
export function addIdempotency(api: FastifyInstance, keys: IdempotencyKeys, log: Pick<StepLog, 'error'>): void {
  const begun = new WeakMap<FastifyRequest, { readonly asked: IdempotentRequest; readonly lease: string }>();

  // Behind validation: a request that cannot be understood uses no key up.
  api.addHook('preHandler', async (request, reply) => {
    const key = isMutation(request) ? idempotencyKeyOf(request) : null;
    if (key === null) return undefined;
    const asked = { principal: ownerOf(request), key, fingerprint: fingerprintOf(request) };
    const beginning = await keys.begin(asked);
    if (beginning.state === 'answered') {
      const { status, contentType, body } = beginning.answer;
      return reply.code(status).header('idempotency-replayed', 'true').type(contentType).send(body);
    }
    if (beginning.state === 'in-progress') throw inProgress();
    if (beginning.state === 'other-request') throw otherRequest();
    begun.set(request, { asked, lease: beginning.lease });
    return undefined;
  });

  api.addHook('onSend', async (request, reply, payload) => {
    const claim = begun.get(request);
    if (claim === undefined) return payload;
    begun.delete(request);
    try {
      if (reply.statusCode >= 500) {
        await keys.release(claim.asked, claim.lease);
      } else {
        const contentType = String(reply.getHeader('content-type') ?? 'application/json');
        const body = typeof payload === 'string' ? payload : '';
        await keys.finish(claim.asked, claim.lease, { status: reply.statusCode, contentType, body });
      }
    } catch (error) {
      // What was asked for is done, and its answer is worth more than this: a repeat is told to wait, then done anew.
      log.error('idempotency key not kept', { requestId: request.id, error });
    }
    return payload;
  });
}

/** Null where there is none. @throws Problem where it is none that can be kept */
export function idempotencyKeyOf({ headers }: FastifyRequest): string | null {
  const key = headers['idempotency-key'];
  if (key === undefined) return null;
  if (typeof key === 'string' && /^[\x21-\x7e]{1,100}$/.test(key)) return key;
  throw new Problem(400, 'The idempotency key must be 1 to 100 visible ASCII characters, without spaces.');
}

/** Keys belong to whoever chose them. */
export function ownerOf({ principal: { kind, account } }: FastifyRequest): string {
  return `${kind}:${account}`;
}

function inProgress(): Problem {
  const detail = 'A request with this idempotency key is being answered. Ask again in a moment.';
  return new Problem(409, detail, { 'retry-after': '1' });
}

function otherRequest(): Problem {
  return new Problem(422, 'This idempotency key was used for another request. Choose a new one for each.');
}

function fingerprintOf({ method, url, body }: FastifyRequest): string {
  return createHash('sha256')
    .update(JSON.stringify([method, url, body ?? null]))
    .digest('hex');
}
