import { factId, requestOfSchedule, runKey, type ScheduleMissed } from '@dispatcher/contracts';
import type { Bus, Meter, Queue, StepLog } from '@dispatcher/lambda';
import { createOccurrences, type Occurrences } from '@dispatcher/schedules';
import type { PendingOccurrence, Schedules, StoredSchedule } from '@dispatcher/store';

export interface DueSchedulesDependencies {
  readonly schedules: Pick<Schedules, 'list' | 'claim' | 'complete'>;
  /** The queue `runs`. */
  readonly runs: Queue;
  readonly bus: Pick<Bus, 'publish'>;
  readonly meter: Meter;
  readonly log: StepLog;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

const concurrency = 10;
const iso = (time: number): string => new Date(time).toISOString();

/**
 * Requests the dispatch of every schedule that is due. Of several occurrences that are due, the newest one requests a
 * dispatch, and the others are recorded as missed.
 *
 * EventBridge may run it late, twice or concurrently. An occurrence is first made pending, which one worker can; then its
 * request is sent, under a run key that derives from the schedule and the due time. After a crash, the next run sends the
 * same request again, and planning plans it once.
 * @param hasTime returns whether there is time for more; what is left is due in the next minute, too
 */
export async function runDueSchedules(deps: DueSchedulesDependencies, hasTime: () => boolean): Promise<void> {
  let failures = 0;
  const due = (await listAll(deps)).filter((stored) => isDue(stored, deps.now()));
  // The longest overdue first: if time runs out, none is left behind each time.
  due.sort((left, right) => (dueTimeOf(left) < dueTimeOf(right) ? -1 : 1));
  for (let from = 0; from < due.length && hasTime(); from += concurrency) {
    const results = await Promise.allSettled(due.slice(from, from + concurrency).map((stored) => run(deps, stored)));
    for (const [index, result] of results.entries()) {
      if (result.status === 'fulfilled') continue;
      failures += 1;
      const { name, scheduleId } = due[from + index]?.schedule ?? {};
      deps.log.error('could not run a schedule; the next minute tries again', {
        name,
        scheduleId,
        error: result.reason,
      });
    }
  }
  if (failures > 0) deps.meter.count('ScheduleFailures', {}, failures);
}

async function listAll({ schedules }: DueSchedulesDependencies): Promise<StoredSchedule[]> {
  const all: StoredSchedule[] = [];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page = await schedules.list(cursor === undefined ? { limit: 1_000 } : { limit: 1_000, cursor });
    all.push(...page.items);
    cursor = page.cursor;
  }
  return all;
}

function isDue({ progress: { pending, nextAt } }: StoredSchedule, now: number): boolean {
  return pending !== null || (nextAt !== null && Date.parse(nextAt) <= now);
}

function dueTimeOf({ progress: { pending, nextAt } }: StoredSchedule): string {
  return pending?.dueAt ?? nextAt ?? '';
}

async function run(deps: DueSchedulesDependencies, stored: StoredSchedule): Promise<void> {
  const { pending } = stored.progress;
  // A worker made it pending and died: its request may have been sent, or not.
  if (pending !== null) return request(deps, stored, pending);
  const occurrences = createOccurrences(stored.schedule);
  const claim = claimOf(occurrences, stored, deps.now());
  if (await deps.schedules.claim(stored, claim.pending, claim.nextAt)) await request(deps, stored, claim.pending);
}

function claimOf({ dueAt, nextAfter }: Occurrences, { progress: { nextAt } }: StoredSchedule, now: number) {
  const due = dueAt(Date.parse(nextAt ?? ''), now);
  if (due === null) throw new Error('The schedule is not due.');
  const { count = 0, firstAt = 0, lastAt = 0 } = due.missed ?? {};
  const missed = count === 0 ? null : { count, firstAt: iso(firstAt), lastAt: iso(lastAt) };
  return {
    pending: { dueAt: iso(due.dueAt), claimedAt: iso(now), missed } satisfies PendingOccurrence,
    nextAt: iso(nextAfter(due.dueAt)),
  };
}

async function request(
  deps: DueSchedulesDependencies,
  stored: StoredSchedule,
  pending: PendingOccurrence,
): Promise<void> {
  const { schedule } = stored;
  const { scheduleId, name } = schedule;
  const { dueAt, claimedAt, missed } = pending;
  const message = requestOfSchedule(schedule, { dueAt }, claimedAt);
  await deps.runs.send(message, `schedule-${scheduleId}`);
  if (missed !== null) {
    await deps.bus.publish([missedFact(stored, pending, missed)]);
    deps.log.warn('missed occurrences of a schedule', { name, scheduleId, ...missed });
    deps.meter.count('MissedOccurrences', {}, missed.count);
  }
  const key = runKey(message);
  await deps.schedules.complete(stored, pending, { requestedAt: claimedAt, runKey: key });
  deps.log.info('schedule requested its dispatch', { name, scheduleId, dueAt, runKey: key });
  deps.meter.milliseconds('ScheduleDelay', Date.parse(claimedAt) - Date.parse(dueAt));
}

function missedFact(
  { schedule: { scheduleId, name } }: StoredSchedule,
  { dueAt, claimedAt }: PendingOccurrence,
  missed: NonNullable<PendingOccurrence['missed']>,
): ScheduleMissed {
  const id = factId('schedule.missed', scheduleId, dueAt);
  return {
    version: 1,
    id,
    type: 'schedule.missed',
    time: claimedAt,
    correlationId: id,
    data: { scheduleId, name, ...missed, dueAt },
  };
}
