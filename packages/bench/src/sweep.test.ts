import { measureSweeps } from '@dispatcher/chaos/simulation';
import { expect, test } from '@jest/globals';
import { benchSweep } from './sweep.ts';

test('a sweep sends one REST request for 100 repositories, two for the permissions, and one GraphQL request for 25, and writes only what changed', async () => {
  const [first, again] = await measureSweeps(250);
  expect(first).toMatchObject({ restRequests: 6, graphqlRequests: 10, facts: 250 });
  expect(again).toMatchObject({ restRequests: 6, graphqlRequests: 10, facts: 0 });
  expect(again.writeUnits).toBeLessThan(first.writeUnits / 5);
  expect(await benchSweep(30)).toContain('| GraphQL requests | 2 | 2 |');
});
