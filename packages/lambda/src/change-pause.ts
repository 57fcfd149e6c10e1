import { factId, type PauseChanged } from '@dispatcher/contracts';
import type { Bus } from './messaging/bus.ts';

export interface PauseChange {
  /** A repeat with the same id publishes the same fact. */
  readonly actionId: string;
  readonly action: PauseChanged['data']['action'];
  readonly operator: string;
  readonly reason: string;
}

export interface ChangePauseDependencies {
  readonly pause: {
    putPause(pause: {
      readonly paused: boolean;
      readonly changedAt: string;
      readonly operator: string;
      readonly reason: string;
    }): Promise<void>;
  };
  readonly bus: Pick<Bus, 'publish'>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** `LEASE_SECONDS` of the dispatch function, in milliseconds. */
  readonly leaseMs: number;
}

export interface ChangedPause {
  /** When the switch was stored. */
  readonly changedAt: string;
  /** From this time on nothing starts; null after a resume, which allows dispatches at once. */
  readonly effectiveAt: string | null;
}

/** The switch is stored, but the fact was not published: the change is effective and not in the audit log. */
export class PauseNotRecordedError extends Error {
  override readonly name = 'PauseNotRecordedError';
}

/**
 * Pauses or resumes all dispatches. The switch is stored before the fact is published, so that a failing bus cannot keep
 * dispatches running. A dispatch reads the switch under its lease and makes its POST only if the POST ends before the
 * lease. So one lease after the switch is stored, no POST that began before is in flight.
 * @throws PauseNotRecordedError if the switch is stored and the fact could not be published
 */
export async function changePause(deps: ChangePauseDependencies, change: PauseChange): Promise<ChangedPause> {
  const { actionId, action, operator, reason } = change;
  const changedAt = new Date(deps.now()).toISOString();
  await deps.pause.putPause({ paused: action === 'paused', changedAt, operator, reason });
  // Computed after the write: the switch is effective for every read from now on.
  const effectiveAt = action === 'paused' ? new Date(deps.now() + deps.leaseMs).toISOString() : null;
  const id = factId('pause.changed', actionId);
  const fact: PauseChanged = {
    version: 1,
    id,
    type: 'pause.changed',
    time: changedAt,
    correlationId: id,
    data: { actionId, action, operator, reason },
  };
  try {
    await deps.bus.publish([fact]);
  } catch (cause) {
    const message = `Dispatches are ${action}, but the change was not recorded: repeat it.`;
    throw new PauseNotRecordedError(`${message} ${(cause as Error).message}`, { cause });
  }
  return { changedAt, effectiveAt };
}
