// Schedules, in words.
import { problemsOfRequestedWorkflow, type RequestedWorkflowForm } from './requested-workflow.ts';

export interface ScheduleForm extends RequestedWorkflowForm {
  readonly cron: string;
  readonly timezone: string;
}

/** Returns what is wrong with each field of the form; empty if nothing is. The server checks the pattern itself. */
export function problemsOfSchedule(form: ScheduleForm): Partial<Record<keyof ScheduleForm, string>> {
  const problems: Partial<Record<keyof ScheduleForm, string>> = { ...problemsOfRequestedWorkflow(form) };
  if (form.cron.trim().split(/\s+/).length !== 5) {
    problems.cron = 'Write five fields: minute, hour, day of month, month and day of week.';
  }
  if (form.timezone.trim() === '') problems.timezone = 'Write a time zone, such as Europe/Berlin or UTC.';
  return problems;
}

/** Returns the time on the clocks of a time zone: `2026-11-30 03:00`. */
export function timeInZone(time: string, timezone: string): string {
  return new Date(time).toLocaleString('sv-SE', {
    timeZone: timezone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  });
}

/** Returns the time zones that the browser knows, with UTC first. */
export function knownTimeZones(): readonly string[] {
  return ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')];
}
