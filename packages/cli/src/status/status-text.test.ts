import { statusOf } from '@dispatcher/store';
import { expect, test } from '@jest/globals';
import { type StatusResponses, statusText } from './status-text.ts';

const none = { measured: 0, p50: null, p95: null, max: null };
const now = Date.parse('2026-01-01T01:00:00.000Z');

function responses(rolledUpAt: string, lastDeliveryAt: string): StatusResponses {
  const summary = {
    window: 'hour',
    from: null,
    rolledUpAt,
    deliveries: { received: 1, repeated: 0 },
    requests: 0,
    plans: {},
    decisions: {},
    dispatches: {},
    conclusions: {},
    latency: { decided: none, accepted: none },
    freshness: { lastDeliveryAt, checkedUntil: null, checkLagMs: null },
  } as unknown as NonNullable<StatusResponses['summary']>;
  const pause = { paused: false, changedAt: null, operator: null, reason: null };
  return { health: { version: '1' }, pause, status: null, summary, queues: null, deadLetters: null };
}

test.each([
  ['2026-01-01T00:59:00.000Z', 'the newest 1 minute ago'],
  ['2026-01-01T00:58:00.000Z', 'the newest 2 minutes ago'],
])('a delivery at %s is %s', (time, words) => {
  const { text, problems } = statusText(responses(time, time), { url: 'http://a', now }, {});
  expect(text).toMatch(new RegExp(`; ${words}$`, 'm'));
  expect(problems).toEqual([]);
});

test('a failed check needs an operator, and all checks are printed with value and threshold', () => {
  const figures = {
    rolledUpAt: '2026-01-01T00:50:00.000Z',
    lastDeliveryAt: null,
    checkedUntil: null,
    queues: [],
    deadLetters: 2,
    started: 0,
    failed: 0,
    startedP95Ms: null,
  };
  const status = statusOf(figures, now);
  const known = responses('2026-01-01T00:50:00.000Z', '2026-01-01T00:50:00.000Z');
  const { text, problems } = statusText({ ...known, status }, { url: 'http://a', now }, { columns: 120 });
  expect(problems).toEqual([
    'The figures are 10 min old. Runbook: docs/runbooks/alarms.md#outdated-data',
    '2 dead letters wait for a decision. List: dispatcher dead-letters list',
  ]);
  expect(text).toMatch(/✗ +Age of the figures +600 s +300 s/);
  expect(text).toMatch(/\? +Check for missed deliveries +not known +600 s/);
});
