import { expect, test } from '@jest/globals';
import { checksOf } from './system-checks.ts';
import type { SystemFigures } from './system-state.ts';

const now = Date.parse('2026-11-28T09:00:00.000Z');
const ago = (minutes: number) => new Date(now - minutes * 60_000).toISOString();

const figures = (changes: object = {}): SystemFigures =>
  ({
    pause: { paused: false, changedAt: null, operator: null, reason: null },
    summary: { rolledUpAt: ago(1), freshness: { lastDeliveryAt: ago(1), checkedUntil: ago(5), checkLagMs: 300_000 } },
    queues: {
      sampledAt: ago(1),
      queues: [
        { queue: 'runs', waiting: 0, inFlight: 0, delayed: 0, lastEmptyAt: ago(1) },
        { queue: 'runs-dead-letters', waiting: 3, inFlight: 0, delayed: 0, lastEmptyAt: ago(99) },
      ],
    },
    deadLetters: {
      rolledUpAt: ago(1),
      groups: [],
      queues: [{ queue: 'runs', recorded: 0, queueDepth: 0, difference: 0 }],
    },
    installations: [
      { installationId: 7, resource: 'core', limit: 5_000, remaining: 4_000, resetsAt: ago(-30), seenAt: ago(1) },
    ],
    ...changes,
  }) as unknown as SystemFigures;
const wordsOf = (changes?: object) =>
  Object.fromEntries(checksOf(figures(changes), now).map(({ id, state }) => [id, state.word]));

test('every check is listed, fine ones too, with value and limit', () => {
  expect(wordsOf()).toEqual({
    pause: 'Fine',
    'roll-up': 'Fine',
    unchecked: 'Fine',
    'queue-runs': 'Fine',
    'dead-letters-runs': 'Fine',
    'budget-7-core': 'Fine',
  });
  expect(checksOf(figures(), now).find(({ id }) => id === 'budget-7-core')).toMatchObject({
    value: '4,000 of 5,000 left',
    limit: '≥ 500',
  });
});

test('what is beyond its limit stands out', () => {
  const words = wordsOf({
    pause: { paused: true },
    summary: { rolledUpAt: ago(20), freshness: { checkLagMs: 3_600_000 } },
    queues: { queues: [{ queue: 'runs', waiting: 2, lastEmptyAt: ago(9) }] },
    deadLetters: { queues: [{ queue: 'runs', queueDepth: 1 }] },
    installations: [{ installationId: 7, resource: 'core', limit: 5_000, remaining: 100, resetsAt: ago(-30) }],
  });
  expect(words).toEqual({
    pause: 'Needs you',
    'roll-up': 'Needs you',
    unchecked: 'Needs you',
    'queue-runs': 'Needs you',
    'dead-letters-runs': 'Needs you',
    'budget-7-core': 'Warning',
  });
});

test('what is not known is not called fine', () => {
  expect(
    wordsOf({
      pause: undefined,
      summary: undefined,
      queues: undefined,
      deadLetters: undefined,
      installations: undefined,
    }),
  ).toEqual({
    pause: 'Unknown',
    'roll-up': 'Unknown',
    unchecked: 'Unknown',
  });
});
