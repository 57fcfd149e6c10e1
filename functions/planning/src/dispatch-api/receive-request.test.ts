import { beforeEach, describe, expect, test } from '@jest/globals';
import {
  defaultGuardRails,
  DispatchResponse,
  DispatchProblem,
  Fact,
  type RepositorySnapshot,
} from '@dispatcher/contracts';
import { readFile } from '@dispatcher/contracts/testing';
import { GitHubRateLimitedError, GitHubTransientError } from '@dispatcher/github';
import {
  createFailedAuthenticationLimiter,
  createKeyCheck,
  DeferError,
  hashSecret,
  generateApiKey,
} from '@dispatcher/lambda';
import { silent } from '@dispatcher/lambda/testing';
import { type ApiKeyRecord, isLiveKey } from '@dispatcher/store';
import { createCompileCache } from '@dispatcher/rules';
import { refuseDuringOutage } from '../plan/outage.ts';
import {
  createRepositoryIds,
  noCandidateStore,
  noCommitRuns,
  repository,
  readNoPolicies,
} from '../testing/fixtures.ts';
import type { DispatchApiRequest, DispatchApiResponse } from './http.ts';
import { type DispatchApiDependencies, receive } from './receive-request.ts';

const consent =
  'inbound:\n  - source: { key: nightly }\n    targets: [{ workflow: cd.yml, inputs: [sha] }, { event-type: deploy }]\n';
const workflow = { repository: 'octo-org/deploy', workflow: 'cd.yml' };
const event = { repository: 'octo-org/deploy', event_type: 'deploy' };
const { keyId, secret, text } = generateApiKey();
const request: DispatchApiRequest = {
  method: 'POST',
  query: '',
  body: '',
  apiKey: text,
  idempotencyKey: undefined,
  address: '192.0.2.1',
};

let now: number;
let record: ApiKeyRecord;
let target: RepositorySnapshot;
let reads: number;
let facts: Fact[];
let usedKeys: string[];
let deps: DispatchApiDependencies;

beforeEach(() => {
  now = Date.parse('2026-01-02T03:04:10.000Z');
  record = {
    keyId,
    name: 'nightly',
    role: 'dispatch',
    targets: ['octo-org/deploy'],
    secretHash: hashSecret(secret),
    createdAt: '2026-01-01T00:00:00.000Z',
    createdBy: 'octocat',
    expiresAt: '2026-02-01T00:00:00.000Z',
    revokedAt: null,
  };
  target = { ...repository('deploy', 22, consent), visibility: 'private' };
  reads = 0;
  facts = [];
  usedKeys = [];
  const stored = new Map<string, string>();
  deps = {
    keyOf: createKeyCheck({ find: async (id) => (id === keyId ? record : null), isLive: isLiveKey, now: () => now }),
    recordKeyUse: async (key) => void usedKeys.push(key.keyId),
    failedAuthentications: createFailedAuthenticationLimiter(() => now),
    verifyJobToken: async () => ({ detail: 'No token is valid here.' }),
    useToken: () => Promise.reject(new Error('A key has no token.')),
    jobRuns: {
      installationOf: () => Promise.reject(new Error('A key has no run.')),
      getRun: () => Promise.reject(new Error('A key has no run.')),
    },
    startedBy: () => Promise.reject(new Error('A key has no run.')),
    maxLineageDelayMs: 0,
    log: silent,
    waitToParse: async () => {},
    deferDuringOutage: refuseDuringOutage(() => now),
    reader: {
      readSource: () => Promise.reject(new Error('An API key has no source repository.')),
      readPolicies: readNoPolicies,
      readTargets: async () => {
        reads += 1;
        return { 'octo-org/deploy': target };
      },
    },
    permissionsOf: async () => ({ contents: 'write' }),
    revisions: { setCurrent: async () => {} },
    planProblems: { begin: async () => {}, isOpen: async () => false },
    files: { put: async () => {} },
    findRequester: () => Promise.reject(new Error('The dispatch API has authenticated the key.')),
    cache: createCompileCache(),
    observer: { observeOfPlan: async () => {} },
    repositoryIds: createRepositoryIds(),
    ...noCommitRuns,
    candidates: noCandidateStore,
    once: async (key, work) => {
      const known = stored.get(key) ?? (await work());
      stored.set(key, known);
      return known;
    },
    withdrawals: { put: async () => {} },
    decisionMaxAgeMs: 300_000,
    appSlug: 'dispatcher',
    guardRails: defaultGuardRails,
    bus: {
      publish: async (published) => {
        facts.push(...published.map((fact) => Fact.parse(fact)));
      },
    },
    meter: { count: () => {}, milliseconds: () => {} },
    now: () => now,
  };
});

