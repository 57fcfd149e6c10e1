import { expect, test } from '@jest/globals';
import { count, counted, share } from './counts.ts';

test('numbers have separators, and nouns their number', () => {
  expect(count(12_345)).toBe('12,345');
  expect([counted(1, 'run'), counted(0, 'run'), counted(2, 'repository', 'repositories')]).toEqual([
    '1 run',
    '0 runs',
    '2 repositories',
  ]);
});

test.each([
  [0, 0, '–'],
  [0, 7, '0 %'],
  [1, 1_000, '< 1 %'],
  [999, 1_000, '> 99 %'],
  [7, 7, '100 %'],
  [1, 3, '33 %'],
])('the share of %i in %i is %s', (part, whole, text) => {
  expect(share(part, whole)).toBe(text);
});
