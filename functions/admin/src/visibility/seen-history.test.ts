import { expect, test } from '@jest/globals';
import { sampleDecision, samplePlan, sampleRun } from '@dispatcher/projections/testing';
import type { LimitedViewer } from './viewer.ts';
import { planSeenBy } from './seen-history.ts';

const time = '2026-11-03T14:00:00.000Z';
const run = sampleRun(1, time);
const viewerOf = (...repositories: string[]): LimitedViewer => ({
  repositories: new Set(repositories),
  cursorKey: new Uint8Array(32),
});
const check = (side: 'source' | 'target', name: string) => ({
  side,
  name,
  satisfied: false,
  expected: 'deploy-*',
  actual: 'app',
});
const wouldRefuse = [check('source', 'policy-event'), check('target', 'target-policy-target')];

function seenBy(viewer: LimitedViewer, checks = wouldRefuse) {
  const plan = { ...samplePlan(run, []), decisions: [{ ...sampleDecision(run, 1, 'allow'), wouldRefuse: checks }] };
  return planSeenBy(viewer, { plannedAt: time, plan })?.plan.decisions[0];
}

test('a viewer of the source sees what its own policy would refuse, and nothing of that of the target’s owner', () => {
  const source = viewerOf('octo-org/app');
  expect(seenBy(source)?.wouldRefuse?.map(({ name }) => name)).toEqual(['policy-event']);
  expect(seenBy(source, [check('target', 'target-policy-target')])).not.toHaveProperty('wouldRefuse');
  expect(seenBy(viewerOf('octo-org/app', 'octo-org/target-1'))?.wouldRefuse).toEqual(wouldRefuse);
});
