import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { verify } from '@octokit/webhooks-methods';
import type { Emulator } from '../emulator.ts';
import { EXAMPLE_INSTALLATIONS } from '../state/example-seed.ts';
import {
  appJwt,
  client,
  type Receiver,
  refusal,
  SECRET,
  startExample,
  startReceiver,
} from '../testing/example-emulator.ts';

const CI = { repository: 'octo-org/app', workflow: 'ci.yml' };
let receiver: Receiver;
let emulator: Emulator;
let status: number | null;

beforeEach(async () => {
  status = 202;
  receiver = await startReceiver(() => status);
  emulator = await startExample({ webhookUrl: receiver.url });
});
afterEach(async () => {
  await emulator.close();
  await receiver.close();
});

/** Sets the receiver's response. Null: none, with a short timeout of the emulator. */
async function setResponse(response: number | null): Promise<void> {
  status = response;
  await emulator.control.changeSettings({ webhookTimeoutMs: response === null ? 100 : 10_000 });
}

const app = async () => client(emulator, await appJwt());

describe('the webhook of a completed run', () => {
  test("is sent once, signed, with GitHub's headers", async () => {
    const { run, delivery } = await emulator.control.run({ ...CI, conclusion: 'failure' });
    const [sent] = receiver.received;
    expect(receiver.received).toHaveLength(1);
    expect(sent?.headers).toMatchObject({
      'content-type': 'application/json',
      'x-github-event': 'workflow_run',
      'x-github-delivery': delivery?.guid,
      'x-github-hook-id': expect.stringMatching(/^\d+$/),
      'x-github-hook-installation-target-type': 'integration',
      'x-github-hook-installation-target-id': '1',
    });
    expect(sent?.headers['user-agent']).toMatch(/^GitHub-Hookshot\//);
    expect(await verify(SECRET, sent?.body ?? '', String(sent?.headers['x-hub-signature-256']))).toBe(true);
    expect(delivery).toMatchObject({ status: 'OK', statusCode: 202, responseBody: '{"ok":true}' });
    expect(JSON.parse(sent?.body ?? '')).toMatchObject({
      action: 'completed',
      workflow_run: {
        id: run.id,
        path: '.github/workflows/ci.yml',
        conclusion: 'failure',
        head_branch: 'main',
        run_attempt: 1,
        event: 'push',
      },
      repository: { full_name: 'octo-org/app', default_branch: 'main' },
      installation: { id: EXAMPLE_INSTALLATIONS['octo-org'] },
      sender: { login: 'octocat' },
    });
  });

  test('run again has the same id and the next attempt', async () => {
    const { run } = await emulator.control.run({ ...CI, deliver: false });
    await emulator.control.rerun(run.id);
    expect(JSON.parse(receiver.received[0]?.body ?? '')).toMatchObject({
      workflow_run: { id: run.id, run_attempt: 2 },
    });
    await expect(emulator.control.complete(run.id)).rejects.toThrow('is already completed');
  });

  test("of a fork's pull request has another head repository and the fork's branch name", async () => {
    await emulator.control.run({ ...CI, fork: true, branch: 'main' });
    const { workflow_run: run, repository } = JSON.parse(receiver.received[0]?.body ?? '');
    expect(run.head_repository).toMatchObject({ full_name: 'octo-contributor/app', fork: true });
    expect(run.head_repository.id).not.toBe(repository.id);
    expect(run).toMatchObject({ head_branch: 'main', event: 'pull_request' });
  });

  test('on a tag, or without a branch, says so', async () => {
    await emulator.control.push('octo-org/app', { files: { x: 'y' }, tag: 'v1' });
    await emulator.control.run({ ...CI, branch: 'v1' });
    await emulator.control.run({ ...CI, branch: null });
    expect(receiver.received.map(({ body }) => JSON.parse(body).workflow_run.head_branch)).toEqual(['v1', null]);
  });

  test('is not sent when the App is not installed or suspended or delivery is disabled, and the result says why', async () => {
    await emulator.control.suspendInstallation(EXAMPLE_INSTALLATIONS['octo-org'], true);
    const suspended = await emulator.control.run(CI);
    await emulator.control.removeInstallation(EXAMPLE_INSTALLATIONS['octo-org']);
    const removed = await emulator.control.run(CI);
    await emulator.control.setWebhook({ url: null });
    const notInstalled = await emulator.control.run({ repository: 'octo-partner/service', workflow: 'deploy.yml' });
    const lost = await emulator.control.run({
      repository: 'octo-partner/service',
      workflow: 'deploy.yml',
      deliver: false,
    });
    expect([suspended, removed, notInstalled, lost].map(({ notDelivered }) => notDelivered)).toEqual([
      `Installation ${EXAMPLE_INSTALLATIONS['octo-org']} is suspended.`,
      'The App is not installed on octo-org/app.',
      'The App has no webhook URL: set one with PATCH /_emulator/webhook.',
      'The request set "deliver" to false.',
    ]);
    expect(receiver.received.filter(({ headers }) => headers['x-github-event'] === 'workflow_run')).toEqual([]);
  });

  test('of an unknown repository, workflow or branch is refused with the existing ones', async () => {
    await expect(emulator.control.run({ ...CI, workflow: 'no.yml' })).rejects.toThrow(
      'It has: .github/workflows/ci.yml',
    );
    await expect(emulator.control.run({ ...CI, branch: 'no' })).rejects.toThrow('no branch or tag "no"');
    await expect(emulator.control.run({ ...CI, repository: 'a/b' })).rejects.toThrow('no repository "a/b"');
  });
});

describe('a delivery that fails', () => {
  test.each([
    [503, 'Invalid HTTP Response: 503', 503],
    [null, 'timed out', 0],
  ])('with %s is logged and not retried', async (response, text, code) => {
    await setResponse(response);
    const { delivery } = await emulator.control.run(CI);
    expect(delivery).toMatchObject({ status: text, statusCode: code });
    expect((await (await app()).apps.listWebhookDeliveries()).data).toMatchObject([
      { status: text, status_code: code },
    ]);
    expect(receiver.received).toHaveLength(1);
  });

  test('because no server listens is logged', async () => {
    await receiver.close();
    expect((await emulator.control.run(CI)).delivery).toMatchObject({
      status: 'failed to connect to host',
      statusCode: 0,
    });
  });

  test('is redelivered on request with the same GUID and the same bytes', async () => {
    status = 500;
    const { delivery } = await emulator.control.run(CI);
    status = 202;
    const redelivery = await (await app()).apps.redeliverWebhookDelivery({ delivery_id: delivery?.id ?? 0 });
    expect(redelivery.status).toBe(202);
    const [first, second] = receiver.received;
    expect(second?.body).toBe(first?.body);
    expect(second?.headers['x-github-delivery']).toBe(delivery?.guid);
    const { data } = await (await app()).apps.listWebhookDeliveries();
    expect(data.map(({ guid, redelivery, status }) => ({ guid, redelivery, status }))).toEqual([
      { guid: delivery?.guid, redelivery: true, status: 'OK' },
      { guid: delivery?.guid, redelivery: false, status: 'Invalid HTTP Response: 500' },
    ]);
  });
});

describe('the delivery log', () => {
  test('is paged by cursor and filtered by status, which ignores timeouts', async () => {
    for (const response of [202, 500, null]) {
      await setResponse(response);
      await emulator.control.run(CI);
    }
    const octokit = await app();
    const list = async (query: string): Promise<string[]> =>
      (await client(emulator, await appJwt()).request(`GET /app/hook/deliveries?${query}`)).data.map(
        (one: { status: string }) => one.status,
      );
    expect(await list('status=failure')).toEqual(['Invalid HTTP Response: 500']);
    expect(await list('status=success')).toEqual(['OK']);
    const { headers } = await octokit.apps.listWebhookDeliveries({ per_page: 2 });
    const next = headers.link?.match(/cursor=(\d+)/)?.[1];
    expect(await list(`per_page=2&cursor=${next}`)).toEqual(['OK']);
  });

  test('is kept for three days', async () => {
    await emulator.control.run(CI);
    await emulator.control.advanceClock(3 * 86_400_000 + 1_000);
    await emulator.control.run(CI);
    expect(await emulator.control.deliveries()).toHaveLength(1);
  });

  test('contains the request and the response of a delivery', async () => {
    const { delivery } = await emulator.control.run(CI);
    const { data } = await (await app()).apps.getWebhookDelivery({ delivery_id: delivery?.id ?? 0 });
    expect(data.request.headers).toMatchObject({ 'x-github-event': 'workflow_run' });
    expect(data.request.payload).toMatchObject({ action: 'completed' });
    expect((await refusal((await app()).apps.getWebhookDelivery({ delivery_id: 1 }))).status).toBe(404);
  });
});

describe('a custom payload', () => {
  test('is sent unchanged, with the requested secret and GUID', async () => {
    await emulator.control.deliver({ payload: 'no JSON at all', event: 'push', guid: 'a-guid', signWith: 'another' });
    const [sent] = receiver.received;
    expect(sent).toMatchObject({
      body: 'no JSON at all',
      headers: { 'x-github-event': 'push', 'x-github-delivery': 'a-guid' },
    });
    expect(await verify('another', sent?.body ?? '', String(sent?.headers['x-hub-signature-256']))).toBe(true);
    expect(await verify(SECRET, sent?.body ?? '', String(sent?.headers['x-hub-signature-256']))).toBe(false);
  });

  test('is sent to the current URL with the current secret', async () => {
    const other = await startReceiver();
    try {
      await (await app()).request('PATCH /app/hook/config', { data: { url: other.url, secret: 'new' } });
      await emulator.control.deliver({ payload: { zen: 'x' }, event: 'ping' });
      expect(
        await verify('new', other.received[0]?.body ?? '', String(other.received[0]?.headers['x-hub-signature-256'])),
      ).toBe(true);
      expect(receiver.received).toEqual([]);
    } finally {
      await other.close();
    }
  });
});
