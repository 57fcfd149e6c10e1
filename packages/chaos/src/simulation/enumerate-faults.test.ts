import { expect, test } from '@jest/globals';
import { enumerate } from './enumerate-faults.ts';
import type { Scenario } from './scenarios.ts';
import type { Tell, Told } from './run-scenario.ts';

const scenario: Scenario = { name: 'made up', routes: [], runs: 0, floor: { ports: 0, wire: 0 } };
const dies = { level: 'ports', how: 'dies' } as const;
const point = (call: string, world: string) => ({ call, moment: 'before', world }) as const;
const points = [point('look', '0'), point('find', '0'), point('begin', '0'), point('post', '1')];
const calm: Told = { reached: points, struck: [], requests: [], oneByOne: true, violations: [] };

/** After the n-th point this is what follows. */
function telling(after: (at: number) => Partial<Told>): Tell & { readonly told: () => readonly number[][] } {
  const told: number[][] = [];
  const tell: Tell = async (_scenario, _level, blows) => {
    told.push(blows.map(({ at }) => at));
    const [first] = blows;
    return first === undefined ? calm : { ...calm, ...after(first.at) };
  };
  return Object.assign(tell, { told: () => told });
}

test('of deaths in pairs one is told for all points that leave the same world, first and second', async () => {
  const tell = telling(() => ({ reached: points.slice(1) }));
  const { distinct, told, failures } = await enumerate(tell, scenario, { ...dies, pairs: true });
  expect({ distinct, told, failures }).toEqual({ distinct: 2, told: 7, failures: [] });
  expect(tell.told()).toEqual(expect.arrayContaining([[], [0], [3], [0, 0], [0, 2], [3, 0], [3, 2]]));
});

test('two deaths that are taken for one, and are followed by something else, are a failure', async () => {
  const tell = telling((at) => ({ requests: at === 1 ? ['0 POST /dispatches 200'] : [] }));
  const { told, failures } = await enumerate(tell, scenario, dies);
  expect(told).toBe(5);
  // From the second to the first, and from the third to the second; the fourth leaves another world.
  expect(failures.map(({ blows }) => blows[0]?.at)).toEqual([1, 2]);
});

test('where messages were handled at once the order of calls proves nothing', async () => {
  const tell = telling((at) => ({ requests: [String(at)], oneByOne: false }));
  expect((await enumerate(tell, scenario, dies)).failures).toEqual([]);
});

test('a violation is told with what was struck', async () => {
  const struck = [{ ...point('post', '1'), how: 'dies' }] as const;
  const tell = telling((at) => (at === 3 ? { struck, violations: ['two runs'] } : {}));
  expect((await enumerate(tell, scenario, dies)).failures).toEqual([
    { blows: [{ at: 3, how: 'dies' }], at: ['dies before post'], violations: ['two runs'] },
  ]);
});
