import { generateKeyPairSync } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type DeliveriesChecked, DeliveriesChecked as DeliveriesCheckedSchema } from '@dispatcher/contracts';
import { completedRunExample, type Payload, part } from '@dispatcher/contracts/testing';
import { createGitHubApp } from '@dispatcher/github';
import { type Emulator, startEmulator } from '@dispatcher/github-emulator';
import type { DeliveryCheck } from '@dispatcher/store';
import { type CheckDependencies, checkDeliveries } from './check-deliveries.ts';
import { silent } from '@dispatcher/lambda/testing';

// GitHub is the emulator with its delivery log; the receiver responds with the status that the test sets.

const key = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
}).privateKey;

let receiver: Server;
let status: number;
let emulator: Emulator;
beforeEach(async () => {
  status = 202;
  receiver = createServer({ keepAliveTimeout: 0 }, (request, response) => {
    request.resume();
    request.on('end', () => response.writeHead(status).end());
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  emulator = await startEmulator({
    seed: {
      app: {
        id: 1,
        slug: 'dispatcher',
        privateKey: key,
        webhookUrl: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`,
        webhookSecret: 's',
      },
      owners: [{ login: 'acme' }],
      repositories: [],
      installations: [{ id: 7, account: 'acme', repositories: 'all' }],
    },
  });
  skewMs = 0;
  stored = null;
  planned = new Set();
  facts = [];
});
afterEach(async () => {
  await emulator.close();
  receiver.closeAllConnections();
  await new Promise((resolve) => receiver.close(resolve));
});

let skewMs: number;
let stored: DeliveryCheck | null;
let planned: Set<string>;
let facts: DeliveriesChecked[];

function dependencies(change: Partial<CheckDependencies> = {}): CheckDependencies {
  const now = () => Date.now() + skewMs;
  return {
    deliveries: createGitHubApp({ appId: '1', privateKey: key, apiUrl: emulator.url, now }).deliveries,
    check: {
      getDeliveryCheck: async () => stored,
      putDeliveryCheck: async (check) => {
        stored = structuredClone(check);
      },
    },
    isPlanned: async (runKey) => planned.has(runKey),
    bus: {
      publish: async (published) => {
        facts.push(...published.map((fact) => DeliveriesCheckedSchema.parse(fact)));
      },
    },
    meter: { count: () => {}, milliseconds: () => {} },
    log: silent,
    now,
    ...change,
  };
}

async function check(
  change: Partial<CheckDependencies> = {},
  hasTimeForPage = () => true,
): Promise<DeliveriesChecked['data']> {
  await checkDeliveries(dependencies(change), hasTimeForPage);
  const last = facts.at(-1);
  if (last === undefined) throw new Error('The check published no fact.');
  return last.data;
}

function payload(runId: number, change: { updatedAt?: string; body?: Payload } = {}): Payload {
  const body: Payload = { ...structuredClone(completedRunExample()), installation: { id: 7 }, ...change.body };
  const updatedAt = change.updatedAt ?? new Date(Date.now() + skewMs).toISOString();
  Object.assign(part(body, 'workflow_run'), { id: runId, updated_at: updatedAt });
  return body;
}

const keyOf = (runId: number) => `${String(part(completedRunExample(), 'repository')['id'])}-${runId}-1`;

async function deliverFailing(runId: number, change: Parameters<typeof payload>[1] = {}): Promise<void> {
  status = 503;
  await emulator.control.deliver({ payload: payload(runId, change), guid: `guid-${runId}` });
  status = 202;
}

/** Adds irrelevant deliveries, newer than the previous ones. */
async function deliverOthers(count: number): Promise<void> {
  await Promise.all(Array.from({ length: count }, () => emulator.control.deliver({ payload: {} })));
}

/** Returns the GUIDs of the redeliveries, in the order in which they were requested. */
async function redelivered(): Promise<string[]> {
  const deliveries = await emulator.control.deliveries();
  return deliveries.filter(({ redelivery }) => redelivery).map(({ guid }) => guid);
}

describe('a check of the delivery log', () => {
  test('the first one records the time and redelivers nothing older', async () => {
    await deliverFailing(1);
    expect(await check()).toMatchObject({ scanned: 0, failed: 0, redelivered: [], complete: true });
    expect(stored?.scan).toBeNull();
    expect(await redelivered()).toEqual([]);
  });

  describe('after the first', () => {
    beforeEach(async () => {
      await check();
    });

    test('a failed delivery is redelivered, and not again after that succeeded', async () => {
      await deliverFailing(1);
      expect(await check()).toMatchObject({ failed: 1, redelivered: ['guid-1'], complete: true });
      expect(await check()).toMatchObject({ failed: 0, redelivered: [] });
      expect(await redelivered()).toEqual(['guid-1']);
    });

    test('a delivery whose redelivery failed is redelivered again, once per check', async () => {
      await deliverFailing(1);
      status = 503;
      await check();
      expect(await check()).toMatchObject({ failed: 1, redelivered: ['guid-1'] });
      status = 202;
      expect(await check()).toMatchObject({ failed: 1, redelivered: ['guid-1'] });
      expect(await check()).toMatchObject({ failed: 0 });
    });

    test('successful deliveries and other events are not redelivered', async () => {
      await emulator.control.deliver({ payload: payload(1), guid: 'arrived' });
      status = 500;
      await emulator.control.deliver({ payload: payload(2, { body: { action: 'requested' } }), guid: 'requested' });
      await emulator.control.deliver({ payload: { zen: 'z' }, event: 'ping', guid: 'ping' });
      expect(await check()).toMatchObject({ scanned: 3, failed: 0 });
      expect(await redelivered()).toEqual([]);
    });

    test('a failed delivery whose run is planned is not redelivered', async () => {
      await deliverFailing(1);
      planned.add(keyOf(1));
      expect(await check()).toMatchObject({ failed: 1, planned: 1, redelivered: [] });
    });

    test('a delivery that ingress does not store is not redelivered', async () => {
      await deliverFailing(1, { body: { installation: undefined } });
      status = 413;
      await emulator.control.deliver({ payload: payload(2), guid: 'too-big' });
      expect(await check()).toMatchObject({ failed: 2, ignored: 2, redelivered: [] });
    });

    test('a dispatched run that failed at start-up is redelivered, because it completes its dispatch; a managed one is not', async () => {
      const failing = (runId: number, run: Payload) => {
        const body = structuredClone(completedRunExample());
        return deliverFailing(runId, {
          body: { workflow_run: { ...part(body, 'workflow_run'), ...run }, workflow: null },
        });
      };
      await failing(1, { path: 'BuildFailed', event: 'workflow_dispatch', conclusion: 'startup_failure' });
      await failing(2, { path: 'dynamic/pages/pages-build-deployment', event: 'dynamic' });
      expect(await check()).toMatchObject({ failed: 2, redelivered: ['guid-1'], ignored: 1 });
    });

    test('a delivery whose run completed more than three days ago is given up', async () => {
      await deliverFailing(1, { updatedAt: new Date(Date.now() - 4 * 86_400_000).toISOString() });
      expect(await check()).toMatchObject({ failed: 1, givenUp: 1, redelivered: [] });
    });

    test('a delivery that GitHub refuses to redeliver is given up, and the others are redelivered', async () => {
      await deliverFailing(1);
      await deliverFailing(2);
      await emulator.control.setFaults([
        { match: { operation: 'redelivery' }, fault: { status: 404, body: { message: 'Not Found' } } },
      ]);
      expect(await check()).toMatchObject({ failed: 2, givenUp: 1, redelivered: [expect.any(String)] });
    });

    test('a log of several pages is read back to the last check and no further', async () => {
      await deliverFailing(1);
      await deliverOthers(110);
      expect(await check()).toMatchObject({ scanned: 111, redelivered: ['guid-1'], complete: true });
      const past = 3 * 60_000;
      for (const _ of [1, 2]) {
        skewMs += past;
        await emulator.control.advanceClock(past);
        await check();
      }
      expect(facts.at(-1)?.data).toMatchObject({ scanned: 0, complete: true });
    });

    test('a check that runs out of time stores its progress, and the next one continues there', async () => {
      await deliverFailing(1);
      await deliverOthers(99);
      await deliverFailing(2);
      let pages = 0;
      expect(await check({}, () => (pages += 1) <= 1)).toMatchObject({ redelivered: ['guid-2'], complete: false });
      expect(stored?.scan).not.toBeNull();
      await deliverFailing(3);
      await check();
      expect(stored?.scan).toBeNull();
      expect(await redelivered()).toEqual(['guid-2', 'guid-1']);
      // Deliveries that arrive during a scan are read by the next scan.
      expect(await check()).toMatchObject({ redelivered: ['guid-3'], complete: true });
    });

    test('an older attempt on a later page is not redelivered if an earlier page had a newer one', async () => {
      await deliverFailing(1);
      await deliverOthers(99);
      const [first] = await emulator.control.deliveries();
      await dependencies().deliveries.redeliver(String(first?.id));
      let pages = 0;
      await check({}, () => (pages += 1) <= 1);
      expect(await check()).toMatchObject({ failed: 0 });
    });

    test('a check that met its limit of redeliveries leaves the rest to the next', async () => {
      status = 503;
      const failing = Array.from({ length: 130 }, (_, index) => index + 1);
      await Promise.all(failing.map((run) => emulator.control.deliver({ payload: payload(run), guid: `guid-${run}` })));
      status = 202;
      expect(await check()).toMatchObject({ failed: 100, complete: false });
      await check();
      expect(new Set(await redelivered()).size).toBe(130);
    });

    test('after a crash within a page, the next check redelivers that page again and loses nothing', async () => {
      for (let run = 1; run <= 12; run += 1) await deliverFailing(run);
      let requested = 0;
      const { deliveries } = dependencies();
      const dying: CheckDependencies['deliveries'] = {
        ...deliveries,
        redeliver: async (id) => {
          requested += 1;
          if (requested > 6) throw new Error('process died');
          await deliveries.redeliver(id);
        },
      };
      await expect(checkDeliveries(dependencies({ deliveries: dying }), () => true)).rejects.toThrow('process died');
      await check();
      expect(new Set(await redelivered()).size).toBe(12);
    });

    test('while GitHub is down the reported lag grows; the check catches up afterwards', async () => {
      await deliverFailing(1);
      await emulator.control.setFaults([
        { match: { operation: 'deliveries', times: 0 }, fault: { status: 502, body: 'Bad Gateway' } },
      ]);
      skewMs = 5 * 60_000;
      await emulator.control.advanceClock(skewMs);
      const down = await check();
      expect(down).toMatchObject({ failed: 0, complete: false });
      expect(down.lagMs).toBeGreaterThanOrEqual(5 * 60_000);
      await emulator.control.clearFaults();
      expect(await check()).toMatchObject({ redelivered: ['guid-1'], complete: true });
    });

    test('under a rate limit no request is sent before the time that GitHub stated', async () => {
      await deliverFailing(1);
      await emulator.control.setFaults([
        {
          match: { operation: 'deliveries' },
          fault: { status: 429, headers: { 'retry-after': '600' }, body: { message: 'secondary rate limit' } },
        },
      ]);
      await check();
      await emulator.control.clearRequests();
      skewMs = 5 * 60_000;
      expect(await check()).toMatchObject({ scanned: 0, complete: false });
      expect((await emulator.control.requests()).requests).toEqual([]);
      skewMs = 11 * 60_000;
      await emulator.control.advanceClock(skewMs);
      expect(await check()).toMatchObject({ redelivered: ['guid-1'] });
    });

    test('after GitHub rejected the cursor, the next check starts at the newest entry', async () => {
      await deliverFailing(1);
      if (stored === null) throw new Error('no check is stored');
      stored = { ...stored, scan: { startedAt: stored.checkedUntil, cursor: 'gone', attempted: [] } };
      await emulator.control.setFaults([
        { match: { operation: 'deliveries' }, fault: { status: 422, body: { message: 'Invalid cursor' } } },
      ]);
      expect(await check()).toMatchObject({ scanned: 0, complete: false });
      expect(await check()).toMatchObject({ redelivered: ['guid-1'], complete: true });
    });
  });
});
