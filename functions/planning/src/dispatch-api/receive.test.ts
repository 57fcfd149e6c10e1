import { beforeEach, describe, expect, test } from '@jest/globals';
import {
  defaultGuardRails,
  DispatchResponse,
  DispatchProblem,
  Fact,
  type RepositorySnapshot,
} from '@dispatcher/contracts';
import { GitHubRateLimitedError, GitHubTransientError } from '@dispatcher/github';
import {
  createFailedAuthenticationLimiter,
  createKeyCheck,
  DeferError,
  hashSecret,
  newApiKey,
} from '@dispatcher/lambda';
import { silent } from '@dispatcher/lambda/testing';
import { type ApiKeyRecord, isLiveKey } from '@dispatcher/store';
import { createCompileCache } from '../plan/compile-cache.ts';
import { repository } from '../testing/fixtures.ts';
import type { DispatchApiResponse } from './http.ts';
import { type DispatchApiDependencies, receive } from './receive.ts';

const consent =
  'inbound:\n  - source: { key: nightly }\n    targets: [{ workflow: cd.yml, inputs: [sha] }, { event-type: deploy }]\n';
const workflow = { repository: 'octo-org/deploy', workflow: 'cd.yml' };
const event = { repository: 'octo-org/deploy', event_type: 'deploy' };
const { keyId, secret, text } = newApiKey();

let now: number;
let record: ApiKeyRecord;
let target: RepositorySnapshot;
let reads: number;
let facts: Fact[];
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
  const stored = new Map<string, string>();
  deps = {
    keyOf: createKeyCheck({ find: async (id) => (id === keyId ? record : null), isLive: isLiveKey, now: () => now }),
    failedAuthentications: createFailedAuthenticationLimiter(() => now),
    log: silent,
    reader: {
      readSource: () => Promise.reject(new Error('A key has no source repository.')),
      readTargets: async () => {
        reads += 1;
        return { 'octo-org/deploy': target };
      },
    },
    permissionsOf: async () => ({ contents: 'write' }),
    findKey: () => Promise.reject(new Error('The door has looked at the key.')),
    cache: createCompileCache(),
    once: async (key, work) => {
      const known = stored.get(key) ?? (await work());
      stored.set(key, known);
      return known;
    },
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

interface Sent {
  readonly apiKey?: string | undefined;
  readonly idempotencyKey?: string;
}

async function send(body: unknown, sent: Sent = {}): Promise<DispatchApiResponse> {
  const { apiKey, idempotencyKey } = { apiKey: text, idempotencyKey: undefined, ...sent };
  const answer = await receive(deps, { body: JSON.stringify(body), apiKey, idempotencyKey, address: '192.0.2.1' });
  (answer.status === 202 ? DispatchResponse : DispatchProblem).parse(answer.body);
  return answer;
}

describe('a request that both sides agree to', () => {
  test('is answered with its ids, and told as a plan with one allowed decision', async () => {
    // Its workflow was not read, so that GitHub decides on its inputs.
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

  test('an event carries its payload to the dispatch function, and not into the lists', async () => {
    expect((await send({ ...event, client_payload: { sha: 'abc' } })).body).toMatchObject({
      target: 'octo-org/deploy#deploy',
    });
    const [planned, decided] = facts;
    expect(JSON.stringify(planned)).not.toContain('abc');
    expect(decided).toMatchObject({
      data: { trigger: { request: { clientPayload: '{"sha":"abc"}' } }, decision: { ref: 'main' } },
    });
  });

  test('sent twice without an idempotency key it is two', async () => {
    const [first, second] = [await send(workflow), await send(workflow)];
    expect(first.body['dispatchId']).not.toBe(second.body['dispatchId']);
  });

  test('sent twice with one it is one: the same answer, the same facts, nothing read again', async () => {
    const first = await send(workflow, { idempotencyKey: 'once' });
    now += 60_000;
    target = { state: 'absent' };
    expect(await send(workflow, { idempotencyKey: 'once' })).toEqual(first);
    expect(reads).toBe(1);
    expect(JSON.stringify(facts.slice(2))).toBe(JSON.stringify(facts.slice(0, 2)));
  });

  test('the key that took over the name asks for the same thing with the same idempotency key', async () => {
    const first = await send(event, { idempotencyKey: 'once' });
    record = { ...record, keyId: 'f'.repeat(16) };
    const next = { ...deps, keyOf: async () => record };
    const body = JSON.stringify(event);
    expect(await receive(next, { body, apiKey: 'x', idempotencyKey: 'once', address: '192.0.2.1' })).toEqual(first);
  });

  test('the order of inputs makes no other request', async () => {
    const inputs = { sha: 'abc', environment: 'staging' };
    const turned = { environment: 'staging', sha: 'abc' };
    const first = await send({ ...workflow, inputs }, { idempotencyKey: 'once' });
    expect(await send({ ...workflow, inputs: turned }, { idempotencyKey: 'once' })).toEqual(first);
  });

  test('another body under the same idempotency key is refused and starts nothing', async () => {
    await send(workflow, { idempotencyKey: 'once' });
    facts = [];
    const other = await send({ ...workflow, inputs: { sha: 'abc' } }, { idempotencyKey: 'once' });
    expect(other).toMatchObject({ status: 422, body: { field: 'Idempotency-Key' } });
    expect(facts).toEqual([]);
  });
});

describe('a request that is refused', () => {
  test('by the target, privately: told as if it did not exist, and recorded with its reason', async () => {
    target = { ...repository('deploy', 22, 'inbound: []\n'), visibility: 'private' };
    const refused = await send(workflow);
    expect(refused).toMatchObject({ status: 403, headers: { 'content-type': 'application/problem+json' } });
    expect(refused.body).toMatchObject({ code: 'target-refused', fix: expect.any(String), responsible: 'target' });
    expect(facts[1]).toMatchObject({ type: 'route.decided', data: { decision: { code: 'inbound-no-match' } } });
    target = { state: 'absent' };
    const { runKey: _, dispatchId: __, correlationId: ___, ...absent } = (await send(workflow)).body;
    expect(refused.body).toMatchObject(absent);
  });

  test('by its own scope: nothing is read', async () => {
    record = { ...record, targets: ['octo-org/deploy#deploy'] };
    expect(await send(workflow)).toMatchObject({ status: 403, body: { code: 'key-scope', responsible: 'operator' } });
    expect(reads).toBe(0);
  });

  test('by a pause', async () => {
    deps = { ...deps, guardRails: { ...defaultGuardRails, paused: true } };
    expect(await send(workflow)).toMatchObject({ status: 403, body: { code: 'paused' } });
  });

  test('for a permission the App lacks, which the answer names', async () => {
    deps = { ...deps, permissionsOf: async () => ({ contents: 'read', actions: 'write' }) };
    const { status, body } = await send(event);
    expect({ status, code: body['code'] }).toEqual({ status: 403, code: 'app-permission-missing' });
    expect(JSON.stringify(body)).toMatch(/contents: write.*opt-in/);
  });

  test('for a field that is wrong, or an idempotency key that is none', async () => {
    expect(await send({ ...workflow, ref: 3 })).toMatchObject({ status: 400, body: { field: 'ref' } });
    expect(await send(workflow, { idempotencyKey: 'a b' })).toMatchObject({
      status: 400,
      body: { field: 'Idempotency-Key' },
    });
    expect(facts).toEqual([]);
  });
});

describe('who may ask', () => {
  const detail = 'Authentication failed: the API key is missing or invalid.';
  const nobody = { status: 401, body: { type: 'about:blank', title: 'Unauthorized', status: 401, detail } };

  test('a key starts nothing from the moment on in which it is revoked', async () => {
    expect(await send(workflow)).toMatchObject({ status: 202 });
    record = { ...record, revokedAt: new Date(now).toISOString() };
    expect(await send(workflow)).toMatchObject({ status: 401 });
  });

  test('no key, a wrong, unknown, expired or revoked one, and one for something else: the same answer', async () => {
    const [head] = [text.slice(0, -1)];
    const wrong = `${head}${text.endsWith('A') ? 'B' : 'A'}`;
    for (const apiKey of [undefined, '', 'dsp_1', wrong, newApiKey().text]) {
      expect(await send(workflow, { apiKey })).toMatchObject(nobody);
      expect((await send({ wrong: 'too' }, { apiKey })).body).toEqual(nobody.body);
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
      expect(await send(workflow)).toMatchObject(nobody);
      record = before;
    }
    expect(facts).toEqual([]);
  });

  test('after many wrong keys from an address it is told to wait, and a good key is still taken', async () => {
    const statuses = [];
    for (let guess = 0; guess < 12; guess += 1)
      statuses.push((await send(workflow, { apiKey: newApiKey().text })).status);
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 401), 429, 429]);
    expect((await send(workflow)).status).toBe(202);
  });
});

