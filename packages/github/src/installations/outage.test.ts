import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  appOf,
  type FakeGitHub,
  type FakeReply,
  isMinting,
  startFakeGitHub,
  tokenResponse,
} from '../testing/fake-github.ts';
import type { InstallationHold, InstallationLimits } from '../transport/options.ts';

const source = { installationId: 7, owner: 'acme', name: 'app' };
const dispatch = {
  ...source,
  repositoryId: 42,
  workflow: 'cd.yml',
  ref: 'main',
  inputs: {},
  responseDeadline: Number.MAX_SAFE_INTEGER,
};
const start = Date.parse('2026-03-01T10:00:00Z');
const waitMs = 8_000;
const responding = { body: { data: { r0: null } } };

let github: FakeGitHub;
let reply: FakeReply;
let now: number;
let outages: Map<number, NonNullable<InstallationHold['outage']>>;
const limits: InstallationLimits = {
  holdOf: async (id) => ({ rateLimitedUntil: null, outage: outages.get(id) ?? null }),
  setDeferUntil: () => Promise.reject(new Error('GitHub did not refuse.')),
  recordOutage: async (id) => {
    outages.set(id, { since: outages.get(id)?.since ?? now, until: now + waitMs });
    return now + waitMs;
  },
  endOutage: async (id) => void outages.delete(id),
};
const app = () => appOf(github, { limits, now: () => now, requestTimeoutMs: 500 });

beforeEach(async () => {
  reply = responding;
  now = start;
  outages = new Map();
  github = await startFakeGitHub((request, seen) =>
    isMinting(request) && reply !== 'reset' ? tokenResponse(seen, start + 3_600_000) : reply,
  );
});
afterEach(() => github.close());

describe('while GitHub cannot be reached', () => {
  const failures: readonly [string, FakeReply][] = [
    ['a 502', { status: 502, body: { message: 'Bad Gateway' } }],
    ['a connection that is reset', 'reset'],
    ['no response', 'hang'],
    ['half a response', { body: '{"data":{"r0":' }],
  ];

  test.each(failures)('because of %s, other calls of the installation wait without a request', async (_, failure) => {
    reply = failure;
    const client = app();
    const first = await client.createReader().readSource(source);
    expect(first).toMatchObject({ state: 'unknown', unreachable: { retryAt: start + waitMs } });
    const sent = github.seen.length;
    now += 1_000;
    const second = await client.createReader().readSource({ ...source, name: 'other' });
    expect(second).toMatchObject({ state: 'unknown', unreachable: { retryAt: start + waitMs } });
    await expect(client.jobCount({ ...source, repositoryId: 42, workflowRunId: 1 })).rejects.toMatchObject({
      name: 'GitHubUnreachableError',
      retryAfterMs: waitMs - 1_000,
    });
    await expect(client.startWorkflow(dispatch)).rejects.toMatchObject({ name: 'GitHubUnreachableError' });
    expect(github.seen).toHaveLength(sent);
  });

  test('an installation that was not called is called, and a response after the wait ends the outage', async () => {
    reply = { status: 500, body: { message: 'Oops' } };
    const client = app();
    await client.createReader().readSource(source);
    reply = responding;
    expect(await client.createReader().readSource({ ...source, installationId: 8 })).toEqual({ state: 'absent' });
    expect(outages.has(7)).toBe(true);
    now += waitMs;
    expect(await client.createReader().readSource(source)).toEqual({ state: 'absent' });
    expect(outages.size).toBe(0);
  });

  test('a refusal is a response too: it ends the outage and shows none', async () => {
    outages.set(7, { since: start - 60_000, until: start - 1 });
    reply = { status: 403, body: { message: 'Although you appear to have access, an IP allow list forbids it.' } };
    const snapshot = await app().createReader().readSource(source);
    expect(snapshot).toMatchObject({ state: 'unknown' });
    expect(snapshot).not.toHaveProperty('unreachable');
    expect(outages.size).toBe(0);
  });

  test('a POST without a response keeps its unknown outcome and records the outage', async () => {
    reply = { status: 502, body: { message: 'Bad Gateway' } };
    await expect(app().startWorkflow(dispatch)).rejects.toMatchObject({ name: 'GitHubUnknownOutcomeError' });
    expect(outages.get(7)).toEqual({ since: start, until: start + waitMs });
  });

  test('a call that its caller cancels records no outage', async () => {
    reply = 'hang';
    const controller = new AbortController();
    const call = app().jobCount({ ...source, repositoryId: 42, workflowRunId: 1 }, { signal: controller.signal });
    setTimeout(() => controller.abort(), 50);
    await expect(call).rejects.toMatchObject({ name: 'GitHubTransientError' });
    expect(outages.size).toBe(0);
  });
});
