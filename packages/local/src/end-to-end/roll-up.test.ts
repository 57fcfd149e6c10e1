import { createDocumentClient, createFactStore, type FactStore } from '@dispatcher/store';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { completeRun } from '../app/emulator.ts';
import { awsAccess, tableName } from '../aws/provision.ts';
import { startSystem, type System } from '../app/system.ts';
import { eventually } from '../testing/until.ts';

// Runs the facts function with its queue and schedule in the running system.

let dataDir: string;
let system: System;
let store: FactStore;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'roll-up-'));
  system = await startSystem({ dataDir, port: 0, env: {}, scheduleEveryMs: 200 });
  const client = createDocumentClient({ endpoint: system.awsUrl, ...awsAccess });
  store = createFactStore({ client, table: tableName('facts'), projectionsTable: tableName('projections') });
});
afterAll(async () => {
  await system.close();
  await rm(dataDir, { recursive: true });
});

test('a dispatched run appears in the summaries, in the trend, and under its target’s inbound rules', async () => {
  await completeRun(system.emulatorUrl ?? '', { repository: 'octo-org/app', workflow: 'ci.yml' });
  await eventually(async () => {
    for (const window of ['hour', 'day', 'week', 'all'] as const) {
      expect(await store.summary(window)).toMatchObject({
        deliveries: { received: 1, repeated: 0 },
        plans: { planned: 1 },
        dispatches: { accepted: 1 },
        latency: { decided: { measured: 1 }, accepted: { measured: 1 } },
      });
    }
    expect((await store.trend())?.hours.reduce((sum, { deliveries }) => sum + deliveries, 0)).toBe(1);
    const { items: routes } = await store.routes({});
    expect(routes.length).toBeGreaterThan(0);
    for (const { routeId, route } of routes) {
      const { items: uses } = await store.inboundUses(route.target.repository, {});
      expect(uses.map((use) => use.routeId)).toContain(routeId);
    }
  });
});

test('the queues are sampled as facts, and recorded dead letters are compared with the queues’ depth', async () => {
  await eventually(async () => {
    expect((await store.queues())?.queues.map(({ queue }) => queue)).toEqual([
      'runs',
      'runs-dead-letters',
      'hints',
      'hints-dead-letters',
      'decisions',
      'decisions-dead-letters',
      'facts',
      'facts-dead-letters',
      'undelivered-events',
    ]);
    expect((await store.deadLetterSummary())?.queues).toEqual(
      ['runs', 'hints', 'decisions', 'facts', 'undelivered-events'].map((queue) => ({
        queue,
        recorded: 0,
        queueDepth: 0,
        difference: 0,
      })),
    );
  });
});
