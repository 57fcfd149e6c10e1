import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Emulator, startEmulator } from '@dispatcher/github-emulator';
import { createGitHubApp } from '../github-app.ts';
import { GitHubTransientError } from '../transport/errors.ts';
import { testPrivateKey } from '../testing/fake-github.ts';
import type { DeliveryLog } from './delivery-log.ts';

let emulator: Emulator;
let log: DeliveryLog;
beforeEach(async () => {
  emulator = await startEmulator({
    seed: {
      app: {
        id: 4711,
        slug: 'dispatcher',
        privateKey: testPrivateKey,
        // No server listens there, so every delivery fails.
        webhookUrl: 'http://127.0.0.1:1/',
        webhookSecret: 's',
      },
      owners: [{ login: 'acme' }],
      repositories: [],
      installations: [{ id: 7, account: 'acme', repositories: 'all' }],
    },
  });
  log = createGitHubApp({ appId: '4711', privateKey: testPrivateKey, apiUrl: emulator.url }).deliveries;
});
afterEach(() => emulator.close());

async function deliver(count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    await emulator.control.deliver({ payload: { action: 'completed', index }, guid: `guid-${index}` });
  }
}

describe('the delivery log', () => {
  test('is read newest first, page by page until the last one', async () => {
    await deliver(101);
    const newest = await log.page(null);
    expect(newest.deliveries).toHaveLength(100);
    expect(newest.deliveries[0]).toMatchObject({
      guid: 'guid-100',
      status: 'failed to connect to host',
      statusCode: 0,
      redelivery: false,
      event: 'workflow_run',
      action: 'completed',
    });
    const oldest = await log.page(newest.older);
    expect(oldest).toMatchObject({ deliveries: [{ guid: 'guid-0' }], older: null });
  });

  test('a redelivery is a newer attempt with the same GUID and body', async () => {
    await deliver(1);
    const [first] = (await log.page(null)).deliveries;
    await log.redeliver(first?.id ?? '');
    const [second, ...rest] = (await log.page(null)).deliveries;
    expect(rest).toEqual([first]);
    expect(second).toMatchObject({ guid: 'guid-0', redelivery: true });
    expect(await log.payload(second?.id ?? '')).toEqual({ action: 'completed', index: 0 });
  });

  test('a redelivery of a delivery that is no longer in the log is a permanent error', async () => {
    await expect(log.redeliver('12')).rejects.toMatchObject({ kind: 'permanent', status: 404 });
  });

  test('a response that is cut off is a transient error', async () => {
    await deliver(1);
    await emulator.control.setFaults([{ match: { operation: 'deliveries' }, fault: 'truncated-body' }]);
    await expect(log.page(null)).rejects.toBeInstanceOf(GitHubTransientError);
    expect((await log.page(null)).deliveries).toHaveLength(1);
  });
});

test('an id beyond the exact integers of a double is returned unchanged', async () => {
  const summary = {
    guid: 'g',
    delivered_at: '2026-01-01T00:00:00Z',
    redelivery: false,
    status: 'OK',
    status_code: 200,
  };
  const body = JSON.stringify([{ id: 'ID', ...summary, event: 'workflow_run', action: 'completed' }]);
  const fetch = async () =>
    new Response(body.replace('"ID"', '1234567890123456789'), { headers: { 'content-type': 'application/json' } });
  const app = createGitHubApp({ appId: '1', privateKey: testPrivateKey, fetch });
  expect((await app.deliveries.page(null)).deliveries[0]?.id).toBe('1234567890123456789');
});
