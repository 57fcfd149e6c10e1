import { expect, test } from '@jest/globals';
import { parseSearch, searchOf, stringifySearch } from './search.ts';

test('the state of a page survives its URL', () => {
  const search = { repository: 'acme/app', since: '2026-11-28T09:00:00Z', code: 'a b&c=d' };
  const url = stringifySearch(search);
  expect(url).toContain('repository=acme/app');
  expect(parseSearch(url.slice(1))).toEqual(search);
});

test('what is not set does not appear', () => {
  expect(stringifySearch({ repository: '', code: undefined })).toBe('');
});

test('a page keeps the parameters that it knows, and only if they have a value', () => {
  const validate = searchOf('repository', 'code');
  expect(validate({ repository: 'acme/app', code: '', other: 'x', since: 5 })).toEqual({ repository: 'acme/app' });
});
