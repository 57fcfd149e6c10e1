import { createHash, randomUUID } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { identityOf } from './idempotency.ts';

/** Returns the id of an operator's action: that of the request with the same `Idempotency-Key`, or a new one without a key. */
export function actionIdOf(request: FastifyRequest, action: string): string {
  const identity = identityOf(request);
  if (identity === null) return randomUUID();
  return createHash('sha256')
    .update(JSON.stringify([action, identity]))
    .digest('hex')
    .slice(0, 32);
}
