import { createHash, randomUUID } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { idempotencyKeyOf, ownerOf } from './idempotency.ts';

/**
 * Returns the id of an operator's action. It derives from the Idempotency-Key: a retry is the same action, even if the
 * first response was lost before it was stored.
 */
export function actionIdOf(request: FastifyRequest, action: string): string {
  const key = idempotencyKeyOf(request);
  if (key === null) return randomUUID();
  const identity = JSON.stringify([action, ownerOf(request), key]);
  return createHash('sha256').update(identity).digest('hex').slice(0, 32);
}
