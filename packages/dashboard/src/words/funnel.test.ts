import { expect, test } from '@jest/globals';
import { funnelOf, sentenceOfFunnel } from './funnel.ts';

const counts = { received: 10, planned: 10, matched: 4, allowed: 6, started: 6, succeeded: 4 };

test('runs and routes are counted separately', () => {
  const funnel = funnelOf({ funnel: counts, decisions: { allowed: 6, 'inbound-no-match': 2 } });
  expect(funnel).toEqual({ ...counts, decided: 8 });
  expect(sentenceOfFunnel(funnel)).toBe(
    '10 runs received, 4 with a matching rule: 6 of 8 routes allowed (75 %), 6 started, 4 succeeded.',
  );
});

test('without runs there is nothing to divide by', () => {
  expect(sentenceOfFunnel({ ...counts, received: 0, decided: 0 })).toBe('No run was received.');
});
