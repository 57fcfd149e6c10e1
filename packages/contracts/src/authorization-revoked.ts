import * as z from 'zod/mini';
import { DateTime } from './date-time.ts';

/**
 * A message on the `runs` queue: a user withdrew the authorization of the App at GitHub. Planning ends the user's sessions of
 * the admin API. It plans nothing.
 */
export const AuthorizationRevoked = z.object({
  type: z.literal('authorization.revoked'),
  version: z.literal(1),
  deliveryId: z.string(),
  receivedAt: DateTime,
  /** The numeric id at GitHub. */
  userId: z.int().check(z.positive()),
});
export type AuthorizationRevoked = z.infer<typeof AuthorizationRevoked>;

const Payload = z.object({ action: z.literal('revoked'), sender: z.object({ id: AuthorizationRevoked.shape.userId }) });

/** Returns the message of a `github_app_authorization` webhook; null if it is another action, or names no user. */
export function pickAuthorizationRevoked(
  payload: object,
  delivery: Pick<AuthorizationRevoked, 'deliveryId' | 'receivedAt'>,
): AuthorizationRevoked | null {
  const { success, data } = z.safeParse(Payload, payload);
  return success ? { type: 'authorization.revoked', version: 1, ...delivery, userId: data.sender.id } : null;
}
