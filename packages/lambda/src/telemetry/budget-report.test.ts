import { expect, test } from '@jest/globals';
import { createBudgetReport, type StoredBudget } from './budget-report.ts';
import type { StepLog } from './logger.ts';

const core = { installationId: 5, resource: 'core', limit: 5_000, remaining: 4_000, resetsAt: 1_800_000_000_000 };

function reportOf(stores = async () => true) {
  const stored: StoredBudget[] = [];
  const metrics: unknown[] = [];
  const warnings: string[] = [];
  const clock = { now: Date.parse('2026-01-02T03:04:10Z') };
  const log: StepLog = { info: () => {}, warn: (step) => warnings.push(step), error: () => {}, with: () => log };
  const report = createBudgetReport({
    gauges: {
      setBudget: async (budget) => {
        const isNew = await stores();
        if (isNew) stored.push(budget);
        return isNew;
      },
    },
    meter: { count: (...metric) => void metrics.push(metric), milliseconds: () => {} },
    log,
    now: () => clock.now,
  });
  return { report, stored, metrics, warnings, clock };
}

test('the newest budget of a minute is reported once, as a gauge and as a metric', async () => {
  const { report, stored, metrics, clock } = reportOf();
  report.seen({ ...core, remaining: 4_001 });
  report.seen(core);
  await report.publish();
  report.seen({ ...core, remaining: 3_999 });
  await report.publish();
  expect(stored).toMatchObject([{ installationId: 5, remaining: 4_000, seenAt: '2026-01-02T03:04:10.000Z' }]);
  expect(metrics).toEqual([['RateLimitRemaining', { resource: 'core' }, 4_000, { installation: 5 }]]);
  clock.now += 60_000;
  await report.publish();
  expect(stored).toMatchObject([{ remaining: 4_000 }, { remaining: 3_999 }]);
  expect(metrics).toHaveLength(2);
});

test('a budget that another process stored in this minute and the App’s own budget are not reported', async () => {
  const { report, stored, metrics } = reportOf(async () => false);
  report.seen(core);
  report.seen({ ...core, installationId: null });
  await report.publish();
  expect(stored).toEqual([]);
  expect(metrics).toEqual([]);
});

test('a failed report is logged and does not throw', async () => {
  const { report, warnings } = reportOf(() => Promise.reject(new Error('DynamoDB is down')));
  report.seen(core);
  await report.publish();
  expect(warnings).toEqual(['could not report the remaining budget']);
});
