import { expect, test } from '@jest/globals';
import { assertSameRequests, measureDashboard, type PageCost, pageNames } from './dashboard.ts';

test('pages send the same requests with few facts and with many', async () => {
  const names = ['overview', 'runs', 'routes'];
  const [few, many] = [await measureDashboard(100, names), await measureDashboard(2_000, names)];
  expect(few.map(({ name, requests }) => [name, requests.length > 0])).toEqual(names.map((name) => [name, true]));
  assertSameRequests(few, many);
});

test('nothing moves on a page by itself while its data arrive', async () => {
  const pages = await measureDashboard(100);
  expect(pages.filter(({ layoutShift }) => layoutShift >= 0.001)).toEqual([]);
  expect(pages.map(({ name }) => name)).toEqual(pageNames);
});

test('a page whose requests depend on the number of facts is named with both', () => {
  const page: PageCost = {
    name: 'runs',
    requests: ['GET /api/me'],
    largestPaintMs: 1,
    layoutShift: 0,
    interactionMs: 0,
  };
  expect(() => assertSameRequests([page], [{ ...page, requests: [...page.requests, 'GET /api/runs'] }])).toThrow(
    'The page runs sends 1 or 2 requests: GET /api/me; or: GET /api/me, GET /api/runs',
  );
});
