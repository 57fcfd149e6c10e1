import { describe, expect, test } from '@jest/globals';
import type { RecordedFact } from '@dispatcher/store';
import { waitForTimeline, describeFacts, progressOf } from './timeline.ts';

// Facts with only the fields that the timeline reads. The end-to-end tests use real ones.
const fact = (type: RecordedFact['type'], data: object, time = '2026-01-01T00:00:01.500Z') =>
  ({ type, time, data }) as unknown as RecordedFact;
const route = {
  source: { repository: 'octo-org/app', workflow: 'ci.yml' },
  target: { repository: 'octo-org/deploy', workflow: 'cd.yml' },
};
const planned = (allowed: number, denied: number) =>
  fact('run.planned', { outcome: 'planned', allowed, denied, message: '', fix: '' });
const allow = fact('route.decided', { decision: { effect: 'allow', responsible: 'nobody', dispatchId: 'a', route } });
const deny = fact('route.decided', {
  decision: {
    effect: 'deny',
    responsible: 'target',
    dispatchId: 'b',
    route,
    code: 'inbound-ref',
    message: 'Because.',
    fix: 'Do.',
  },
});
const started = fact('dispatch.accepted', { dispatchId: 'a', route, ref: 'main', htmlUrl: 'https://run' });
const issue = fact('issue.reported', {
  dispatchId: 'b',
  action: 'opened',
  code: 'inbound-ref',
  htmlUrl: 'https://issue',
});

describe('the progress of a delivery', () => {
  test('is complete once every allowed route is dispatched and every denied one is reported', () => {
    expect(progressOf([planned(1, 1), allow, deny, started, issue])).toBe('complete');
  });
  test('is complete if nothing matched, or if the delivery is a repeat or ignored', () => {
    expect(progressOf([planned(0, 0)])).toBe('complete');
    expect(progressOf([fact('delivery.repeated', {})])).toBe('complete');
    expect(progressOf([fact('delivery.ignored', {})])).toBe('complete');
  });
  test('is open until the plan, every decision and every dispatch is recorded', () => {
    expect(progressOf([])).toBe('open');
    expect(progressOf([planned(1, 1), allow, started])).toBe('open');
    expect(progressOf([planned(1, 1), allow, deny, issue])).toBe('open');
  });
  test('is waited for only briefly if only a report is missing', async () => {
    const facts = [planned(1, 1), allow, deny, started];
    const limits = { limitMs: 60_000, issueReportWaitMs: 0 };
    expect(await waitForTimeline(async () => facts, limits)).toEqual({ facts, progress: 'dispatched' });
  });
});

test('the timeline shows times, routes, reasons and fixes', () => {
  const text = describeFacts([planned(1, 1), deny, started], Date.parse('2026-01-01T00:00:00Z')).join('\n');
  expect(text).toContain('  1.50 s  plan     planned: 1 allowed, 1 denied');
  expect(text).toContain('deny     octo-org/app:ci.yml → octo-org/deploy:cd.yml');
  expect(text).toContain('inbound-ref: Because.');
  expect(text).toContain('Do.');
  expect(text).toContain('https://run');
});
