import { expect, test } from '@jest/globals';
import { matchesName } from './repository-rows.ts';

test('a name is found by any part, in any case', () => {
  expect(matchesName('acme/Deploy', 'DEPLOY')).toBe(true);
  expect(matchesName('acme/deploy', 'me/de')).toBe(true);
  expect(matchesName('acme/deploy', 'app')).toBe(false);
  expect(matchesName('acme/deploy', undefined)).toBe(true);
});
