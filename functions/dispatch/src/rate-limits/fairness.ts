import { requesterOf, type Trigger } from '@dispatcher/contracts';
import { DeferError } from '@dispatcher/lambda';
import type { FairnessQueue } from '@dispatcher/store';

export interface FairnessDependencies {
  readonly fairnessQueue: FairnessQueue;
  readonly now: () => number;
  /** At least 0 and less than 1. */
  readonly random: () => number;
}

/** The installation whose rate limits a write counts against, and the source that the write is made for. */
export interface RateKey {
  readonly installationId: number;
  /** See {@link fairnessSourceOf}. */
  readonly source: string;
}

/** Returns the source for fairness: all runs and jobs of a repository are one, and all requests of a key. */
export function fairnessSourceOf(trigger: Trigger): string {
  if (trigger.type !== 'dispatch.requested') return String(trigger.repository.id);
  const { kind, name } = requesterOf(trigger);
  return `${kind}/${name}`;
}

export interface Deferral {
  readonly reason: string;
  /** The earliest time of the retry, in milliseconds since the epoch. */
  readonly from: number;
  readonly intervalMs: number;
  readonly cause?: unknown;
}

/**
 * Returns the error that sends a message back to the queue until its turn in the fairness queue of its source. Each
 * source has its own queue per installation, and chance decides which queue is first within an interval. So on average,
 * each of n waiting sources gets every n-th write, however many messages the others have.
 */
export async function deferFairly(
  deps: FairnessDependencies,
  { installationId, source }: RateKey,
  { reason, from, intervalMs, cause }: Deferral,
): Promise<DeferError> {
  const queue = `installation#${installationId}#source#${source}`;
  const retryAt = await deps.fairnessQueue.reserve(queue, from, intervalMs);
  return new DeferError(reason, retryAt - deps.now() + deps.random() * intervalMs, { cause });
}
