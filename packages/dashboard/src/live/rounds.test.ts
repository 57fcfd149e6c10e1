import { expect, test } from '@jest/globals';
import { afterError, afterOpen, firstRound, type Rounds, staleSinceOf } from './rounds.ts';

/** Plays a stream: `.` is a response that begins and ends, `x` a request that fails. The time is the position in the text. */
const played = (text: string): Rounds =>
  text
    .split('')
    .reduce((rounds, each, index) => afterError(each === '.' ? afterOpen(rounds, index) : rounds), firstRound(0));

test('responses that end are not missed', () => {
  expect(staleSinceOf(played('.....'))).toBeNull();
});

test('the page is stale after three missed rounds, since the last response', () => {
  expect(['..x', '..xx', '..xxx', '..xxxxx'].map((text) => staleSinceOf(played(text)))).toEqual([null, null, 1, 1]);
});

test('a response ends the stale state, and missed rounds count from there', () => {
  expect(['xxx.', 'xx.xx', 'xx.xxx'].map((text) => staleSinceOf(played(text)))).toEqual([null, null, 2]);
});

test('a stream that never answers is stale since it began', () => {
  expect(staleSinceOf(played('xxx'))).toBe(0);
});