async function send(body: unknown, change: Partial<DispatchApiRequest> = {}): Promise<DispatchApiResponse> {
  const response = await receive(deps, { ...request, body: JSON.stringify(body), ...change });
  (response.status === 202 ? DispatchResponse : DispatchProblem).parse(response.body);
  return response;
}

describe('an allowed request', () => {
  test('gets its ids in the response and is published as a plan with one allowed decision', async () => {
    // Without a snapshot of the workflow, GitHub validates the inputs.
    target = { ...repository('deploy', 22, consent), workflows: {} };
    const { status, body } = await send({ ...workflow, inputs: { sha: 'abc' } });
    expect(status).toBe(202);
    expect(body).toEqual({
      success: true,
      target: 'octo-org/deploy:cd.yml',
      runKey: expect.stringMatching(/^request-[0-9a-f]{32}$/),
      dispatchId: expect.stringMatching(/^[0-9a-f]{32}$/),
      correlationId: expect.any(String),
    });
    expect(facts).toMatchObject([
      { type: 'run.planned', runKey: body['runKey'], correlationId: body['correlationId'], data: { allowed: 1 } },
      {
        type: 'route.decided',
        data: {
          decision: { effect: 'allow', dispatchId: body['dispatchId'], ref: 'main', inputs: { sha: 'abc' } },
          lineage: { depth: 0, path: [] },
        },
      },
    ]);
  });

  test('the payload of an event is in route.decided and not in run.planned', async () => {
    expect((await send({ ...event, client_payload: { tag: 'only-in-the-payload' } })).body).toMatchObject({
      target: 'octo-org/deploy#deploy',
    });
    const [planned, decided] = facts;
    // Not a text that a random id can contain.
    expect(JSON.stringify(planned)).not.toContain('only-in-the-payload');
    expect(decided).toMatchObject({
      data: { trigger: { request: { clientPayload: '{"tag":"only-in-the-payload"}' } }, decision: { ref: 'main' } },
    });
  });

  test('two requests without an idempotency key are two dispatches', async () => {
    const [first, second] = [await send(workflow), await send(workflow)];
    expect(first.body['dispatchId']).not.toBe(second.body['dispatchId']);
  });

  test('two requests with the same idempotency key are one: same response, same facts, one read', async () => {
    const first = await send(workflow, { idempotencyKey: 'once' });
    now += 60_000;
    target = { state: 'absent' };
    expect(await send(workflow, { idempotencyKey: 'once' })).toEqual(first);
    expect(reads).toBe(1);
    expect(JSON.stringify(facts.slice(2))).toBe(JSON.stringify(facts.slice(0, 2)));
  });

  test('a new API key of the same name makes the same request with the same idempotency key', async () => {
    const first = await send(event, { idempotencyKey: 'once' });
    record = { ...record, keyId: 'f'.repeat(16) };
    const next = { ...deps, keyOf: async () => record };
    const body = JSON.stringify(event);
    expect(await receive(next, { ...request, body, apiKey: 'x', idempotencyKey: 'once' })).toEqual(first);
  });

  test('the order of inputs does not make a different request', async () => {
    const inputs = { sha: 'abc', environment: 'staging' };
    const reordered = { environment: 'staging', sha: 'abc' };
    const first = await send({ ...workflow, inputs }, { idempotencyKey: 'once' });
    expect(await send({ ...workflow, inputs: reordered }, { idempotencyKey: 'once' })).toEqual(first);
  });

  test('a different body with the same idempotency key is refused and starts nothing', async () => {
    await send(workflow, { idempotencyKey: 'once' });
    facts = [];
    const other = await send({ ...workflow, inputs: { sha: 'abc' } }, { idempotencyKey: 'once' });
    expect(other).toMatchObject({ status: 422, body: { field: 'Idempotency-Key' } });
    expect(facts).toEqual([]);
  });
});

