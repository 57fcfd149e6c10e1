import type { StepLog } from '../telemetry/logger.ts';

/** How precise the recorded time of a key's last use is: a key in constant use costs one write an hour. */
export const keyUsePrecisionMs = 3_600_000;
const maxKnownKeys = 1_000;

export interface UsedKey {
  readonly keyId: string;
  /** ISO 8601; absent if the key was never used. */
  readonly lastUsedAt?: string | undefined;
}

export interface KeyUseOptions {
  /** Stores the time unless a later one is stored. @param at ISO 8601 */
  readonly recordUse: (keyId: string, at: string) => Promise<void>;
  readonly log: StepLog;
  readonly now: () => number;
}

/**
 * Creates a function that records that a key authenticated a request, unless a use of the last hour is recorded. A failure
 * is logged and does not throw: the request is not refused for the sake of its record.
 */
export function createKeyUseRecorder({ recordUse, log, now }: KeyUseOptions): (key: UsedKey) => Promise<void> {
  const recorded = new Map<string, number>();
  return async ({ keyId, lastUsedAt }) => {
    const at = now();
    const known = Math.max(recorded.get(keyId) ?? 0, lastUsedAt === undefined ? 0 : Date.parse(lastUsedAt));
    if (at - known < keyUsePrecisionMs) return;
    // Before the write, so that concurrent requests of one process write once.
    recorded.delete(keyId);
    recorded.set(keyId, at);
    const [oldest] = recorded.keys();
    if (recorded.size > maxKnownKeys && oldest !== undefined) recorded.delete(oldest);
    try {
      await recordUse(keyId, new Date(at).toISOString());
    } catch (error) {
      recorded.delete(keyId);
      log.warn('could not record the use of an API key', { keyId, error });
    }
  };
}
