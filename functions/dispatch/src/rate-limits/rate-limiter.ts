import { deferFairly, type FairnessDependencies, type RateKey } from './fairness.ts';

/** Allows one write every `intervalMs` and, after a pause, as many at once as fit into `burstMs`. */
export interface RateLimit {
  readonly intervalMs: number;
  readonly burstMs: number;
}

/**
 * Returns the rate limit that allows at most `max` writes in any period of that length: three quarters of them at a
 * constant rate, and a burst of one quarter.
 */
export function rateLimitOf(max: number, periodMs: number): RateLimit {
  const intervalMs = (periodMs * 4) / 3 / max;
  return { intervalMs, burstMs: Math.max(0, periodMs / 3 - intervalMs) };
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/**
 * The rate limits of one installation. GitHub's own limits are 900 points a minute, at 5 points a write, and 80 creations
 * of content a minute or 500 an hour.
 */
export interface WriteLimits {
  readonly writes: RateLimit;
  readonly contentPerMinute: RateLimit;
  readonly contentPerHour: RateLimit;
  /** Of check runs: a quarter of `writes`, so that they never delay a dispatch for long. */
  readonly checks: RateLimit;
}

export function createWriteLimits(max: {
  readonly writesPerMinute: number;
  readonly contentPerMinute: number;
  readonly contentPerHour: number;
}): WriteLimits {
  return {
    writes: rateLimitOf(max.writesPerMinute, minuteMs),
    contentPerMinute: rateLimitOf(max.contentPerMinute, minuteMs),
    contentPerHour: rateLimitOf(max.contentPerHour, hourMs),
    checks: rateLimitOf(Math.max(1, max.writesPerMinute / 4), minuteMs),
  };
}

export interface RateLimiterDependencies extends FairnessDependencies {
  readonly writeLimits: WriteLimits;
}

/** `dispatch` starts a workflow or sends an event; `content` creates or changes an issue or a comment; `check` a check run. */
export type WriteKind = 'dispatch' | 'content' | 'check';

// The scarcest limit last: a token taken from an earlier limiter is not returned, but refills quickly.
const limitsOf: Readonly<Record<WriteKind, readonly (keyof WriteLimits)[]>> = {
  dispatch: ['writes'],
  content: ['writes', 'contentPerMinute', 'contentPerHour'],
  // The scarcer one first: a check that has to wait must not take a token from the dispatches.
  check: ['checks', 'writes'],
};

/** Returns the name of the rate limiter of an installation. */
export function rateLimiterOf(installationId: number, name: keyof WriteLimits): string {
  return `${installationId}#${name}`;
}

/**
 * Takes a token for one write from every limiter. Returns the limit that the write exceeds, or null.
 * @param writesTime the stored time of the limiter `writes`, if it was read before
 */
export async function exceededLimit(
  { fairnessQueue, writeLimits }: RateLimiterDependencies,
  { installationId }: RateKey,
  kind: WriteKind,
  writesTime?: number,
): Promise<RateLimit | null> {
  for (const name of limitsOf[kind]) {
    const { intervalMs, burstMs } = writeLimits[name];
    const known = name === 'writes' ? writesTime : undefined;
    if (!(await fairnessQueue.acquirePermit(rateLimiterOf(installationId, name), intervalMs, burstMs, known)))
      return writeLimits[name];
  }
  return null;
}

// How soon the first message of a fairness queue is retried after a limit was exceeded.
const retryMs = 1_000;

/**
 * Takes a token for one write from every limiter.
 * @param writesTime as in {@link exceededLimit}
 * @throws DeferError if the write exceeds a limit
 */
export async function acquireWrite(
  deps: RateLimiterDependencies,
  key: RateKey,
  kind: WriteKind,
  reason: string,
  writesTime?: number,
): Promise<void> {
  const exceeded = await exceededLimit(deps, key, kind, writesTime);
  if (exceeded === null) return;
  throw await deferFairly(deps, key, { reason, from: deps.now() + retryMs, intervalMs: exceeded.intervalMs });
}
