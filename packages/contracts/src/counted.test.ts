import { expect, test } from '@jest/globals';
import { counted } from './counted.ts';

test('one thing is in the singular, and none or several in the plural', () => {
  expect([0, 1, 2].map((count) => counted(count, 'dead letter'))).toEqual([
    '0 dead letters',
    '1 dead letter',
    '2 dead letters',
  ]);
});
