import { expect, test } from '@jest/globals';
import { isCurrent } from './navigation.ts';

test('a page belongs to one item of the navigation', () => {
  expect(isCurrent({ to: '/' }, '/')).toBe(true);
  expect(isCurrent({ to: '/' }, '/runs')).toBe(false);
  expect(isCurrent({ to: '/runs', includes: ['/deliveries'] }, '/deliveries/abc')).toBe(true);
  expect(isCurrent({ to: '/routes' }, '/routesOther')).toBe(false);
});
