import { expect, test } from '@jest/globals';
import { createFaultPlan, distinctPoints } from './fault-plan.ts';

test('points without a mutation between them are one crash, and a change of time alone makes another', () => {
  let fingerprint = '0 at 0';
  const plan = createFaultPlan('ports', [], () => fingerprint);
  plan.faultAt('ledger.getDispatch', 'before');
  plan.faultAt('ledger.getDispatch', 'after');
  plan.faultAt('ledger.putIntent', 'before');
  fingerprint = '1 at 0';
  plan.faultAt('ledger.putIntent', 'after');
  fingerprint = '1 at 5';
  plan.faultAt('github.startWorkflow', 'before');
  expect(distinctPoints(plan.points)).toEqual([0, 3, 4]);
});
