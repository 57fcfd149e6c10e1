import { createHash } from 'node:crypto';
import {
  type BulkReplayChanged,
  type BulkReplayMode,
  type BulkReplaySelection,
  factId,
  type RunReplay,
} from '@dispatcher/contracts';
import type { BulkReplay, BulkReplayChange, StoredBulkReplay } from '@dispatcher/store';

// What changes in a bulk replay, without I/O. Times are milliseconds since the epoch.

export interface BulkReplayStart {
  readonly bulkReplayId: string;
  readonly mode: BulkReplayMode;
  readonly selection: BulkReplaySelection;
  readonly perMinute: number;
  readonly operator: string;
  readonly reason: string;
  readonly requestHash: string;
}

/** Who changes a bulk replay, and why. */
export interface Change {
  readonly operator: string;
  readonly reason: string;
  readonly now: number;
}

const minuteMs = 60_000;

/** Returns the id of a bulk replay that starts now. Ids sort by time. @param random hex digits */
export function bulkReplayIdAt(now: number, random: string): string {
  return `${new Date(now).toISOString().replaceAll(/[-:]|\.\d+Z$/g, '')}-${random}`;
}

export function newBulkReplay(start: BulkReplayStart, now: number): StoredBulkReplay {
  const { requestHash, ...described } = start;
  const time = new Date(now).toISOString();
  const replay: BulkReplay = {
    ...described,
    state: 'selecting',
    startedAt: time,
    changedAt: time,
    changedBy: null,
    selected: 0,
    requested: 0,
    problem: null,
  };
  return {
    replay,
    requestHash,
    version: 0,
    cursor: null,
    isSelected: false,
    pages: 0,
    page: 0,
    index: 0,
    rateUsedUntil: now - minuteMs,
    worker: null,
    leaseUntil: 0,
    changes: [changeOf(replay, 'started', { operator: start.operator, reason: start.reason, now })],
    published: 0,
  };
}

export function isInProgress({ state }: BulkReplay): boolean {
  return state === 'selecting' || state === 'running';
}

/** Returns what a stop changes; null if the bulk replay is not in progress. */
export function stop(stored: StoredBulkReplay, by: Change): Partial<StoredBulkReplay> | null {
  return isInProgress(stored.replay) ? changeState(stored, 'stopped', 'stopped', by) : null;
}

/** Returns what a resumption changes; null if the bulk replay is not stopped. */
export function resume(stored: StoredBulkReplay, by: Change): Partial<StoredBulkReplay> | null {
  if (stored.replay.state !== 'stopped') return null;
  return changeState(stored, stored.isSelected ? 'running' : 'selecting', 'resumed', by);
}

/** Returns what the completion changes. */
export function complete(stored: StoredBulkReplay, now: number): Partial<StoredBulkReplay> {
  const { operator, reason, changedBy } = stored.replay;
  const { replay, ...others } = changeState(stored, 'completed', 'completed', { operator, reason, now });
  return { ...others, replay: { ...replay, changedBy } };
}

function changeState(
  { replay, changes }: StoredBulkReplay,
  state: BulkReplay['state'],
  action: BulkReplayChange['action'],
  by: Change,
): Pick<StoredBulkReplay, 'replay' | 'changes'> {
  return {
    replay: { ...replay, state, changedAt: new Date(by.now).toISOString(), changedBy: by.operator, problem: null },
    changes: [...changes, changeOf(replay, action, by)],
  };
}

function changeOf(
  { selected, requested }: BulkReplay,
  action: BulkReplayChange['action'],
  { operator, reason, now }: Change,
): BulkReplayChange {
  return { action, time: new Date(now).toISOString(), operator, reason, selected, requested };
}

/** Returns how many replays may be requested now. A worker that comes late has the allowance of one minute, no more. */
export function allowanceOf(stored: StoredBulkReplay, now: number): number {
  return Math.floor(((now - rateStart(stored, now)) * stored.replay.perMinute) / minuteMs);
}

/** Returns until when the rate is used up after so many requests. */
export function rateUsedAfter(stored: StoredBulkReplay, now: number, count: number): number {
  return rateStart(stored, now) + (count * minuteMs) / stored.replay.perMinute;
}

function rateStart({ rateUsedUntil }: StoredBulkReplay, now: number): number {
  return Math.max(rateUsedUntil, now - minuteMs);
}

/**
 * Returns the message that replays one run. It is the same whenever it is sent, so a message that a crashed worker sent
 * before is the same action, and planning handles it once.
 */
export function messageOf({ replay }: StoredBulkReplay, runKey: string): RunReplay {
  const { bulkReplayId, mode, operator, reason, startedAt } = replay;
  const actionId = createHash('sha256')
    .update(JSON.stringify([bulkReplayId, runKey]))
    .digest('hex')
    .slice(0, 32);
  return {
    type: 'run.replay',
    version: 1,
    actionId,
    runKey,
    mode,
    routeId: null,
    operator,
    reason,
    requestedAt: startedAt,
    bulkReplayId,
  };
}

/** Returns the facts about changes that were not published yet. The same change is always the same fact. */
export function unpublishedFacts({ replay, changes, published }: StoredBulkReplay): BulkReplayChanged[] {
  const { bulkReplayId, mode, selection } = replay;
  return changes.slice(published).map(({ time, ...change }, index) => {
    const id = factId('bulk-replay.changed', bulkReplayId, published + index);
    const data = { bulkReplayId, mode, selection, ...change };
    return { version: 1, id, type: 'bulk-replay.changed', time, correlationId: id, data };
  });
}
