import { expect, test } from '@jest/globals';
import { nameOfRequester } from './requester.ts';

const nobody = { key: null, schedule: null, webhook: null };

test.each([
  [{ key: 'nightly' }, 'API key nightly'],
  [{ schedule: 'nightly' }, 'schedule nightly'],
  [{ webhook: 'ecr' }, 'webhook ecr'],
])('a request of %j is named by what made it', (requester, name) => {
  expect(nameOfRequester({ ...nobody, ...requester })).toBe(name);
});
