import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Octokit } from '@octokit/rest';
import type { Emulator } from '../emulator.ts';
import { type FaultRule, FaultInjector, type WebhookFault } from './faults.ts';
import { operationOf } from './operations.ts';
import {
  client,
  eventually,
  mint,
  type Receiver,
  refusal,
  startExample,
  startReceiver,
} from '../testing/example-emulator.ts';

const CD = { owner: 'octo-org', repo: 'deploy', workflow_id: 'cd.yml', ref: 'main' };
const READ_TWO = `{ a: repository(owner: "octo-org", name: "app") { name } b: repository(owner: "octo-org", name: "docs") { name }
  rateLimit { remaining } }`;

describe('an injected fault', () => {
  let emulator: Emulator;
  let octokit: Octokit;
  let token: string;

  beforeEach(async () => {
    emulator = await startExample();
    token = await mint(emulator, 'octo-org');
    octokit = client(emulator, token);
  });
  afterEach(() => emulator.close());

  const runsAfter = async (fault: FaultRule['fault']): Promise<{ status: number; runs: number }> => {
    await emulator.control.setFaults([{ match: { operation: 'dispatch' }, fault }]);
    const { status } = await refusal(octokit.actions.createWorkflowDispatch(CD));
    return { status, runs: (await emulator.control.runs()).length };
  };
  const graphql = (): Promise<Response> =>
    fetch(`${emulator.url}/graphql`, {
      method: 'POST',
      headers: { authorization: `bearer ${token}` },
      body: JSON.stringify({ query: READ_TWO }),
    });

  test('responds with 500 before or after the run was created; only the latter leaves a run', async () => {
    expect(await runsAfter({ status: 500 })).toEqual({ status: 500, runs: 0 });
    expect(await runsAfter('status-after')).toEqual({ status: 500, runs: 1 });
  });

  test('resets the connection before or after the run was created; only the latter leaves a run', async () => {
    // Octokit reports an error without a response as status 500.
    expect(await runsAfter('reset-before')).toEqual({ status: 500, runs: 0 });
    expect(await runsAfter('reset-after')).toEqual({ status: 500, runs: 1 });
    const { requests } = await emulator.control.requests();
    expect(requests.filter(({ operation }) => operation === 'dispatch').map(({ status }) => status)).toEqual([
      null,
      null,
    ]);
  });

  test('responds with 429 or 403 and the given headers and body', async () => {
    const body = { message: 'You have exceeded a secondary rate limit.' };
    await emulator.control.setFaults([
      { match: { operation: 'dispatch' }, fault: { status: 429, headers: { 'retry-after': '7' }, body } },
      { match: { operation: 'dispatch' }, fault: { status: 403, headers: { 'x-ratelimit-remaining': '0' } } },
    ]);
    const limited = await octokit.actions.createWorkflowDispatch(CD).catch((error: unknown) => error);
    expect(limited).toMatchObject({ status: 429, response: { data: body, headers: { 'retry-after': '7' } } });
    const refused = await octokit.actions.createWorkflowDispatch(CD).catch((error: unknown) => error);
    expect(refused).toMatchObject({ status: 403, response: { headers: { 'x-ratelimit-remaining': '0' } } });
    expect((await octokit.actions.createWorkflowDispatch(CD)).status).toBe(204);
  });

  test('delays the response beyond the client’s timeout, after processing the request', async () => {
    const patience = new AbortController();
    const path = 'POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches';
    await emulator.control.setFaults([
      { match: { operation: 'dispatch' }, fault: { delayMs: 600_000, when: 'after' } },
    ]);
    const refused = refusal(octokit.request(path, { ...CD, request: { signal: patience.signal } }));
    const runs = await eventually(
      () => emulator.control.runs(),
      (runs) => runs.length > 0,
    );
    expect(runs).toHaveLength(1);
    patience.abort();
    expect((await refused).status).toBe(500);
  });

  test('truncates or empties the body', async () => {
    await emulator.control.setFaults([
      { match: { operation: 'graphql' }, fault: 'truncated-body' },
      { match: { operation: 'graphql' }, fault: 'empty-body' },
    ]);
    const [half, none] = [await (await graphql()).text(), await (await graphql()).text()];
    expect(() => JSON.parse(half)).toThrow();
    expect(half).toMatch(/^\{"data"/);
    expect(none).toBe('');
  });

  test('fails GraphQL partially, by resource limits, by a rate limit, and as a bad gateway', async () => {
    const faults = ['graphql-partial', 'graphql-resource-limits', 'graphql-rate-limited', 'graphql-502'] as const;
    await emulator.control.setFaults(faults.map((fault) => ({ match: { operation: 'graphql' }, fault })));
    const response = async () => (await (await graphql()).json()) as { data: object; errors: object[] };
    const [partial, resources, limited] = [await response(), await response(), await response()];
    const data = { a: { name: 'app' }, b: null, rateLimit: {} };
    expect(partial).toMatchObject({
      data,
      errors: [{ path: ['b'], message: expect.stringContaining('Something went wrong') }],
    });
    expect(partial.errors[0]).not.toHaveProperty('type');
    expect(resources).toMatchObject({ data, errors: [{ type: 'RESOURCE_LIMITS_EXCEEDED', path: ['b'] }] });
    expect(limited).toMatchObject({ errors: [{ type: 'RATE_LIMITED' }] });
    expect((await graphql()).status).toBe(502);
    expect((await graphql()).status).toBe(200);
  });

  test('applies to matching requests, counts them, and ends when it is cleared', async () => {
    const path = '/repos/octo-org/deploy/*';
    await emulator.control.setFaults([{ match: { path, method: 'get', nth: 2, times: 0 }, fault: { status: 503 } }]);
    const listed = () => octokit.actions.listWorkflowRunsForRepo({ owner: 'octo-org', repo: 'deploy' });
    expect((await listed()).status).toBe(200);
    expect((await octokit.repos.get({ owner: 'octo-org', repo: 'docs' })).status).toBe(200);
    expect((await refusal(listed())).status).toBe(503);
    expect((await refusal(listed())).status).toBe(503);
    expect(await emulator.control.faults()).toMatchObject([{ seen: 3, met: 2 }]);
    await emulator.control.clearFaults();
    expect((await listed()).status).toBe(200);
  });
});

describe('an access fault', () => {
  let emulator: Emulator;
  let octokit: Octokit;
  beforeEach(async () => {
    emulator = await startExample();
    octokit = client(emulator, await mint(emulator, 'octo-org'));
  });
  afterEach(() => emulator.close());

  test('that revokes the token refuses this and later requests and starts nothing', async () => {
    await emulator.control.setFaults([{ match: { operation: 'dispatch' }, fault: 'token-revoked' }]);
    expect((await refusal(octokit.actions.createWorkflowDispatch(CD))).status).toBe(401);
    expect((await refusal(octokit.actions.createWorkflowDispatch(CD))).status).toBe(401);
    expect(await emulator.control.runs()).toEqual([]);
    const renewed = client(emulator, await mint(emulator, 'octo-org'));
    expect((await renewed.actions.createWorkflowDispatch(CD)).status).toBe(204);
  });

  test('that hides the repository responds with 404, with 422 to a token request, and with NOT_FOUND in GraphQL', async () => {
    const fault = 'repository-hidden';
    await emulator.control.setFaults(
      (['dispatch', 'token', 'graphql'] as const).map((operation) => ({ match: { operation }, fault })),
    );
    expect(await refusal(octokit.actions.createWorkflowDispatch(CD))).toEqual({ status: 404, message: 'Not Found' });
    expect((await refusal(mint(emulator, 'octo-org', { repositories: ['deploy'] }))).status).toBe(422);
    const read = await octokit.graphql(READ_TWO).catch((error: unknown) => error);
    expect(read).toMatchObject({ data: { a: { name: 'app' }, b: null }, errors: [{ type: 'NOT_FOUND', path: ['b'] }] });
  });

  test('that delays the run list for one request shows the run to the next one', async () => {
    await octokit.actions.createWorkflowDispatch(CD);
    await emulator.control.setFaults([{ match: { operation: 'run-list' }, fault: { runListLagMs: 60_000 } }]);
    const listed = async () => (await octokit.actions.listWorkflowRuns(CD)).data.total_count;
    expect([await listed(), await listed()]).toEqual([0, 1]);
  });
});

describe('a webhook fault', () => {
  let emulator: Emulator;
  let receiver: Receiver;
  beforeEach(async () => {
    receiver = await startReceiver();
    emulator = await startExample({ webhookUrl: receiver.url });
  });
  afterEach(async () => {
    await emulator.close();
    await receiver.close();
  });
  const completes = () => emulator.control.run({ repository: 'octo-org/app', workflow: 'ci.yml' });
  const meets = (...faults: readonly WebhookFault[]) =>
    emulator.control.setFaults(faults.map((fault) => ({ match: { operation: 'webhook' }, fault })));
  const runIds = () =>
    receiver.received.map(({ body }) => (JSON.parse(body) as { workflow_run: { id: number } }).workflow_run.id);

  test('sends the webhook twice with one GUID', async () => {
    await meets('webhook-twice');
    const { delivery } = await completes();
    expect(receiver.received.map(({ headers }) => headers['x-github-delivery'])).toEqual([
      delivery?.guid,
      delivery?.guid,
    ]);
  });

  test('loses the webhook: the log records no response', async () => {
    await meets('webhook-lost');
    const { delivery } = await completes();
    expect(receiver.received).toEqual([]);
    expect(delivery).toMatchObject({ status: 'timed out', statusCode: 0 });
    expect(await emulator.control.deliveries()).toMatchObject([{ guid: delivery?.guid, status: 'timed out' }]);
  });

  test('sends the webhook after the next one', async () => {
    await meets('webhook-out-of-order');
    const first = await completes();
    expect(first).toMatchObject({ delivery: null, notDelivered: expect.stringContaining('delays it') });
    const second = await completes();
    expect(runIds()).toEqual([second.run.id, first.run.id]);
  });

  test('sends the webhook after its delay or when it is released', async () => {
    await meets({ webhookLateMs: 1 }, { webhookLateMs: 3_600_000 });
    const [soon, late] = [await completes(), await completes()];
    await eventually(
      async () => runIds(),
      (ids) => ids.length === 1,
    );
    expect(runIds()).toEqual([soon.run.id]);
    expect(await emulator.control.releaseWebhooks()).toEqual({ released: 1 });
    expect(runIds()).toEqual([soon.run.id, late.run.id]);
  });

  test('is refused for a request, and a request fault for a webhook', async () => {
    await expect(
      emulator.control.setFaults([{ match: { operation: 'webhook' }, fault: 'repository-hidden' }]),
    ).rejects.toThrow('does not fit');
    await expect(
      emulator.control.setFaults([{ match: { operation: 'dispatch' }, fault: 'webhook-twice' }]),
    ).rejects.toThrow('does not fit');
  });
});

describe('the request log', () => {
  test('counts received requests by operation and token, without control calls', async () => {
    const emulator = await startExample();
    try {
      const octokit = client(emulator, await mint(emulator, 'octo-org'));
      await octokit.actions.createWorkflowDispatch(CD);
      await octokit.actions.createWorkflowDispatch({ ...CD, ref: 'nope' }).catch(() => undefined);
      const { counts, requests } = await emulator.control.requests();
      expect(counts).toEqual({ installation: 1, token: 1, dispatch: 2 });
      expect(requests.map(({ status, installationId }) => [status, installationId])).toEqual([
        [200, null],
        [201, null],
        [204, 51_000_001],
        [422, 51_000_001],
      ]);
      await emulator.control.clearRequests();
      expect(await emulator.control.requests()).toEqual({ counts: {}, requests: [] });
    } finally {
      await emulator.close();
    }
  });
});

describe('random faults', () => {
  const sequence = (seed: number): boolean[] => {
    const faults = new FaultInjector();
    faults.set([{ match: { operation: 'dispatch', times: 0, chance: 0.5 }, fault: 'reset-after' }], seed);
    const path = '/repos/a/b/actions/workflows/c.yml/dispatches';
    return Array.from({ length: 200 }, () => faults.takeFault('POST', path) !== null);
  };

  test('are the same for the same seed and differ for another', () => {
    expect(sequence(7)).toEqual(sequence(7));
    expect(sequence(7)).not.toEqual(sequence(8));
  });

  test('occur with about the given probability', () => {
    const met = sequence(7).filter(Boolean).length;
    expect(met).toBeGreaterThan(70);
    expect(met).toBeLessThan(130);
  });
});

test.each([
  ['POST', '/app/installations/1/access_tokens', 'token'],
  ['POST', '/graphql', 'graphql'],
  ['POST', '/repos/a/b/actions/workflows/cd.yml/dispatches', 'dispatch'],
  ['GET', '/repos/a/b/actions/workflows/cd.yml/runs', 'run-list'],
  ['GET', '/repos/a/b/actions/runs', 'run-list'],
  ['GET', '/repos/a/b/actions/runs/1', 'run-read'],
  ['GET', '/repos/a/b/actions/runs/1/jobs', 'job-list'],
  ['POST', '/repos/a/b/issues', 'issue-create'],
  ['POST', '/repos/a/b/issues/1/comments', 'comment-create'],
  ['POST', '/app/hook/deliveries/1/attempts', 'redelivery'],
  ['GET', '/repos/a/b', 'other'],
])('%s %s is the operation %s', (method, path, operation) => {
  expect(operationOf(method, path)).toBe(operation);
});
