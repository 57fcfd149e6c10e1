import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { hashSecret, generateApiKey } from '@dispatcher/lambda';
import { type ApiKeyRecord, createAccessStore, type HistoryFact } from '@dispatcher/store';
import { awsAccess, tableName } from '../aws/provision.ts';
import { startSystem, type System } from '../app/system.ts';
import { control, dispatchedRuns } from '../testing/github.ts';
import { until } from '../testing/until.ts';
import { factsOfRun, ofType } from '../testing/operator.ts';

// Sends POST /dispatch to the running system, including requests that GitHub or the target rejects.

const target = 'octo-org/by-key';
const consent = `inbound:
  - source: { key: nightly }
    targets:
      - { workflow: cd.yml, inputs: [sha] }
      - { event-type: deploy }
      - { event-type: release }
`;

let dataDir: string;
let system: System;
let github: string;
let client: DynamoDBClient;
let apiKey: string;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'start-by-key-'));
  system = await startSystem({ dataDir, port: 0, env: {} });
  github = system.emulatorUrl ?? '';
  client = new DynamoDBClient({ ...awsAccess, endpoint: system.awsUrl });
  apiKey = await createKey('nightly', [target]);
  await control(github, 'POST', '/repositories', {
    owner: 'octo-org',
    name: 'by-key',
    branches: {
      main: {
        files: {
          'dispatching.yml': consent,
          '.github/workflows/cd.yml': 'on: { workflow_dispatch: { inputs: { sha: { type: string } } } }\njobs: {}\n',
          '.github/workflows/on-event.yml': 'on: { repository_dispatch: { types: [deploy] } }\njobs: {}\n',
        },
      },
    },
  });
});
afterAll(async () => {
  client.destroy();
  await system.close();
  await rm(dataDir, { recursive: true });
});

async function createKey(name: string, targets: string[]): Promise<string> {
  const { keyId, secret, text } = generateApiKey();
  const { keys } = createAccessStore({ client: DynamoDBDocumentClient.from(client), table: tableName('access') });
  const { made } = await keys.findByName(name);
  const record: ApiKeyRecord = {
    keyId,
    name,
    role: 'dispatch',
    targets,
    secretHash: hashSecret(secret),
    createdAt: new Date().toISOString(),
    createdBy: 'octocat',
    expiresAt: null,
    revokedAt: null,
  };
  await keys.create(record, made);
  return text;
}

interface ApiResponse {
  readonly status: number;
  readonly type: string | null;
  readonly body: Record<string, unknown>;
}

async function request(body: unknown, headers: Record<string, string> = { 'x-api-key': apiKey }): Promise<ApiResponse> {
  const response = await fetch(`${system.url}/dispatch`, { method: 'POST', headers, body: JSON.stringify(body) });
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    body: (await response.json()) as Record<string, unknown>,
  };
}

async function until202(send: () => Promise<ApiResponse>): Promise<ApiResponse> {
  let last: ApiResponse | undefined;
  await until(async () => {
    last = await send();
    expect([202, 503]).toContain(last.status);
    return last.status === 202;
  });
  return last as ApiResponse;
}

async function factOf<T extends HistoryFact['type']>(
  runKey: unknown,
  type: T,
): Promise<Extract<HistoryFact, { type: T }>> {
  let found: HistoryFact | undefined;
  await until(async () => {
    [found] = ofType(await factsOfRun(system.url, String(runKey)), type);
    return found !== undefined;
  });
  return found as Extract<HistoryFact, { type: T }>;
}

async function events(): Promise<readonly { readonly event: string; readonly clientPayload?: unknown }[]> {
  const runs = await control<{ event: string; clientPayload?: unknown }[]>(github, 'GET', '/runs');
  return runs.filter(({ event }) => event === 'repository_dispatch');
}

async function eventPosts(): Promise<number> {
  const { counts } = await control<{ counts: Record<string, number> }>(github, 'GET', '/requests');
  return counts['event'] ?? 0;
}

const workflow = { repository: target, workflow: 'cd.yml', inputs: { sha: 'abc' } };

describe('an API key starts a workflow', () => {
  test('once, even if the request is repeated with its idempotency key', async () => {
    const headers = { 'x-api-key': apiKey, 'idempotency-key': 'release-1' };
    const first = await request(workflow, headers);
    expect(first).toMatchObject({ status: 202, body: { success: true, target: `${target}:cd.yml` } });
    const { data } = await factOf(first.body['runKey'], 'dispatch.accepted');
    expect(data).toMatchObject({ dispatchId: first.body['dispatchId'], workflowRunId: expect.any(Number) });

    expect(await request(workflow, headers)).toEqual(first);
    expect((await request({ ...workflow, inputs: {} }, headers)).status).toBe(422);
    // A third request, with another idempotency key, ends after anything that the repeat could have started.
    const other = await request(workflow);
    await factOf(other.body['runKey'], 'dispatch.accepted');
    const runs = await dispatchedRuns(github, target);
    expect(runs).toHaveLength(2);
    expect(runs[0]).toMatchObject({ event: 'workflow_dispatch', inputs: { sha: 'abc' } });
  });

  test('and the end of the run is recorded under the request', async () => {
    const { body } = await request(workflow);
    const { data } = await factOf(body['runKey'], 'dispatch.accepted');
    await control(github, 'POST', `/runs/${data.workflowRunId}/complete`, { conclusion: 'success' });
    expect(await factOf(body['runKey'], 'dispatch.completed')).toMatchObject({
      correlationId: body['correlationId'],
      data: { conclusion: 'success', sourceRunUrl: null },
    });
  });
});

