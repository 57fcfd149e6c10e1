import { OperatorReason, targetOfSchedule } from '@dispatcher/contracts';
import { checkSchedule, createOccurrences } from '@dispatcher/schedules';
import { MissedOccurrences, type StoredSchedule } from '@dispatcher/store';
import * as z from 'zod';
import { actionOf, noticeIn } from '../http/operator-action.ts';
import { ListQuery } from '../http/requests.ts';
import type { Api } from '../http/zod-provider.ts';
import {
  createSchedule,
  deleteSchedule,
  pauseSchedule,
  resumeSchedule,
  runSchedule,
  type ScheduleDependencies,
} from '../schedules/schedule-changes.ts';
import { checkRequestedWorkflow, partsOf, requestedWorkflowFields, requesterName } from './requested-workflow.ts';

const time = z.iso.datetime();
/** The number of next times that a response names. */
const nextCount = 5;

export const CreateScheduleRequest = z
  .strictObject({
    name: requesterName,
    /** Five fields: minute, hour, day of month, month, day of week. */
    cron: z.string(),
    /** A name of the IANA time zone database: `Europe/Berlin`. */
    timezone: z.string().default('UTC'),
    ...requestedWorkflowFields,
    /** The operator's reason, recorded; secrets in it are not. */
    reason: OperatorReason,
  })
  .superRefine((schedule, context) => {
    const problem = checkSchedule(schedule);
    if (problem !== null) context.addIssue({ code: 'custom', path: [problem.field], message: problem.message });
    checkRequestedWorkflow(schedule, context);
  });

export const ScheduleResponse = z.object({
  /** 16 hex digits. A schedule that is created again under the same name has another one. */
  scheduleId: z.string(),
  name: z.string(),
  cron: z.string(),
  timezone: z.string(),
  /** `owner/name:workflow.yml` */
  target: z.string(),
  /** Null: the target's default branch. */
  ref: z.string().nullable(),
  inputs: z.record(z.string(), z.string()),
  createdAt: time,
  createdBy: z.string(),
  /** Null unless an operator paused it. */
  pausedAt: time.nullable(),
  /** The next five times; none while it is paused. */
  next: z.array(time).readonly(),
  /** The last occurrence that requested its dispatch; null if there was none. */
  last: z.object({ dueAt: time, requestedAt: time, runKey: z.string() }).nullable(),
  /** The last occurrences that requested nothing, because Dispatcher was down; null if there were none. */
  missed: z.object(MissedOccurrences.shape).nullable(),
});

export const SchedulesResponse = z.object({
  schedules: z.array(ScheduleResponse).readonly(),
  cursor: z.string().nullable(),
});

export const ScheduleChangeRequest = z.strictObject({ reason: OperatorReason });

export const ScheduleChangeResponse = z.object({
  actionId: z.string(),
  schedule: ScheduleResponse,
  /** What to do about a secret in the reason, which was redacted. */
  notice: z.string().optional(),
});

export const ScheduleDeletedResponse = z.object({
  actionId: z.string(),
  name: z.string(),
  scheduleId: z.string(),
  notice: z.string().optional(),
});

/** The request is planned within seconds; its plan is `GET /api/plans/{runKey}`. */
export const ScheduleRunResponse = z.object({
  actionId: z.string(),
  name: z.string(),
  runKey: z.string(),
  notice: z.string().optional(),
});

