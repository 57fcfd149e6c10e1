import { describe, expect, test } from '@jest/globals';
import type { Schemas } from '../api/schemas.ts';
import { figureOf, pageOfCheck, problemsOf, sentenceOfState, stateOfCheck, withPause } from './system-checks.ts';

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

describe('the pause of all dispatches is as it is now, and not as it was a minute ago', () => {
  const changed = { changedAt: '2026-11-28T09:00:30Z', operator: 'mona', reason: 'INC-106: wrong version.' };
  const stored = statusOf('warning', 'ok');
  const status = {
    ...stored,
    checks: stored.checks.map((check, index) => (index === 1 ? { ...check, name: 'pause' } : check)),
  };
  const paused = withPause(status, { paused: true, ...changed });

  test('paused since', () => {
    expect(paused.state).toBe('critical');
    expect(problemsOf(paused)[0]).toMatchObject({
      value: null,
      message: 'All dispatches are paused by mona: INC-106: wrong version.',
    });
  });

  test('resumed since', () => {
    const resumed = withPause(paused, { paused: false, ...changed });
    expect(resumed.state).toBe('warning');
    expect(problemsOf(resumed).map(({ name }) => name)).toEqual(['check-0']);
  });

  test('not known yet', () => expect(withPause(paused, undefined)).toBe(paused));
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
