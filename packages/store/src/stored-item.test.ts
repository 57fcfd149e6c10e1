import { type RouteDecided, routeId } from '@dispatcher/contracts';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { FactStore } from './fact-store.ts';
import { itemsOf } from './facts/items.ts';
import { routeKey, summaryKey } from './projections/projection-keys.ts';
import { StoredItemError } from './stored-item.ts';
import { createFoldingStore } from './testing/folding-store.ts';
import { createMemoryDynamo } from './testing/memory-dynamo.ts';
import { planFacts, sampleRoute, sampleRun } from '@dispatcher/projections/testing';

const time = '2026-11-03T14:00:00.000Z';
const [planned, decided] = planFacts(sampleRun(1, time), ['allow'], time) as [
  ReturnType<typeof planFacts>[0],
  RouteDecided,
];
const id = routeId(sampleRoute(0));

let store: FactStore;
let put: (table: string, item: Record<string, unknown>) => Promise<unknown>;
beforeEach(async () => {
  const client = createMemoryDynamo().newClient();
  store = createFoldingStore({ client, table: 'facts', projectionsTable: 'projections' });
  put = (TableName, Item) => client.send(new PutCommand({ TableName, Item }));
  await store.recordFacts([planned, decided]);
});

describe('an item that does not match its schema', () => {
  test('in a list is an error that names the item, the attribute and what to do', async () => {
    const places = { list: 'routes', order: `octo-org/target-0#${id}` };
    await put('projections', { ...routeKey(id), ...places, upTo: '0:1', state: { latest: { state: 'lost' } } });
    const error: unknown = await store.routes({}).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(StoredItemError);
    expect((error as Error).message).toContain(`Item {"pk":"route#${id}","sk":"route"} of table projections`);
    expect((error as Error).message).toMatch(/does not match its schema: route: .*Deploy the version that wrote it/);
  });

  test('is an error when it is read alone, as a projection or as a fact', async () => {
    await put('projections', { ...summaryKey('day'), value: { window: 'day' } });
    await expect(store.summary('day')).rejects.toThrow(StoredItemError);
    await put('projections', { ...routeKey(id), upTo: '0:1', state: { latest: null } });
    await expect(store.routeProjection(id)).rejects.toThrow(StoredItemError);
    const [item] = itemsOf(planned);
    for (const fact of [undefined, Buffer.from([9, 1]), Buffer.from([1, 1, 2, 3])]) {
      await put('facts', { ...item, fact });
      await expect(store.run(planned.runKey, {})).rejects.toThrow(StoredItemError);
    }
    await put('facts', { ...item, line: { type: 'run.planned' } });
    await expect(store.delivery(planned.correlationId, {})).rejects.toThrow(StoredItemError);
  });

  test('is not overwritten by a fold of new facts', async () => {
    await put('projections', { ...routeKey(id), upTo: '0:1', state: { latest: null } });
    await expect(store.recordFacts([{ ...decided, id: 'f'.repeat(32) }])).rejects.toThrow(StoredItemError);
  });
});
