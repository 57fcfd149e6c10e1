import { expect, test } from '@jest/globals';
import { codes } from '@dispatcher/contracts';
import { sampleDecision, samplePlan, sampleRun } from '@dispatcher/projections/testing';
import { reasonSeenBySource } from './seen-codes.ts';
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

test('a viewer of the source sees no name that only the chain of dispatches or the owner’s policy says', () => {
  const chain = { ...check('source', 'no-loop'), actual: 'octo-org/secret:ci.yml → octo-org/app:ci.yml' };
  const policy = { ...check('source', 'policy-source'), expected: 'secret' };
  const decision = { ...sampleDecision(run, 1, 'deny'), code: 'route-loop' as const, message: chain.actual };
  const plan = { ...samplePlan(run, []), decisions: [{ ...decision, checks: [chain], wouldRefuse: [policy] }] };
  const shown = (...repositories: string[]) =>
    JSON.stringify(planSeenBy(viewerOf(...repositories), { plannedAt: time, plan })?.plan.decisions);
  expect(shown('octo-org/app')).toContain('route-loop');
  expect(shown('octo-org/app')).not.toContain('secret');
  expect(shown('octo-org/app', 'octo-org/target-1')).toContain('octo-org/secret');
});

test('a viewer of the source reads of a dispatch that a policy stopped that it did, not what the policy names', () => {
  const reason = { code: 'policy-refused', message: 'it accepts secret, not app', responsible: 'source' } as const;
  expect(reasonSeenBySource(reason)).toEqual({ ...reason, message: codes['policy-refused'].title });
  const own = { ...reason, code: 'self-dispatch' } as const;
  expect(reasonSeenBySource(own)).toBe(own);
});
