import { expect, test } from '@jest/globals';
import type { Schemas } from '../api/schemas.ts';
import { figureOf, pageOfCheck, problemsOf, sentenceOfState, stateOfCheck } from './system-checks.ts';

const statusOf = (...states: Schemas['StatusCheck']['state'][]): Schemas['StatusResponse'] => ({
  state: 'ok',
  sentence: '',
  rolledUpAt: '2026-11-28T09:00:00Z',
  lastDeliveryAt: null,
  gitHubRespondedAt: null,
  checks: states.map((state, index) => ({
    name: `check-${index}`,
    title: '',
    state,
    value: 1,
    unit: 's',
    threshold: 1,
    message: '',
    runbook: 'alarms.md',
  })),
});
const sentenceAbout = (...states: Schemas['StatusCheck']['state'][]) =>
  sentenceOfState(problemsOf(statusOf(...states)));

test('a system works if no check fails; one that is unknown does not fail', () => {
  expect(sentenceAbout('ok', 'unknown')).toBe('Working.');
});

test('failed checks are counted, critical ones first', () => {
  expect(sentenceAbout('ok', 'warning')).toBe('One thing needs you.');
  expect(sentenceAbout('warning', 'critical', 'warning')).toBe('3 things need you.');
  expect(problemsOf(statusOf('warning', 'critical', 'warning')).map(({ name }) => name)).toEqual([
    'check-1',
    'check-0',
    'check-2',
  ]);
});

test('values have their unit', () => {
  expect([0, 0.4, 65].map((value) => figureOf(value, 's'))).toEqual(['0 s', '400 ms', '1 min 5 s']);
  expect(figureOf(12, '%')).toBe('12 %');
  expect([figureOf(1, 'messages'), figureOf(2_000, 'messages')]).toEqual(['1 message', '2,000 messages']);
  expect(figureOf(1, 'owners')).toBe('1 owner');
  expect(figureOf(null, 's')).toBe('–');
});

test('every state has an icon and a word of its own', () => {
  const states = (['ok', 'warning', 'critical', 'unknown'] as const).map(stateOfCheck);
  expect(new Set(states.map(({ icon }) => icon)).size).toBe(4);
  expect(new Set(states.map(({ word }) => word)).size).toBe(4);
});

test('a check leads to the page that shows what it is about', () => {
  expect(pageOfCheck('dead-letters')).toBe('/dead-letters');
  expect(pageOfCheck('queue-runs')).toBe('/settings');
});
