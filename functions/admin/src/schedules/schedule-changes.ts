import { randomBytes } from 'node:crypto';
import {
  factId,
  requestOfSchedule,
  runKey,
  type Schedule,
  type ScheduleChanged,
  targetOfSchedule,
} from '@dispatcher/contracts';
import { type Bus, ProblemError, type Queue } from '@dispatcher/lambda';
import { createOccurrences } from '@dispatcher/schedules';
import type { Schedules, StoredSchedule } from '@dispatcher/store';
import { type OperatorAction, publishAfterwards } from '../http/operator-action.ts';

export interface ScheduleDependencies {
  readonly schedules: Schedules;
  /** The queue `runs`. */
  readonly runs: Queue;
  readonly bus: Pick<Bus, 'publish'>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** The maximum number of schedules: planning reads all of them each minute. */
export const maxSchedules = 200;

type NewSchedule = Omit<Schedule, 'scheduleId' | 'createdAt' | 'createdBy'>;

const iso = (time: number): string => new Date(time).toISOString();

/** Returns the next occurrence of a schedule, as ISO 8601. @param time milliseconds since the epoch */
const nextAfter = (schedule: Pick<Schedule, 'cron' | 'timezone'>, time: number): string =>
  iso(createOccurrences(schedule).nextAfter(time));

/**
 * Creates a schedule. The fact is published before the schedule is stored, so that every schedule is recorded.
 * @throws ProblemError 409 if the name is in use, or there are too many schedules
 */
export async function createSchedule(
  deps: ScheduleDependencies,
  newSchedule: NewSchedule,
  action: OperatorAction,
): Promise<StoredSchedule> {
  const now = deps.now();
  await checkRoom(deps, newSchedule.name);
  const scheduleId = randomBytes(8).toString('hex');
  const schedule = { ...newSchedule, scheduleId, createdAt: iso(now), createdBy: action.operator };
  const progress = { scheduleId, nextAt: nextAfter(schedule, now), pending: null, last: null, missed: null };
  const stored = { schedule, pausedAt: null, progress };
  await deps.bus.publish([changedFact('created', schedule, action, iso(now))]);
  if (await deps.schedules.create(stored)) return stored;
  throw nameInUse(newSchedule.name);
}

async function checkRoom({ schedules }: ScheduleDependencies, name: string): Promise<void> {
  const { items, cursor } = await schedules.list({ limit: maxSchedules });
  if (items.some(({ schedule }) => schedule.name === name)) throw nameInUse(name);
  if (items.length >= maxSchedules || cursor !== null) {
    throw new ProblemError(409, `There are ${maxSchedules} schedules already: delete one that is no longer needed.`);
  }
}

const nameInUse = (name: string) =>
  new ProblemError(409, `A schedule has the name ${name} already. Choose another name, or delete that schedule.`);

/**
 * Pauses a schedule. It is stored before the fact is published, so that a failing bus cannot keep a schedule running. Requests
 * that wait, for example during an outage of GitHub, start nothing any more.
 */
export async function pauseSchedule(deps: ScheduleDependencies, name: string, action: OperatorAction) {
  const stored = await find(deps, name);
  await orNotFound(name, deps.schedules.pause(stored.schedule, iso(deps.now())));
  await publishAfterwards(deps.bus, changedFact('paused', stored.schedule, action, iso(deps.now())));
  return find(deps, name);
}

/** Resumes a schedule with its next occurrence. Those during the pause are not made up for. */
export async function resumeSchedule(deps: ScheduleDependencies, name: string, action: OperatorAction) {
  const stored = await find(deps, name);
  const now = deps.now();
  await deps.bus.publish([changedFact('resumed', stored.schedule, action, iso(now))]);
  await orNotFound(name, deps.schedules.resume(stored.schedule, nextAfter(stored.schedule, now)));
  return find(deps, name);
}

/** Requests the dispatch of a schedule at once. Its next occurrence stays the same. */
export async function runSchedule(deps: ScheduleDependencies, name: string, action: OperatorAction) {
  const { schedule, pausedAt } = await find(deps, name);
  if (pausedAt !== null) throw new ProblemError(409, `The schedule ${name} is paused: resume it, then run it.`);
  const time = iso(deps.now());
  await deps.bus.publish([changedFact('run', schedule, action, time)]);
  const request = requestOfSchedule(schedule, { actionId: action.actionId }, time);
  await deps.runs.send(request, `schedule-${schedule.scheduleId}`);
  return { schedule, runKey: runKey(request) };
}

/** Deletes a schedule. Requests that wait start nothing any more. */
export async function deleteSchedule(
  deps: ScheduleDependencies,
  name: string,
  action: OperatorAction,
): Promise<Schedule> {
  const { schedule } = await find(deps, name);
  await orNotFound(name, deps.schedules.delete(schedule));
  await publishAfterwards(deps.bus, changedFact('deleted', schedule, action, iso(deps.now())));
  return schedule;
}

async function find({ schedules }: ScheduleDependencies, name: string): Promise<StoredSchedule> {
  const stored = await schedules.getSchedule(name);
  if (stored === null) throw notFound(name);
  return stored;
}

const notFound = (name: string) =>
  new ProblemError(404, `There is no schedule ${name}. GET /api/schedules lists them.`);

async function orNotFound(name: string, change: Promise<boolean>): Promise<void> {
  if (!(await change)) throw notFound(name);
}

function changedFact(
  change: ScheduleChanged['data']['action'],
  schedule: Schedule,
  { actionId, operator, reason }: OperatorAction,
  time: string,
): ScheduleChanged {
  const { scheduleId, name, cron, timezone } = schedule;
  const id = factId('schedule.changed', actionId, change);
  return {
    version: 1,
    id,
    type: 'schedule.changed',
    time,
    correlationId: id,
    data: {
      actionId,
      action: change,
      scheduleId,
      name,
      cron,
      timezone,
      target: targetOfSchedule(schedule),
      operator,
      reason,
    },
  };
}