describe('a refused request', () => {
  test('a private target that refuses looks as if it did not exist, and the fact states the reason', async () => {
    target = { ...repository('deploy', 22, 'inbound: []\n'), visibility: 'private' };
    const refused = await send(workflow);
    expect(refused).toMatchObject({ status: 403, headers: { 'content-type': 'application/problem+json' } });
    expect(refused.body).toMatchObject({ code: 'target-refused', fix: expect.any(String), responsible: 'target' });
    expect(facts[1]).toMatchObject({ type: 'route.decided', data: { decision: { code: 'inbound-no-match' } } });
    target = { state: 'absent' };
    const { runKey: _, dispatchId: __, correlationId: ___, ...absent } = (await send(workflow)).body;
    expect(refused.body).toMatchObject(absent);
  });

  test('a consenting private target’s workflow that does not accept an input is named with the input', async () => {
    const contents = repository('deploy', 22, consent);
    const text = 'on: { workflow_dispatch: { inputs: { sha: { type: number, required: true } } } }\n';
    const workflows = { 'cd.yml': readFile('typed', text) };
    target = { ...contents, visibility: 'private', workflows };
    expect(await send({ ...workflow, inputs: { sha: 'abc' } })).toMatchObject({
      status: 403,
      body: {
        code: 'input-type',
        detail: 'octo-org/deploy:cd.yml does not accept sha: abc; it accepts sha: a number.',
        fix: 'Send a value of that type in the request.',
      },
    });
    expect(await send({ ...workflow, inputs: {} })).toMatchObject({
      body: {
        code: 'input-missing',
        detail: 'octo-org/deploy:cd.yml requires sha; the dispatch sets no inputs.',
        fix: 'Set the input in the request, or give it a default in the workflow.',
      },
    });
  });

  test('a target outside the key’s scope is refused without a read', async () => {
    record = { ...record, targets: ['octo-org/deploy#deploy'] };
    expect(await send(workflow)).toMatchObject({ status: 403, body: { code: 'key-scope', responsible: 'operator' } });
    expect(reads).toBe(0);
  });

  test('is refused while dispatching is paused', async () => {
    deps = { ...deps, guardRails: { ...defaultGuardRails, paused: true } };
    expect(await send(workflow)).toMatchObject({ status: 403, body: { code: 'paused' } });
  });

  test('a missing permission of the App is named in the response', async () => {
    deps = { ...deps, permissionsOf: async () => ({ contents: 'read', actions: 'write' }) };
    const { status, body } = await send(event);
    expect({ status, code: body['code'] }).toEqual({ status: 403, code: 'app-permission-missing' });
    expect(JSON.stringify(body)).toMatch(/contents: write.*opt-in/);
  });

  test('an invalid field or an invalid idempotency key gets 400', async () => {
    expect(await send({ ...workflow, ref: 3 })).toMatchObject({ status: 400, body: { field: 'ref' } });
    expect(await send(workflow, { idempotencyKey: 'a b' })).toMatchObject({
      status: 400,
      body: { field: 'Idempotency-Key' },
    });
    expect(facts).toEqual([]);
  });

  test.each(['GET', 'PUT', 'OPTIONS'])(
    'with the method %s gets 405 with Allow, but only with a valid key',
    async (method) => {
      expect(await send(workflow, { method })).toMatchObject({ status: 405, headers: { allow: 'POST' } });
      const anonymous = await send(workflow, { method, apiKey: undefined });
      expect(anonymous.status).toBe(401);
      expect(anonymous.headers).not.toHaveProperty('allow');
    },
  );

  test.each(['__proto__=1', 'limit=0x10', 'a=1&a=2'])(
    'with the query ?%s gets 400: it would be ignored',
    async (query) => {
      expect(await send(workflow, { query })).toMatchObject({ status: 400, body: { field: 'query' } });
      expect(facts).toEqual([]);
    },
  );
});

