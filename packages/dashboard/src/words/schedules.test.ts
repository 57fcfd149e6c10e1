import { expect, test } from '@jest/globals';
import { parseInputs, stateOfRequester } from './requested-workflow.ts';
import { problemsOfSchedule, type ScheduleForm, timeInZone } from './schedules.ts';

const form: ScheduleForm = {
  name: 'nightly',
  cron: '0 3 * * 1-5',
  timezone: 'Europe/Berlin',
  target: 'octo-org/deploy:cd.yml',
  ref: '',
  inputs: 'environment=staging\n\nquery = a=b ',
  reason: 'nightly',
};

test('a complete form has no problem', () => {
  expect(problemsOfSchedule(form)).toEqual({});
});

test.each([
  ['name', 'Nightly'],
  ['name', ''],
  ['cron', '@daily'],
  ['cron', '0 0 3 * * *'],
  ['timezone', ' '],
  ['target', 'deploy:cd.yml'],
  ['target', 'octo-org/deploy'],
  ['target', 'octo-org/deploy#event'],
  ['inputs', 'environment'],
  ['reason', '  '],
] as const)('%s “%s” is refused, and no other field is', (field, value) => {
  expect(Object.keys(problemsOfSchedule({ ...form, [field]: value }))).toEqual([field]);
});

test('an input ends at the end of its line, and its value may contain =', () => {
  expect(parseInputs(form.inputs)).toEqual({ environment: 'staging', query: 'a=b' });
});

test('a paused schedule needs attention, an active one nobody', () => {
  expect(stateOfRequester({ pausedAt: null })).toMatchObject({ tone: 'success', word: 'Active' });
  expect(stateOfRequester({ pausedAt: '2026-11-28T12:00:00.000Z' })).toMatchObject({ word: 'Paused' });
});

test('times are those of the schedule’s own time zone', () => {
  expect(timeInZone('2026-11-30T02:00:00.000Z', 'Europe/Berlin')).toBe('2026-11-30 03:00');
  expect(timeInZone('2026-07-01T01:00:00.000Z', 'Europe/Berlin')).toBe('2026-07-01 03:00');
});
