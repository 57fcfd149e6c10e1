// Schedules, in words.
import { requesterNamePattern } from '@dispatcher/contracts';
import type { State } from './states.ts';

/** Returns the state of a schedule. */
export function stateOfSchedule({ pausedAt }: { readonly pausedAt: string | null }): State {
  return pausedAt === null
    ? { icon: 'check', tone: 'success', word: 'Active' }
    : { icon: 'stop', tone: 'attention', word: 'Paused' };
}

export interface ScheduleForm {
  readonly name: string;
  readonly cron: string;
  readonly timezone: string;
  readonly target: string;
  readonly ref: string;
  /** One input a line: `name=value`. */
  readonly inputs: string;
  readonly reason: string;
}

const targetPattern = /^[\w-]{1,100}\/[\w.-]{1,100}:[^\s:#/]{1,200}\.ya?ml$/;

/** Returns the inputs that were written, one a line. A line without `=` is an input without a name. */
export function parseInputs(text: string): Readonly<Record<string, string>> {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return Object.fromEntries(
    lines.map((line) => {
      const at = line.indexOf('=');
      return at < 0 ? ['', line.trim()] : [line.slice(0, at).trim(), line.slice(at + 1).trim()];
    }),
  );
}

/** Returns what is wrong with each field of the form; empty if nothing is. The server checks the pattern itself. */
export function problemsOfSchedule(form: ScheduleForm): Partial<Record<keyof ScheduleForm, string>> {
  const problems: Partial<Record<keyof ScheduleForm, string>> = {};
  if (!requesterNamePattern.test(form.name)) {
    problems.name = 'Write at most 64 lower-case letters and digits, with . _ - in between.';
  }
  if (form.cron.trim().split(/\s+/).length !== 5) {
    problems.cron = 'Write five fields: minute, hour, day of month, month and day of week.';
  }
  if (form.timezone.trim() === '') problems.timezone = 'Write a time zone, such as Europe/Berlin or UTC.';
  if (!targetPattern.test(form.target.trim())) problems.target = 'Write owner/name:workflow.yml.';
  if ('' in parseInputs(form.inputs)) problems.inputs = 'Write one input a line: name=value.';
  if (form.reason.trim() === '') problems.reason = 'Write a reason: it is recorded in the audit log.';
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
