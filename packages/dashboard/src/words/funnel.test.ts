import { expect, test } from '@jest/globals';
import { funnelOf, sentenceOfFunnel } from './funnel.ts';

const latency = { measured: 0, p50: null, p95: null, p99: null };
const summary = {
  window: 'day' as const,
  from: null,
  rolledUpAt: '2026-11-28T09:00:00.000Z',
  deliveries: { received: 9, repeated: 1 },
  requests: 1,
  plans: { planned: 4, 'no-match': 6 },
  decisions: { allowed: 6, 'inbound-no-match': 2 },
  dispatches: { accepted: 5, 'accepted-unverified': 1, completed: 5 },
  conclusions: { success: 4, failure: 1 },
  latency: { decided: latency, accepted: latency },
  freshness: { lastDeliveryAt: null, checkedUntil: null, checkLagMs: null },
};

test('runs and routes are counted separately', () => {
  const funnel = funnelOf(summary);
  expect(funnel).toEqual({ received: 10, planned: 10, matched: 4, decided: 8, allowed: 6, started: 6, succeeded: 4 });
  expect(sentenceOfFunnel(funnel)).toBe(
    '10 runs received, 4 with a matching rule: 6 of 8 routes allowed (75 %), 6 started, 4 succeeded.',
  );
});

test('without runs there is nothing to divide by', () => {
  const nothing = { ...summary, deliveries: { received: 0, repeated: 0 }, requests: 0, plans: {}, decisions: {} };
  expect(sentenceOfFunnel(funnelOf(nothing))).toBe('No run was received.');
});
