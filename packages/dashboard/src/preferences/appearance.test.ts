import { expect, test } from '@jest/globals';
import { parseAppearance } from './appearance.ts';

test('what the browser has not stored, or stored differently, follows the system', () => {
  const system = { mode: 'system', contrast: 'system' };
  for (const stored of [null, 'dark', { mode: 'pink' }, []]) expect(parseAppearance(stored)).toEqual(system);
  expect(parseAppearance({ mode: 'dark', contrast: 'high' })).toEqual({ mode: 'dark', contrast: 'high' });
});
