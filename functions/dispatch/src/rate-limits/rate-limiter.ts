import type { Trigger } from '@dispatcher/contracts';
import { DeferError } from '@dispatcher/lambda';
import type { FairnessQueue } from '@dispatcher/store';

/** One more every `stepMs`, and after a rest as many at once as fit into `burstMs`. */
export interface Pace {
  readonly stepMs: number;
  readonly burstMs: number;
}

/**
 * The pace that never makes more than `most` in any span of that length: three quarters of them evenly, and a burst of
 * one quarter.
 */
export function paceOf(most: number, spanMs: number): Pace {
  const stepMs = (spanMs * 4) / 3 / most;
  return { stepMs, burstMs: Math.max(0, spanMs / 3 - stepMs) };
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/**
 * The paces of one installation. GitHub's limits: 900 points a minute at 5 a write; 80 contents a minute, 500 an hour.
 */
export interface Paces {
  readonly writes: Pace;
  readonly contentPerMinute: Pace;
  readonly contentPerHour: Pace;
}

export function pacesOf(most: { writesPerMinute: number; contentPerMinute: number; contentPerHour: number }): Paces {
  return {
    writes: paceOf(most.writesPerMinute, minuteMs),
    contentPerMinute: paceOf(most.contentPerMinute, minuteMs),
    contentPerHour: paceOf(most.contentPerHour, hourMs),
  };
}

export interface PaceDependencies {
  readonly fairnessQueue: FairnessQueue;
  readonly paces: Paces;
  readonly now: () => number;
  /** From 0 up to 1. */
  readonly random: () => number;
}

/** Whose budget a request costs, and for whom it is made. */
export interface Spender {
  readonly installationId: number;
  /** See {@link lineOf}. */
  readonly source: string;
}

/** Who waits in one line: all runs of a repository, all requests of a key. A key is never called as a number is. */
export function lineOf(origin: Trigger): string {
  return origin.type === 'run.completed' ? String(origin.repository.id) : `key/${origin.key.name}`;
}

/** Null where one more write may be made now; else the pace that it would break. */
export async function paceBroken(
  { fairnessQueue, paces }: PaceDependencies,
  { installationId }: Spender,
  kind: 'dispatch' | 'content',
): Promise<Pace | null> {
  // The scarcest last: what an earlier one let pass in vain is soon there again.
  const needed: readonly (keyof Paces)[] =
    kind === 'dispatch' ? ['writes'] : ['writes', 'contentPerMinute', 'contentPerHour'];
  for (const name of needed) {
    const pace = paces[name];
    if (!(await fairnessQueue.pass(`${installationId}#${name}`, pace.stepMs, pace.burstMs))) return pace;
  }
  return null;
}

/** Where a pace was broken: when the first of a line tries again. */
export const soonMs = 1_000;

/**
 * Back to the queue, until its turn in the line of its source for that installation. The lines run side by
 * side, and chance decides which of them comes first in one step: each of n sources that wait gets every n-th write on
 * average, however many messages the others have.
 */
export async function inLine(
  deps: PaceDependencies,
  { installationId, source }: Spender,
  why: { readonly reason: string; readonly from: number; readonly stepMs: number; readonly cause?: unknown },
): Promise<DeferError> {
  const line = `installation#${installationId}#source#${source}`;
  const turn = await deps.fairnessQueue.reserve(line, why.from, why.stepMs);
  return new DeferError(why.reason, turn - deps.now() + deps.random() * why.stepMs, { cause: why.cause });
}
