import { expect, test } from '@jest/globals';
import type { Schemas } from '../../api/client.ts';
import { checksOfSide, newestDecision } from './route-checks.ts';

test('the newest decision is the first of the facts, whatever stands before it', () => {
  const fact = (type: string, id: string) => ({ type, id }) as unknown as Schemas['FactSummary'];
  const facts = [fact('dispatch.completed', '1'), fact('route.decided', '2'), fact('route.decided', '3')];
  expect(newestDecision(facts)?.id).toBe('2');
  expect(newestDecision(facts.slice(0, 1))).toBeNull();
});

test('each check belongs to one of the two sides', () => {
  const check = (side: Schemas['Check']['side']) => ({ side, name: side, satisfied: true, expected: '', actual: '' });
  const checks = (['run', 'source', 'operator', 'target'] as const).map(check);
  expect(checksOfSide(checks, 'source').map(({ side }) => side)).toEqual(['run', 'source', 'operator']);
  expect(checksOfSide(checks, 'target').map(({ side }) => side)).toEqual(['target']);
});
