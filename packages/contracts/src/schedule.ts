import * as z from 'zod/mini';
import type { DispatchRequested, RequestedDispatch } from './dispatch-requested.ts';
import { requestIdOf } from './ids.ts';
import { DateTime } from './date-time.ts';

/** What an operator created: a workflow that is started at the times of a cron pattern, if its target allows it. */
export const Schedule = z.object({
  /** 16 hex digits. A schedule that is created again under the same name has another one. */
  scheduleId: z.string(),
  /** Unique; inbound rules of targets refer to it. */
  name: z.string(),
  /** Five fields: minute, hour, day of month, month, day of week. */
  cron: z.string(),
  /** A name of the IANA time zone database. */
  timezone: z.string(),
  /** `owner/name` of the target. */
  repository: z.string(),
  /** File name below `.github/workflows/`. */
  workflow: z.string(),
  /** A branch or tag; null for the target's default branch. */
  ref: z.nullable(z.string()),
  inputs: z.record(z.string(), z.string()),
  createdAt: DateTime,
  createdBy: z.string(),
});
export type Schedule = z.infer<typeof Schedule>;

/** Returns the target of a schedule, as the scope of a requester names it: `octo-org/deploy:cd.yml`. */
export function targetOfSchedule({ repository, workflow }: Pick<Schedule, 'repository' | 'workflow'>): string {
  return `${repository}:${workflow}`;
}

/** Returns what a schedule requests at each of its times. */
export function dispatchOfSchedule({ repository, workflow, ref, inputs }: Schedule): RequestedDispatch {
  return { kind: 'workflow', repository, workflow, ref, inputs };
}

/** Why a schedule requests its dispatch: an occurrence is due, or an operator ran it now. */
export type ScheduleCause = { readonly dueAt: string } | { readonly actionId: string };

/**
 * Returns the request of a schedule. Its run key derives from the schedule and the due time, or the operator's action, so
 * the same occurrence starts at most one run, however often it is requested.
 * @param receivedAt ISO 8601
 */
export function requestOfSchedule(schedule: Schedule, cause: ScheduleCause, receivedAt: string): DispatchRequested {
  const { scheduleId, name } = schedule;
  const [kind, occasion] = 'dueAt' in cause ? ['due', cause.dueAt] : ['run-now', cause.actionId];
  return {
    type: 'dispatch.requested',
    version: 1,
    deliveryId: `schedule-${scheduleId}-${occasion}`,
    receivedAt,
    requestId: requestIdOf('schedule', scheduleId, kind, occasion),
    schedule: { id: scheduleId, name, targets: [targetOfSchedule(schedule)] },
    request: dispatchOfSchedule(schedule),
  };
}
