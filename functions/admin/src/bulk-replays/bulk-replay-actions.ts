import { type BulkReplayMode, type BulkReplaySelection, type Code, counted, type Outcome } from '@dispatcher/contracts';
import { ProblemError } from '@dispatcher/lambda';
import type { SelectedRun, StoredBulkReplay } from '@dispatcher/store';
import type { OperatorAction } from '../http/operator-action.ts';
import { type BulkReplayDependencies, settle } from './advance-bulk-replay.ts';
import { bulkReplayIdAt, newBulkReplay, resume, stop } from './bulk-replay-changes.ts';
import { readSelected } from './selected-runs.ts';

// What operators do with bulk replays.

/** Which runs an operator selects. Times are ISO 8601; `until` is now by default, and never later. */
export interface RequestedSelection {
  readonly repository?: string | undefined;
  readonly outcome?: Outcome | undefined;
  readonly code?: Code | undefined;
  readonly since: string;
  readonly until?: string | undefined;
}

export interface RequestedBulkReplay extends RequestedSelection {
  readonly mode: BulkReplayMode;
  readonly perMinute: number;
}

const maxListed = 100;
const maxPreviewRuns = 1_000;
/** A page examines up to 2,000 rows, and has few or none where most runs are not selected. */
const maxPreviewPages = 50;
const maxTries = 5;

/** Returns what would be replayed. `more`: it stopped before the last row, so further runs may be selected. */
export async function previewBulkReplay(deps: BulkReplayDependencies, requested: RequestedSelection) {
  const selection = selectionOf(requested, deps.now());
  const runs: SelectedRun[] = [];
  let position: string | null = null;
  for (let page = 0; page < maxPreviewPages && runs.length < maxPreviewRuns; page += 1) {
    const { items, cursor: next }: Awaited<ReturnType<typeof readSelected>> = await readSelected(
      deps.reads,
      selection,
      position,
    );
    runs.push(...items);
    position = next;
    if (next === null) break;
  }
  const { until } = selection;
  return { until, selected: runs.length, more: position !== null, runs: runs.slice(0, maxListed) };
}

/** Starts a bulk replay. A repeat of the same action returns the one that it started. @throws ProblemError 409 */
export async function startBulkReplay(
  deps: BulkReplayDependencies,
  requested: RequestedBulkReplay,
  { actionId, operator, reason }: OperatorAction,
): Promise<StoredBulkReplay> {
  const { mode, perMinute } = requested;
  const now = deps.now();
  const requestHash = actionId.replaceAll('-', '');
  const bulkReplayId = bulkReplayIdAt(now, requestHash.slice(0, 8));
  const selection = selectionOf(requested, now);
  const stored = newBulkReplay({ bulkReplayId, mode, selection, perMinute, operator, reason, requestHash }, now);
  const active = await deps.store.create(stored);
  // A retry of the request that started the active one: its response was lost.
  if (active !== null && active.requestHash !== requestHash) throw isActive(active);
  return publishFacts(deps, active ?? stored);
}

/** Stops or resumes a bulk replay. Returns it as it is if it is already stopped, or already goes on. @throws ProblemError 404, 409 */
export async function changeBulkReplay(
  deps: BulkReplayDependencies,
  bulkReplayId: string,
  action: 'stopped' | 'resumed',
  { operator, reason }: Pick<OperatorAction, 'operator' | 'reason'>,
): Promise<StoredBulkReplay> {
  const by = { operator, reason, now: deps.now() };
  for (let tries = 1; tries <= maxTries; tries += 1) {
    const stored = await findBulkReplay(deps, bulkReplayId);
    const change = action === 'stopped' ? stop(stored, by) : resume(stored, by);
    if (change === null) {
      if (stored.replay.state === 'completed') throw isCompleted(stored, action);
      return publishFacts(deps, stored);
    }
    const isStored =
      action === 'stopped' ? await deps.store.update(stored, change) : await deps.store.activate(stored, change);
    if (isStored) return publishFacts(deps, { ...stored, ...change, version: stored.version + 1 });
    const active = await deps.store.getActive();
    if (action === 'resumed' && active !== null && active.replay.bulkReplayId !== bulkReplayId) throw isActive(active);
  }
  throw new ProblemError(409, `Bulk replay ${bulkReplayId} is being changed. Try again in a moment.`, {
    'retry-after': '1',
  });
}

/** @throws ProblemError 404 */
export async function findBulkReplay(
  { store }: Pick<BulkReplayDependencies, 'store'>,
  bulkReplayId: string,
): Promise<StoredBulkReplay> {
  const stored = await store.getBulkReplay(bulkReplayId);
  if (stored !== null) return stored;
  throw new ProblemError(404, `There is no bulk replay ${bulkReplayId}. GET /api/bulk-replays lists them.`);
}

/** Publishes the facts of a bulk replay and returns it. */
async function publishFacts(deps: BulkReplayDependencies, stored: StoredBulkReplay): Promise<StoredBulkReplay> {
  try {
    await settle(deps, stored);
  } catch (error) {
    // Stored, and therefore published within a minute by the worker.
    deps.log.warn('bulk replay not recorded yet', { bulkReplayId: stored.replay.bulkReplayId, error });
  }
  return stored;
}

function selectionOf(requested: RequestedSelection, now: number): BulkReplaySelection {
  const { repository = null, outcome = null, code = null, since, until } = requested;
  const end = until === undefined ? now : Math.min(Date.parse(until), now);
  return { repository, outcome, code, since: new Date(since).toISOString(), until: new Date(end).toISOString() };
}

function isActive({ replay }: StoredBulkReplay): ProblemError {
  const { bulkReplayId, operator, startedAt, state, selected, requested, reason, selection } = replay;
  const subject = selection.outcome ?? selection.code ?? 'runs';
  const detail =
    `Bulk replay ${bulkReplayId} of ${subject} is ${state}: ${operator} started it at ${startedAt} (${reason}), and ` +
    `${requested} of ${counted(selected, 'replay')} ${selected === 1 ? 'was' : 'were'} requested. Wait until it is completed, or stop it.`;
  return new ProblemError(409, detail);
}

function isCompleted({ replay: { bulkReplayId, requested } }: StoredBulkReplay, action: string): ProblemError {
  const detail = `Bulk replay ${bulkReplayId} is completed, with ${counted(requested, 'replay')}: it cannot be ${action}.`;
  return new ProblemError(409, detail);
}
