import { expect, test } from '@jest/globals';
import { entriesOf } from './run-facts.ts';
import type { HistoryFact, Revision, Trigger } from './run-history.ts';

const at = (second: number) => `2026-11-28T09:00:${String(second).padStart(2, '0')}.000Z`;
const run = { number: 7, attempt: 2, conclusion: 'success', htmlUrl: 'https://github.com/source', updatedAt: at(0) };
const trigger = { type: 'run.completed', receivedAt: at(1), run } as unknown as Trigger;
const route = { target: { repository: 'octo-org/deploy', workflow: 'cd.yml' } };
const fact = (type: string, second: number, data: object) =>
  ({ id: type, type, time: at(second), data }) as unknown as HistoryFact;
const facts = [
  fact('run.planned', 2, { outcome: 'planned', allowed: 1, denied: 0, message: '1 of 1 matched routes are allowed.' }),
  fact('dispatch.accepted', 4, { route, ref: 'main', htmlUrl: 'https://github.com/target', latencyMs: 4_000 }),
  fact('dispatch.completed', 30, {
    route,
    conclusion: 'success',
    durationMs: 25_000,
    targetRunUrl: 'https://github.com/target',
  }),
];
const revisionOf = (revision: number, all: readonly HistoryFact[]): Revision => ({
  revision,
  plannedAt: at(2),
  outcome: 'planned',
  facts: [...all],
});

test('the history begins with what triggered the run, and has each step with the time that it took', () => {
  const lines = entriesOf(revisionOf(0, facts), trigger);
  expect(lines.map(({ state, text, time, tookMs }) => [state.word, text, time, tookMs])).toEqual([
    ['Succeeded', 'Run #7 ended with attempt 2', at(0), null],
    ['Received', 'GitHub delivered the run', at(1), 1_000],
    ['Planned', '1 of 1 matched routes are allowed.', at(2), 1_000],
    [
      'Dispatched',
      'GitHub accepted the dispatch of cd.yml of octo-org/deploy on main, 4 s after the trigger',
      at(4),
      2_000,
    ],
    ['Started', 'The run of cd.yml of octo-org/deploy started', at(5), 1_000],
    ['Succeeded', 'The run of cd.yml of octo-org/deploy completed after 25 s', at(30), 25_000],
  ]);
  expect(lines.map(({ url }) => url)).toEqual([
    run.htmlUrl,
    null,
    null,
    'https://github.com/target',
    null,
    'https://github.com/target',
  ]);
});

test('a later revision repeats neither the run nor its delivery', () => {
  expect(entriesOf(revisionOf(1, facts.slice(0, 1)), trigger).map(({ state }) => state.word)).toEqual(['Planned']);
});

test('an entry that GitHub dates before the one it follows has no duration', () => {
  const early = fact('dispatch.completed', 4, { route, conclusion: null, durationMs: 1_000, targetRunUrl: 'x' });
  const [, accepted] = facts as [HistoryFact, HistoryFact];
  expect(entriesOf(revisionOf(1, [accepted, early]), trigger).map(({ tookMs }) => tookMs)).toEqual([null, null, 1_000]);
});

test('a request begins with its arrival, and a dead letter says how often it was tried', () => {
  const request = { type: 'dispatch.requested', receivedAt: at(1) } as unknown as Trigger;
  const dead = fact('message.dead-lettered', 9, { queue: 'runs', attempts: 5, detail: 'GitHub: 500.' });
  expect(entriesOf(revisionOf(0, [dead]), request).map(({ text }) => text)).toEqual([
    'The request was received',
    'A message of the queue runs, after 5 attempts: GitHub: 500.',
  ]);
});
