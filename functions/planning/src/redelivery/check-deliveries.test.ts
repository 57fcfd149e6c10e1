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

// GitHub's side is the emulator with its own log; the receiver answers what a test lets it answer.

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
      find: async () => stored,
      put: async (check) => {
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
  if (last === undefined) throw new Error('The check told nothing.');
  return last.data;
}

function payload(runId: number, change: { updatedAt?: string; body?: Payload } = {}): Payload {
  const body: Payload = { ...structuredClone(completedRunExample()), installation: { id: 7 }, ...change.body };
  const updatedAt = change.updatedAt ?? new Date(Date.now() + skewMs).toISOString();
  Object.assign(part(body, 'workflow_run'), { id: runId, updated_at: updatedAt });
  return body;
}

const keyOf = (runId: number) => `${String(part(completedRunExample(), 'repository')['id'])}-${runId}-1`;

async function fail(runId: number, change: Parameters<typeof payload>[1] = {}): Promise<void> {
  status = 503;
  await emulator.control.deliver({ payload: payload(runId, change), guid: `guid-${runId}` });
  status = 202;
}

/** Deliveries of no interest, newer than what was delivered so far. */
async function arrive(count: number): Promise<void> {
  await Promise.all(Array.from({ length: count }, () => emulator.control.deliver({ payload: {} })));
}

/** GUIDs in the order in which GitHub was asked to redeliver them. */
async function redelivered(): Promise<string[]> {
  const deliveries = await emulator.control.deliveries();
  return deliveries.filter(({ redelivery }) => redelivery).map(({ guid }) => guid);
}

describe('a check of the delivery log', () => {
  test('the first one notes the time and redelivers nothing from before', async () => {
    await fail(1);
    expect(await check()).toMatchObject({ scanned: 0, failed: 0, redelivered: [], complete: true });
    expect(stored?.scan).toBeNull();
    expect(await redelivered()).toEqual([]);
  });

  describe('after the first', () => {
    beforeEach(async () => {
      await check();
    });

    test('a delivery that failed is redelivered once, and not again once it has arrived', async () => {
      await fail(1);
      expect(await check()).toMatchObject({ failed: 1, redelivered: ['guid-1'], complete: true });
      expect(await check()).toMatchObject({ failed: 0, redelivered: [] });
      expect(await redelivered()).toEqual(['guid-1']);
    });

    test('one whose redelivery failed too is redelivered again, by its newest attempt only', async () => {
      await fail(1);
      status = 503;
      await check();
      expect(await check()).toMatchObject({ failed: 1, redelivered: ['guid-1'] });
      status = 202;
      expect(await check()).toMatchObject({ failed: 1, redelivered: ['guid-1'] });
      expect(await check()).toMatchObject({ failed: 0 });
    });

    test('what arrived, and what is no completed workflow run, is left alone', async () => {
      await emulator.control.deliver({ payload: payload(1), guid: 'arrived' });
      status = 500;
      await emulator.control.deliver({ payload: payload(2, { body: { action: 'requested' } }), guid: 'requested' });
      await emulator.control.deliver({ payload: { zen: 'z' }, event: 'ping', guid: 'ping' });
      expect(await check()).toMatchObject({ scanned: 3, failed: 0 });
      expect(await redelivered()).toEqual([]);
    });

    test('one that was planned although its answer came too late is not redelivered', async () => {
      await fail(1);
      planned.add(keyOf(1));
      expect(await check()).toMatchObject({ failed: 1, planned: 1, redelivered: [] });
    });

    test('one that ingress would not take from any attempt is not redelivered', async () => {
      await fail(1, { body: { installation: undefined } });
      status = 413;
      await emulator.control.deliver({ payload: payload(2), guid: 'too-big' });
      expect(await check()).toMatchObject({ failed: 2, ignored: 2, redelivered: [] });
    });

    test('one whose run ended more than three days ago is given up', async () => {
      await fail(1, { updatedAt: new Date(Date.now() - 4 * 86_400_000).toISOString() });
      expect(await check()).toMatchObject({ failed: 1, givenUp: 1, redelivered: [] });
    });

    test('one that GitHub does not redeliver is given up, and the others are not', async () => {
      await fail(1);
      await fail(2);
      await emulator.control.setFaults([
        { match: { operation: 'redelivery' }, fault: { status: 404, body: { message: 'Not Found' } } },
      ]);
      expect(await check()).toMatchObject({ failed: 2, givenUp: 1, redelivered: [expect.any(String)] });
    });

    test('a log of several pages is read to the last check, and what is older is not', async () => {
      await fail(1);
      await arrive(110);
      expect(await check()).toMatchObject({ scanned: 111, redelivered: ['guid-1'], complete: true });
      const past = 3 * 60_000;
      for (const _ of [1, 2]) {
        skewMs += past;
        await emulator.control.advanceClock(past);
        await check();
      }
      expect(facts.at(-1)?.data).toMatchObject({ scanned: 0, complete: true });
    });

    test('a check that is out of time stores how far it came, and the next one goes on there', async () => {
      await fail(1);
      await arrive(99);
      await fail(2);
      let pages = 0;
      expect(await check({}, () => (pages += 1) <= 1)).toMatchObject({ redelivered: ['guid-2'], complete: false });
      expect(stored?.scan).not.toBeNull();
      await fail(3);
      await check();
      expect(stored?.scan).toBeNull();
      expect(await redelivered()).toEqual(['guid-2', 'guid-1']);
      // What came in during the scan is looked at by the one after it.
      expect(await check()).toMatchObject({ redelivered: ['guid-3'], complete: true });
    });

    test('an older attempt on a later page is not redelivered where a newer one was on an earlier page', async () => {
      await fail(1);
      await arrive(99);
      const [first] = await emulator.control.deliveries();
      await dependencies().deliveries.redeliver(String(first?.id));
      let pages = 0;
      await check({}, () => (pages += 1) <= 1);
      expect(await check()).toMatchObject({ failed: 0 });
    });

    test('a check that redelivered enough leaves the rest to the next', async () => {
      status = 503;
      const failing = Array.from({ length: 130 }, (_, index) => index + 1);
      await Promise.all(failing.map((run) => emulator.control.deliver({ payload: payload(run), guid: `guid-${run}` })));
      status = 202;
      expect(await check()).toMatchObject({ failed: 100, complete: false });
      await check();
      expect(new Set(await redelivered()).size).toBe(130);
    });

    test('a process that died in the middle of a page redelivers that page again and loses nothing', async () => {
      for (let run = 1; run <= 12; run += 1) await fail(run);
      let asked = 0;
      const { deliveries } = dependencies();
      const dying: CheckDependencies['deliveries'] = {
        ...deliveries,
        redeliver: async (id) => {
          asked += 1;
          if (asked > 6) throw new Error('process died');
          await deliveries.redeliver(id);
        },
      };
      await expect(checkDeliveries(dependencies({ deliveries: dying }), () => true)).rejects.toThrow('process died');
      await check();
      expect(new Set(await redelivered()).size).toBe(12);
    });

    test('GitHub down is told as a lag that grows, and made good once it answers', async () => {
      await fail(1);
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

    test('under a rate limit GitHub is not asked before the time it named', async () => {
      await fail(1);
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

    test('a cursor that GitHub no longer takes begins the log at its newest line again', async () => {
      await fail(1);
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