/** Adds the schedules, which the command `dispatcher schedules` offers, too. */
export function addScheduleRoutes(api: Api, deps: ScheduleDependencies): void {
  const list = {
    summary: 'Lists the schedules by name, with their next five times.',
    querystring: ListQuery,
    response: { 200: SchedulesResponse },
  };
  api.get('/schedules', { schema: list }, async ({ query }) => {
    const { items, cursor } = await deps.schedules.list(query);
    return { schedules: items.map((stored) => shown(stored, deps.now())), cursor };
  });

  const create = {
    summary: 'Creates a schedule. Its target must allow it: `source: { schedule: NAME }` in `inbound`.',
    body: CreateScheduleRequest,
    response: { 201: ScheduleChangeResponse },
    problems: { 409: 'A schedule has this name, or there are 200 schedules already.' },
  };
  api.post('/schedules', { schema: create }, async (request, reply) => {
    const { name, cron, timezone, target, ref = null, inputs } = request.body;
    const action = actionOf(request, 'schedule-created');
    const { repository, workflow } = partsOf(target);
    const schedule = { name, cron, timezone, repository, workflow, ref, inputs };
    const stored = await createSchedule(deps, schedule, action);
    reply.code(201);
    return { actionId: action.actionId, schedule: shown(stored, deps.now()), ...noticeIn(action.reason) };
  });

  const params = z.object({ name: requesterName.describe('The name of a schedule.') });
  const change = { params, body: ScheduleChangeRequest };
  const notFound = { 404: 'There is no schedule of this name.' };
  const changed = { ...change, response: { 200: ScheduleChangeResponse } };

  const pause = {
    summary: 'Pauses a schedule. Requests of it that wait start nothing any more.',
    ...changed,
    problems: { ...notFound, 503: 'The schedule was paused, and the change was not recorded. Repeat it.' },
  };
  api.post('/schedules/:name/pause', { schema: pause }, async (request, reply) => {
    const action = actionOf(request, 'schedule-paused');
    const stored = await pauseSchedule(deps, request.params.name, action);
    reply.code(200);
    return { actionId: action.actionId, schedule: shown(stored, deps.now()), ...noticeIn(action.reason) };
  });

  const resume = {
    summary: 'Resumes a schedule with its next time. Times during the pause are not made up for.',
    ...changed,
    problems: notFound,
  };
  api.post('/schedules/:name/resume', { schema: resume }, async (request, reply) => {
    const action = actionOf(request, 'schedule-resumed');
    const stored = await resumeSchedule(deps, request.params.name, action);
    reply.code(200);
    return { actionId: action.actionId, schedule: shown(stored, deps.now()), ...noticeIn(action.reason) };
  });

  const run = {
    summary: 'Requests the dispatch of a schedule now. Its next time stays the same.',
    ...change,
    response: { 202: ScheduleRunResponse },
    problems: { ...notFound, 409: 'The schedule is paused.' },
  };
  api.post('/schedules/:name/run', { schema: run }, async (request, reply) => {
    const action = actionOf(request, 'schedule-run');
    const { schedule, runKey } = await runSchedule(deps, request.params.name, action);
    reply.code(202);
    return { actionId: action.actionId, name: schedule.name, runKey, ...noticeIn(action.reason) };
  });

  const remove = {
    summary: 'Deletes a schedule. Requests of it that wait start nothing any more.',
    ...change,
    response: { 200: ScheduleDeletedResponse },
    problems: { ...notFound, 503: 'The schedule was deleted, and the change was not recorded.' },
  };
  api.post('/schedules/:name/delete', { schema: remove }, async (request, reply) => {
    const action = actionOf(request, 'schedule-deleted');
    const { name, scheduleId } = await deleteSchedule(deps, request.params.name, action);
    reply.code(200);
    return { actionId: action.actionId, name, scheduleId, ...noticeIn(action.reason) };
  });
}

function shown({ schedule, pausedAt, progress: { last, missed } }: StoredSchedule, now: number) {
  const { scheduleId, name, cron, timezone, ref, inputs, createdAt, createdBy } = schedule;
  const times = pausedAt === null ? createOccurrences(schedule).listAfter(now, nextCount) : [];
  const next = times.map((time) => new Date(time).toISOString());
  const definition = { scheduleId, name, cron, timezone, target: targetOfSchedule(schedule), ref, inputs };
  return { ...definition, createdAt, createdBy, pausedAt, next, last, missed };
}
