import { expect, test } from '@jest/globals';
import { measureGraph } from './graph.ts';

test('an update of the consent graph reads in proportion to the repositories, and writes only what one of them changed', async () => {
  const [[first, changed], [firstOfMany, changedOfMany]] = [await measureGraph(20), await measureGraph(200)];
  expect(firstOfMany.writeUnits).toBeLessThan(11 * first.writeUnits);
  expect(changedOfMany.readUnits).toBeLessThan(11 * changed.readUnits);
  expect(changedOfMany.writeUnits).toBe(changed.writeUnits);
});
