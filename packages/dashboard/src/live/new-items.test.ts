import { expect, test } from '@jest/globals';
import { itemsAbove } from './new-items.ts';

const above = (newest: readonly string[], shown: readonly string[]) => itemsAbove(newest, shown, (item) => item);

test('what is above the first known item is new', () => {
  expect(above(['d', 'c', 'b', 'a'], ['b', 'a'])).toEqual(['d', 'c']);
  expect(above(['b', 'a'], ['b', 'a'])).toEqual([]);
});

test('more than a page of new items is all new', () => {
  expect(above(['z', 'y'], ['b', 'a'])).toEqual(['z', 'y']);
});

test('a list that was empty, or lost its first item to a filter, counts correctly', () => {
  expect(above(['a'], [])).toEqual(['a']);
  expect(above(['c', 'a'], ['b', 'a'])).toEqual(['c']);
});
