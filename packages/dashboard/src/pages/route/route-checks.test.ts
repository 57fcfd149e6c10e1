import { expect, test } from '@jest/globals';
import type { Schemas } from '../../api/client.ts';
import { checksOfSide, type Decided, newestDecision } from './route-checks.ts';

test('the newest decision on a route is the first one in its plans, among those on other routes', () => {
  const decided = (routeId: string, id: string) =>
    ({ type: 'route.decided', id, data: { decision: { routeId } } }) as unknown as Decided;
  const planned = { type: 'run.planned', id: '1' } as unknown as Decided;
  const facts = [planned, decided('other', '2'), decided('own', '3'), planned, decided('own', '4')];
  expect(newestDecision(facts, 'own')?.id).toBe('3');
  expect(newestDecision(facts.slice(0, 2), 'own')).toBeNull();
});

test('each check belongs to one of the two sides', () => {
  const check = (side: Schemas['Check']['side']) => ({ side, name: side, satisfied: true, expected: '', actual: '' });
  const checks = (['run', 'source', 'operator', 'target'] as const).map(check);
  expect(checksOfSide(checks, 'source').map(({ side }) => side)).toEqual(['run', 'source', 'operator']);
  expect(checksOfSide(checks, 'target').map(({ side }) => side)).toEqual(['target']);
});