test('a revoked key starts nothing, and a replay of its earlier requests starts nothing', async () => {
  const revokedKey = await createKey('nightly', [target]);
  const headers = { 'x-api-key': revokedKey };
  const { body } = await request(workflow, headers);
  const runKey = String(body['runKey']);
  await factOf(runKey, 'dispatch.accepted');
  const { data } = await factOf(runKey, 'route.decided');
  const started = await dispatchedRuns(github, target);

  const { keys } = createAccessStore({ client: DynamoDBDocumentClient.from(client), table: tableName('access') });
  await keys.revoke(revokedKey.split('_')[1] ?? '', new Date().toISOString());
  expect((await request(workflow, headers)).status).toBe(401);

  const replay = { mode: 'dispatch-again', routeId: data.decision.routeId, reason: 'a test' };
  const response = await fetch(`${system.url}/api/runs/${runKey}/replay`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(replay),
  });
  expect(response.status).toBe(202);
  await until(async () => {
    const decided = ofType(await factsOfRun(system.url, runKey), 'route.decided');
    return decided.some((fact) => fact.data.decision.code === 'key-ended');
  });
  expect(await dispatchedRuns(github, target)).toHaveLength(started.length);
});

describe('a rejected request', () => {
  test('that the target does not allow receives a code, a detail and a fix, and starts nothing', async () => {
    const otherKey = await createKey('other', [target]);
    const { status, type, body } = await request(workflow, { 'x-api-key': otherKey });
    expect({ status, type }).toEqual({ status: 403, type: expect.stringContaining('application/problem+json') });
    expect(body).toMatchObject({
      status: 403,
      code: 'target-refused',
      detail: expect.any(String),
      fix: expect.any(String),
    });
    expect(await factOf(body['runKey'], 'route.decided')).toMatchObject({
      data: { decision: { code: 'inbound-no-match' } },
    });
  });

  test('with an invalid body names the field', async () => {
    expect(await request({ ...workflow, inputs: { sha: 7 } })).toMatchObject({
      status: 400,
      body: { field: 'inputs.sha' },
    });
    expect(await request({ ...workflow, event_type: 'deploy' })).toMatchObject({
      status: 400,
      body: { field: 'workflow' },
    });
  });

  test('without a key receives no details', async () => {
    const { status, body } = await request(workflow, {});
    expect({ status, body }).toEqual({
      status: 401,
      body: {
        type: 'about:blank',
        title: 'Unauthorized',
        status: 401,
        detail: 'Authentication failed: the API key is missing or invalid.',
      },
    });
  });
});

describe('a repository_dispatch', () => {
  const event = { repository: target, event_type: 'deploy', client_payload: { sha: 'abc', more: [1, { two: '2' }] } };

  test('is rejected if the App lacks `contents: write`, and the response says so', async () => {
    const { status, body } = await request(event);
    expect({ status, code: body['code'] }).toEqual({ status: 403, code: 'app-permission-missing' });
    expect(body['detail']).toContain('contents: write');
    expect(await eventPosts()).toBe(0);
  });

  describe('if the App has the permission', () => {
    // Another account, because the permissions of the first one are cached for a minute.
    const partner = { ...event, repository: 'octo-partner/by-key' };
    let partnerKey: string;
    beforeAll(async () => {
      partnerKey = await createKey('nightly', ['octo-partner/by-key#deploy']);
      const permissions = { metadata: 'read', contents: 'write', actions: 'write', issues: 'write' };
      const installation = { id: 51_000_002, account: 'octo-partner', repositories: 'all', permissions };
      await control(github, 'POST', '/installations', installation);
      const files = {
        'dispatching.yml': consent,
        '.github/workflows/on-event.yml': 'on: { repository_dispatch: { types: [deploy] } }\njobs: {}\n',
      };
      await control(github, 'POST', '/repositories', {
        owner: 'octo-partner',
        name: 'by-key',
        branches: { main: { files } },
      });
    });

    test('starts the workflows that it triggers, with its payload, and is accepted without a run id', async () => {
      const { status, body } = await request(partner, { 'x-api-key': partnerKey });
      expect(status).toBe(202);
      expect((await factOf(body['runKey'], 'dispatch.accepted')).data).toMatchObject({ workflowRunId: null });
      expect((await events()).map(({ clientPayload }) => clientPayload)).toEqual([event.client_payload]);
    });

    test.each(['reset-after', 'status-after'])('whose response is lost (%s) is sent only once', async (fault) => {
      const before = { posts: await eventPosts(), runs: (await events()).length };
      await control(github, 'POST', '/faults', { rules: [{ match: { operation: 'event' }, fault }], seed: 1 });
      const { body } = await request(partner, { 'x-api-key': partnerKey });
      const { data } = await factOf(body['runKey'], 'dispatch.accepted');
      expect(data).toMatchObject({ workflowRunId: null, code: 'response-lost' });
      // A later event ends after everything before it. Until the installation is tried again, requests get 503.
      const later = await until202(() => request(partner, { 'x-api-key': partnerKey }));
      await factOf(later.body['runKey'], 'dispatch.accepted');
      expect(await eventPosts()).toBe(before.posts + 2);
      expect(await events()).toHaveLength(before.runs + 2);
    });
  });
});
