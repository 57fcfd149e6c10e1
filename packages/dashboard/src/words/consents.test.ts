import { expect, test } from '@jest/globals';
import { sentenceOfOneSided } from './consents.ts';

test('what only one side agrees to is counted over all owners', () => {
  expect(
    sentenceOfOneSided([
      { requested: 1, offered: 2 },
      { requested: 0, offered: 1 },
    ]),
  ).toBe('Only one side agrees: 1 connection requested and not accepted, 3 connections offered and not requested');
  expect(sentenceOfOneSided([{ requested: 2, offered: 0 }])).toBe(
    'Only one side agrees: 2 connections requested and not accepted',
  );
});

test('nothing is said while both sides agree to everything', () => {
  expect(sentenceOfOneSided([{ requested: 0, offered: 0 }])).toBeNull();
  expect(sentenceOfOneSided([])).toBeNull();
});
