import { expect, test } from '@jest/globals';
import { distinctDeaths, script } from './fault-plan.ts';

test('points between which nothing left the process are one death, and time alone makes another', () => {
  let world = '0 at 0';
  const fate = script('ports', [], () => world);
  fate.strike('ledger.look', 'before');
  fate.strike('ledger.look', 'after');
  fate.strike('ledger.begin', 'before');
  world = '1 at 0';
  fate.strike('ledger.begin', 'after');
  world = '1 at 5';
  fate.strike('github.startWorkflow', 'before');
  expect(distinctDeaths(fate.reached)).toEqual([0, 3, 4]);
});
