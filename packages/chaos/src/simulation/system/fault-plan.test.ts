import { expect, test } from '@jest/globals';
import { createFaultPlan, distinctPoints } from './fault-plan.ts';

test('points without a mutation between them are one crash, and a change of time alone makes another', () => {
  let fingerprint = '0 at 0';
  const plan = createFaultPlan('ports', [], () => fingerprint);
  plan.faultAt('ledger.look', 'before');
  plan.faultAt('ledger.look', 'after');
  plan.faultAt('ledger.begin', 'before');
  fingerprint = '1 at 0';
  plan.faultAt('ledger.begin', 'after');
  fingerprint = '1 at 5';
  plan.faultAt('github.startWorkflow', 'before');
  expect(distinctPoints(plan.points)).toEqual([0, 3, 4]);
});
