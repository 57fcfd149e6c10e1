import { expect, test } from '@jest/globals';
import type { FactLine } from '@dispatcher/store';
import { eventIdOf, maxNewFacts, newFactsSince, retryMsAfter } from './new-facts.ts';

const fact = (factId: string, time = '2026-11-28T09:00:00.000Z') =>
  ({
    factId,
    time,
    runKey: '11-1-1',
    type: 'message.dead-lettered',
    deliveryId: factId,
    queue: 'runs',
    reason: 'died',
  }) satisfies FactLine;
const idsOf = (lastEventId: string | undefined, names: readonly string[]) => {
  const { facts, more } = newFactsSince(
    lastEventId,
    names.map((name) => fact(name)),
  );
  return { ids: facts.map(({ factId }) => factId), more };
};
const idOf = (...names: string[]) => eventIdOf(names.map((name) => fact(name)));

test('a client without an event reads the list', () => {
  expect(idsOf(undefined, ['b', 'a'])).toEqual({ ids: [], more: true });
});

test.each(['', '7', 'v0.abcdef', 'v1.abc', 'v1.abcdé!', `v1.${'a'.repeat(6 * (maxNewFacts + 1))}`])(
  'a client with the id %p, which is not ours, reads the list',
  (id) => expect(idsOf(id, ['b', 'a'])).toEqual({ ids: [], more: true }),
);

test('the same facts are nothing new', () => {
  expect(idsOf(idOf('b', 'a'), ['b', 'a'])).toEqual({ ids: [], more: false });
  expect(idsOf(idOf(), [])).toEqual({ ids: [], more: false });
});

test('new facts come oldest first, also those that were recorded late and stand below known ones', () => {
  expect(idsOf(idOf('b', 'a'), ['d', 'c', 'b', 'a'])).toEqual({ ids: ['c', 'd'], more: false });
  expect(idsOf(idOf('c', 'a'), ['c', 'b', 'a'])).toEqual({ ids: ['b'], more: false });
  expect(idsOf(idOf(), ['a'])).toEqual({ ids: ['a'], more: false });
});

test('a page that is all new may have more behind it', () => {
  const many = Array.from({ length: maxNewFacts }, (_, index) => `new ${index}`);
  expect(idsOf(idOf('a'), many)).toMatchObject({ more: true });
  expect(idsOf(idOf('a'), [...many.slice(1), 'a'])).toMatchObject({ more: false });
});

test('an id fits into a header', () => {
  const names = Array.from({ length: maxNewFacts }, (_, index) => String(index));
  expect(idOf(...names).length).toBeLessThan(200);
});

test('the wait is 3 s after something new, rises with the quiet, and ends at 15 s', () => {
  const now = Date.parse('2026-11-28T09:00:00.000Z');
  const after = (seconds: number) =>
    retryMsAfter([fact('a', new Date(now - seconds * 1_000).toISOString()), fact('b', '2020-01-01T00:00:00Z')], now);
  expect([-5, 0, 12, 40, 60, 86_400].map(after)).toEqual([3_000, 3_000, 3_000, 10_000, 15_000, 15_000]);
  expect(retryMsAfter([], now)).toBe(15_000);
});
