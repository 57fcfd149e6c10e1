import { expect, test } from '@jest/globals';
import { layoutGraph } from './layout-graph.ts';

const node = (id: string) => ({ id, width: 200, height: 40 });

test('what starts something stands left of what it starts, and nothing overlaps', () => {
  const nodes = ['a', 'b', 'c', 'd'].map(node);
  const edges = [
    { from: 'a', to: 'b' },
    { from: 'b', to: 'c' },
    { from: 'b', to: 'd' },
  ];
  const { id, positions } = layoutGraph({ id: 7, nodes, edges });
  expect(id).toBe(7);
  const { a, b, c, d } = positions as Record<'a' | 'b' | 'c' | 'd', { x: number; y: number }>;
  expect(a.x + 200).toBeLessThan(b.x);
  expect(b.x + 200).toBeLessThan(c.x);
  expect(Math.abs(c.y - d.y)).toBeGreaterThanOrEqual(40);
});

test('a cycle and an edge to itself are laid out, too', () => {
  const edges = [
    { from: 'a', to: 'b' },
    { from: 'b', to: 'a' },
    { from: 'a', to: 'a' },
  ];
  const { positions } = layoutGraph({ id: 1, nodes: ['a', 'b'].map(node), edges });
  expect(Object.values(positions).every(({ x, y }) => Number.isFinite(x) && Number.isFinite(y))).toBe(true);
});
