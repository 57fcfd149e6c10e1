import type { AuthorizationRevoked } from '@dispatcher/contracts';
import type { StepLog } from '@dispatcher/lambda';
import type { Sessions } from '@dispatcher/store';

export interface EndSessionsDependencies {
  readonly sessions: Pick<Sessions, 'endAllOf'>;
  readonly log: Pick<StepLog, 'info'>;
}

/** Ends every session of a user who withdrew the authorization of the App. Idempotent. */
export async function endSessions(
  { sessions, log }: EndSessionsDependencies,
  { userId, deliveryId: correlationId }: AuthorizationRevoked,
): Promise<void> {
  const ended = await sessions.endAllOf({ kind: 'github', account: String(userId) });
  log.info('sessions ended: the authorization of the App was withdrawn', { correlationId, userId, ended });
}