describe('authentication', () => {
  test('a key that authenticates a request is recorded as used, and a key with another role is not', async () => {
    await receive(deps, { ...request, body: JSON.stringify(workflow) });
    expect(usedKeys).toEqual([keyId]);
    record = { ...record, role: 'operator' };
    await receive(deps, { ...request, body: JSON.stringify(workflow) });
    expect(usedKeys).toEqual([keyId]);
  });

  const detail = 'Authentication failed: the API key is missing or invalid.';
  const unauthorized = { status: 401, body: { type: 'about:blank', title: 'Unauthorized', status: 401, detail } };

  test('a revoked key starts nothing, without delay', async () => {
    expect(await send(workflow)).toMatchObject({ status: 202 });
    record = { ...record, revokedAt: new Date(now).toISOString() };
    expect(await send(workflow)).toMatchObject({ status: 401 });
  });

  test('a missing, wrong, unknown, expired or revoked key and one with another role get the same response', async () => {
    const [head] = [text.slice(0, -1)];
    const wrong = `${head}${text.endsWith('A') ? 'B' : 'A'}`;
    for (const apiKey of [undefined, '', 'dsp_1', wrong, generateApiKey().text]) {
      expect(await send(workflow, { apiKey })).toMatchObject(unauthorized);
      expect((await send({ wrong: 'too' }, { apiKey })).body).toEqual(unauthorized.body);
    }
    for (const change of [
      { revokedAt: '2026-01-02T03:04:09.000Z' },
      { expiresAt: '2026-01-02T03:04:10.000Z' },
      { role: 'operator' as const },
    ]) {
      const before = record;
      record = { ...record, ...change };
      now += 61_000;
      deps = { ...deps, failedAuthentications: createFailedAuthenticationLimiter(() => now) };
      expect(await send(workflow)).toMatchObject(unauthorized);
      record = before;
    }
    expect(facts).toEqual([]);
  });

  test('after many wrong keys an address gets 429, and a valid key is still accepted', async () => {
    const statuses = [];
    for (let attempt = 0; attempt < 12; attempt += 1)
      statuses.push((await send(workflow, { apiKey: generateApiKey().text })).status);
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 401), 429, 429]);
    expect((await send(workflow)).status).toBe(202);
  });
});

describe('failures', () => {
  const failing = (thrown: Error) => {
    deps = { ...deps, reader: { ...deps.reader, readTargets: () => Promise.reject(thrown) } };
  };

  test('if GitHub is unavailable, nothing is decided and the caller can retry', async () => {
    failing(new GitHubTransientError('The server is down.', 502));
    const response = await send(workflow, { idempotencyKey: 'once' });
    expect(response).toMatchObject({ status: 503, headers: { 'retry-after': '5' } });
    expect(JSON.stringify(response.body)).not.toContain('server is down');
    target = { state: 'unknown', reason: 'Something went wrong' };
    deps = { ...deps, reader: { ...deps.reader, readTargets: async () => ({ 'octo-org/deploy': target }) } };
    expect((await send(workflow, { idempotencyKey: 'once' })).status).toBe(503);
    expect(facts).toEqual([]);
    target = repository('deploy', 22, consent);
    expect((await send(workflow, { idempotencyKey: 'once' })).status).toBe(202);
  });

  test('while GitHub cannot be reached the caller gets 503 with the time of the next try', async () => {
    target = { state: 'unknown', reason: 'no response', unreachable: { retryAt: now + 89_500 } };
    expect(await send(workflow, { idempotencyKey: 'once' })).toMatchObject({
      status: 503,
      headers: { 'retry-after': '90' },
    });
    expect(facts).toEqual([]);
    target = repository('deploy', 22, consent);
    expect((await send(workflow, { idempotencyKey: 'once' })).status).toBe(202);
  });

  test('a rate limit gets 503 with its retry-after', async () => {
    failing(new GitHubRateLimitedError('Limited.', 403, { retryAfterMs: 61_500, scope: 'primary', installationId: 5 }));
    expect(await send(workflow)).toMatchObject({ status: 503, headers: { 'retry-after': '62' } });
  });

  test('a request that another process is handling gets 409', async () => {
    deps = { ...deps, once: () => Promise.reject(new DeferError('Another worker.', 5_000)) };
    expect(await send(workflow, { idempotencyKey: 'once' })).toMatchObject({
      status: 409,
      headers: { 'retry-after': '1' },
    });
  });
});