describe('trouble', () => {
  const failing = (thrown: Error) => {
    deps = { ...deps, reader: { ...deps.reader, readTargets: () => Promise.reject(thrown) } };
  };

  test('GitHub gives no answer: nothing is decided, and the caller may come again', async () => {
    failing(new GitHubTransientError('The server is down.', 502));
    const answer = await send(workflow, { idempotencyKey: 'once' });
    expect(answer).toMatchObject({ status: 503, headers: { 'retry-after': '5' } });
    expect(JSON.stringify(answer.body)).not.toContain('server is down');
    target = { state: 'unknown', reason: 'Something went wrong' };
    deps = { ...deps, reader: { ...deps.reader, readTargets: async () => ({ 'octo-org/deploy': target }) } };
    expect((await send(workflow, { idempotencyKey: 'once' })).status).toBe(503);
    expect(facts).toEqual([]);
    target = repository('deploy', 22, consent);
    expect((await send(workflow, { idempotencyKey: 'once' })).status).toBe(202);
  });

  test('a rate limit says how long', async () => {
    failing(new GitHubRateLimitedError('Limited.', 403, { retryAfterMs: 61_500, scope: 'primary', installationId: 5 }));
    expect(await send(workflow)).toMatchObject({ status: 503, headers: { 'retry-after': '62' } });
  });

  test('the same request is being answered elsewhere', async () => {
    deps = { ...deps, once: () => Promise.reject(new DeferError('Another worker.', 5_000)) };
    expect(await send(workflow, { idempotencyKey: 'once' })).toMatchObject({
      status: 409,
      headers: { 'retry-after': '1' },
    });
  });
});
