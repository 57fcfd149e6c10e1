import { expect, test } from '@jest/globals';
import { isCurrent, navigationOf } from './navigation.ts';

test('a page belongs to one item of the navigation', () => {
  expect(isCurrent({ to: '/' }, '/')).toBe(true);
  expect(isCurrent({ to: '/' }, '/runs')).toBe(false);
  expect(isCurrent({ to: '/runs', includes: ['/deliveries'] }, '/deliveries/abc')).toBe(true);
  expect(isCurrent({ to: '/routes' }, '/routesOther')).toBe(false);
});

test('who may see some repositories only is offered no page that the API refuses', () => {
  const titles = navigationOf(false).map(({ title }) => title);
  expect(titles).toEqual(['Overview', 'Runs', 'Dispatches', 'Routes', 'Repositories', 'Try it', 'Settings']);
  const refused = navigationOf(true).filter(({ title }) => !titles.includes(title));
  expect(refused.map(({ title }) => title)).toEqual(['Dead letters', 'Audit', 'Keys', 'Schedules', 'Webhooks']);
});
