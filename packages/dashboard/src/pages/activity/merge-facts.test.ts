import { expect, test } from '@jest/globals';
import { mergeFacts } from './merge-facts.ts';

const at = (...minutes: readonly number[]) =>
  minutes.map((minute) => ({ factId: `f${minute}`, time: `2026-11-03T14:${minute}:00.000Z` }));
const idsOf = (lines: readonly { readonly factId: string }[]) => lines.map(({ factId }) => factId);

test('the facts of several lists are one list, newest first', () => {
  const lists = [
    { items: at(50, 30), hasMore: false },
    { items: at(40, 20), hasMore: false },
  ];
  expect(idsOf(mergeFacts(lists, { isFiltered: false }))).toEqual(['f50', 'f40', 'f30', 'f20']);
});

test('facts below the end of a list that has more are left out until it is loaded', () => {
  const lists = [
    { items: at(50, 30), hasMore: true },
    { items: at(40, 20), hasMore: false },
  ];
  expect(idsOf(mergeFacts(lists, { isFiltered: false }))).toEqual(['f50', 'f40', 'f30']);
  expect(mergeFacts([], { isFiltered: false })).toEqual([]);
});

test('with a filter nothing is left out: a list without a match can have read further than its last fact says', () => {
  const lists = [
    { items: at(50), hasMore: true },
    { items: at(40, 20), hasMore: false },
  ];
  expect(idsOf(mergeFacts(lists, { isFiltered: true }))).toEqual(['f50', 'f40', 'f20']);
});
