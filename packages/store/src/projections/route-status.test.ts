import { type RouteDecided, routeId } from '@dispatcher/contracts';
import { expect, test } from '@jest/globals';
import { createFactStore } from '../fact-store.ts';
import { createMemoryDynamo, type Meet } from '../testing/memory-dynamo.ts';
import { completed, failed, planFacts, sampleRoute, sampleRun } from '@dispatcher/projections/testing';

const timeAt = (minute: number): string => new Date(Date.parse('2026-11-03T14:00:00Z') + minute * 60_000).toISOString();

function decidedAt(minute: number): RouteDecided {
  const [, decided] = planFacts(sampleRun(minute, timeAt(minute)), ['allow'], timeAt(minute));
  return decided as RouteDecided;
}

test('a writer with an outdated read does not overwrite the success rate that includes both results', async () => {
  const memory = createMemoryDynamo();
  const storeOver = (meet?: Meet) =>
    createFactStore({
      client: memory.newClient(meet),
      table: 'facts',
      projectionsTable: 'projections',
      pause: async () => undefined,
    });
  const store = storeOver();
  await store.recordFacts([completed(decidedAt(8), timeAt(8)), failed(decidedAt(9), timeAt(9))]);

  // The slow writer puts its result, reads, and stops before it writes the status.
  const stopped = Promise.withResolvers<undefined>();
  const goesOn = Promise.withResolvers<undefined>();
  let puts = 0;
  const slow = storeOver(async (command, perform) => {
    puts += command === 'PutCommand' ? 1 : 0;
    if (command === 'PutCommand' && puts === 2) {
      stopped.resolve(undefined);
      await goesOn.promise;
    }
    return perform();
  });
  const writing = slow.recordFacts([completed(decidedAt(1), timeAt(1))]);
  await stopped.promise;
  // With both results the rate is the same as before.
  await store.recordFacts([failed(decidedAt(2), timeAt(2))]);
  goesOn.resolve(undefined);
  await writing;

  const route = await store.routeProjection(routeId(sampleRoute(0)));
  expect(route?.results).toHaveLength(4);
  expect(route?.successRate).toBe(0.5);
});
