import { randomUUID } from 'node:crypto';
import type { Bus, Queue, StepLog } from '@dispatcher/lambda';
import type { BulkReplays, StoredBulkReplay } from '@dispatcher/store';
import {
  allowanceOf,
  complete,
  isInProgress,
  messageOf,
  rateUsedAfter,
  unpublishedFacts,
} from './bulk-replay-changes.ts';
import { readSelected, type SelectionReads } from './selected-runs.ts';

export interface BulkReplayDependencies {
  readonly store: BulkReplays;
  readonly reads: SelectionReads;
  /** The queue `runs`. */
  readonly runs: Queue;
  readonly bus: Pick<Bus, 'publish'>;
  readonly log: StepLog;
  /** Number of rows that one step selects from; 100 by default. */
  readonly pageSize?: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

// Less than the function's timeout, so that a step that began in time can end.
const maxWorkMs = 5_000;
// Longer than the function's timeout: the lease of a worker that is alive does not end.
const leaseMs = 20_000;
const maxRequestsPerStep = 10;

/**
 * Advances the active bulk replay as far as its rate and the time allow: selects its runs page by page, then requests their
 * replays, oldest first. Every step ends with one conditional write, which moves a position and stores what belongs to it. A
 * worker that crashes before this write leaves the step to the next one, which repeats it: the same page is selected again,
 * or the same messages are sent again, which planning handles once. So no run is left out, and none is replayed twice.
 */
export async function advanceBulkReplay(deps: BulkReplayDependencies): Promise<void> {
  const active = await deps.store.getActive();
  if (active === null) return;
  const settled = await settle(deps, active);
  if (settled === null || !isInProgress(settled.replay) || settled.leaseUntil > deps.now()) return;
  const worker = randomUUID();
  const claim = { worker, leaseUntil: deps.now() + leaseMs };
  if (!(await deps.store.update(settled, claim))) return;
  const { bulkReplayId } = settled.replay;
  try {
    await work(deps, bulkReplayId, worker);
  } catch (error) {
    const problem = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    await end(deps, bulkReplayId, worker, problem.slice(0, 500));
    throw error;
  }
  await end(deps, bulkReplayId, worker, null);
}

async function work(deps: BulkReplayDependencies, bulkReplayId: string, worker: string): Promise<void> {
  const { store, now } = deps;
  const deadline = now() + maxWorkMs;
  while (now() < deadline) {
    const stored = await store.getBulkReplay(bulkReplayId);
    // Stopped by an operator, or taken over after a pause of this process.
    if (stored === null || stored.worker !== worker || !isInProgress(stored.replay)) return;
    const isWaiting = stored.isSelected ? await requestNext(deps, stored) : await selectNext(deps, stored);
    if (isWaiting) return;
  }
}

/** Stores the next page of selected runs. */
async function selectNext(
  { store, reads, pageSize }: BulkReplayDependencies,
  stored: StoredBulkReplay,
): Promise<boolean> {
  const { replay } = stored;
  const { items, cursor } = await readSelected(reads, replay.selection, stored.cursor, pageSize);
  const isSelected = cursor === null;
  const hasItems = items.length > 0;
  const change = {
    cursor,
    isSelected,
    pages: stored.pages + (hasItems ? 1 : 0),
    replay: {
      ...replay,
      state: isSelected ? ('running' as const) : replay.state,
      selected: replay.selected + items.length,
      problem: null,
    },
  };
  await store.update(stored, change, hasItems ? items : undefined);
  return false;
}

/** Requests the next replays; returns true if the rate allows none, or none is left. */
async function requestNext(deps: BulkReplayDependencies, stored: StoredBulkReplay): Promise<boolean> {
  const { store, runs, now } = deps;
  const { replay, page, index, pages } = stored;
  if (page >= pages) {
    await store.update(stored, complete(stored, now()));
    return true;
  }
  const at = now();
  const count = Math.min(maxRequestsPerStep, allowanceOf(stored, at));
  if (count < 1) return true;
  // Pages and rows are newest first. The oldest run first: a newer deployment must not be followed by an older one.
  const selected = (await store.getItems(replay.bulkReplayId, pages - 1 - page)).toReversed();
  const next = selected.slice(index, index + count);
  await Promise.all(next.map(({ runKey }) => runs.send(messageOf(stored, runKey), runKey)));
  const isPageDone = index + next.length >= selected.length;
  await store.update(stored, {
    page: isPageDone ? page + 1 : page,
    index: isPageDone ? 0 : index + next.length,
    rateUsedUntil: rateUsedAfter(stored, at, next.length),
    replay: { ...replay, requested: replay.requested + next.length, problem: null },
  });
  return false;
}

/** Gives the lease back, and records and publishes what happened. */
async function end(
  deps: BulkReplayDependencies,
  bulkReplayId: string,
  worker: string,
  problem: string | null,
): Promise<void> {
  const { store, log } = deps;
  const stored = await store.getBulkReplay(bulkReplayId);
  if (stored === null || stored.worker !== worker) return;
  const { replay } = stored;
  const change = { worker: null, leaseUntil: 0, replay: problem === null ? replay : { ...replay, problem } };
  if (!(await store.update(stored, change))) return;
  const { state, selected, requested } = replay;
  log.info('bulk replay advanced', { bulkReplayId, state, selected, requested, problem });
  await settle(deps, { ...stored, ...change, version: stored.version + 1 });
}

/**
 * Publishes the facts of changes that are stored and not published yet, and lets another bulk replay become active if this
 * one is not in progress. Returns the stored state; null if another process changed it in the meantime.
 */
export async function settle(
  { store, bus }: Pick<BulkReplayDependencies, 'store' | 'bus'>,
  stored: StoredBulkReplay,
): Promise<StoredBulkReplay | null> {
  const facts = unpublishedFacts(stored);
  if (facts.length > 0) await bus.publish(facts);
  const isActive = isInProgress(stored.replay);
  if (facts.length === 0 && isActive) return stored;
  const change = { published: stored.changes.length };
  const isStored = isActive ? await store.update(stored, change) : await store.deactivate(stored, change);
  return isStored ? { ...stored, ...change, version: stored.version + 1 } : null;
}
