import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Decision, RouteDecided } from '@dispatcher/contracts';
import type { Fault } from '@dispatcher/github-emulator';
import { withdrawalNamesOf } from '@dispatcher/rules';
import { decidedRequest } from '../testing/decisions.ts';
import { decisionOf, type Harness, startHarness, type Worker } from '../testing/harness.ts';

// Whether a decision that waited still holds. `octo-org/app` starts `octo-org/deploy`, and both files agree at first.

const maxAgeMs = 300_000;
const outbound = `outbound:
  - source: { workflow: ci.yml }
    targets: [{ repository: deploy, workflow: cd.yml, inputs: { sha: '\${{ source.head_sha }}' } }]
`;
const inbound = `inbound:
  - source: { repository: app, workflow: ci.yml }
    targets: [{ workflow: cd.yml, inputs: [sha] }]
  - source: { key: nightly }
    targets: [{ workflow: cd.yml }]
`;

let harness: Harness;
let worker: Worker;
let headSha: string;
beforeEach(async () => {
  harness = await startHarness();
  worker = harness.worker({ environment: { DECISION_MAX_AGE: String(maxAgeMs / 1000) } });
  headSha = await write('octo-org/app', outbound);
  await write('octo-org/deploy', inbound);
});
afterEach(() => harness.close());

/** Replaces the dispatching.yml on the default branch; null deletes it. Returns the new commit. */
async function write(repository: string, text: string | null): Promise<string> {
  return (await harness.emulator.control.push(repository, { files: { 'dispatching.yml': text } })).sha;
}

/** Returns the allowed decision about a run of the newest commit of `octo-org/app`. */
function decided(change: Partial<Decision> = {}): RouteDecided {
  const { data, ...rest } = decisionOf(1, { inputs: { sha: headSha }, ...change });
  const { trigger } = data;
  const inputs = { sha: headSha };
  return {
    ...rest,
    data: {
      ...data,
      decision: { ...data.decision, inputs },
      trigger: { ...trigger, run: { ...trigger.run, headSha } },
    },
  };
}

const grow = (ms = maxAgeMs) => harness.clock.advance(ms);
const reads = async () => (await harness.counts())['graphql'] ?? 0;
const posts = async () => (await harness.counts())['dispatch'] ?? 0;

/** Expects that nothing was started and that the refusal was published with this code. */
async function expectRefused(code: string): Promise<void> {
  expect(await posts()).toBe(0);
  expect(harness.facts.filter(({ type }) => type !== 'issue.reported')).toMatchObject([
    { type: 'dispatch.failed', data: { code, status: null } },
  ]);
}

describe('a decision younger than DECISION_MAX_AGE', () => {
  test('starts without another read of GitHub', async () => {
    await worker.actOn(decided());
    expect([await posts(), await reads()]).toEqual([1, 0]);
  });

  test.each<[string, number]>([
    ['of the target', 0],
    ['of the route', 1],
  ])('is confirmed if another plan has shown a withdrawal %s', async (_, index) => {
    const message = decided();
    const name = withdrawalNamesOf(message.data.decision)[index] ?? '';
    await harness.state.withdrawals.put([name], maxAgeMs);
    await write('octo-org/deploy', null);
    await worker.actOn(message);
    await expectRefused('target-no-config');
  });

  test('starts if the consent that another plan missed is back', async () => {
    const message = decided();
    await harness.state.withdrawals.put(withdrawalNamesOf(message.data.decision), maxAgeMs);
    await worker.actOn(message);
    expect([await posts(), await reads()]).toEqual([1, 1]);
  });

  test('is refused if TARGET_REPO_ALLOWLIST no longer contains the target', async () => {
    const narrowed = harness.worker({ environment: { TARGET_REPO_ALLOWLIST: 'octo-org/other' } });
    await narrowed.actOn(decided());
    await expectRefused('target-not-allowed');
  });

  test('of a key that was revoked since is refused, and nothing of the target is read', async () => {
    await harness.keys.revoke('0123456789abcdef', new Date(harness.clock.now()).toISOString());
    await worker.actOn(decidedRequest(1, undefined, { inputs: {} }));
    await expectRefused('key-ended');
    expect(await reads()).toBe(0);
  });
});

describe('a decision older than DECISION_MAX_AGE', () => {
  test('starts after one read of both sides if they still agree', async () => {
    grow();
    await worker.actOn(decided());
    expect([await posts(), await reads()]).toEqual([1, 1]);
    expect((await harness.started())[0]?.inputs).toEqual({ sha: headSha });
  });

  test.each([
    ['refuses it', 'targets: [docs]', 'target-policy-refused'],
    ['is invalid', 'target: [docs]', 'policy-invalid'],
  ])('is refused if the policy of the owner %s', async (_, policy, code) => {
    await harness.emulator.control.putRepository({
      owner: 'octo-org',
      name: '.github',
      branches: { main: { files: { 'dispatching-policy.yml': policy } } },
    });
    grow();
    await worker.actOn(decided());
    await expectRefused(code);
  });

  test('is refused if a policy that was seen cannot be found', async () => {
    await harness.state.repositoryIds.putPolicy('octo-org', 77);
    grow();
    await worker.actOn(decided());
    await expectRefused('policy-unreadable');
  });

  test('of a key starts if the target still names the key', async () => {
    grow();
    await worker.actOn(decidedRequest(1, undefined, { inputs: {} }));
    expect(await posts()).toBe(1);
  });

  test.each<[string, string, string | null, string]>([
    ['the target deleted its file', 'octo-org/deploy', null, 'target-no-config'],
    ['the target removed its rule', 'octo-org/deploy', inbound.replace('app', 'lib'), 'inbound-no-match'],
    ['the source removed its rule', 'octo-org/app', outbound.replace('cd.yml', 'other.yml'), 'no-match'],
    [
      'the source now sends other inputs',
      'octo-org/app',
      outbound.replace('${{ source.head_sha }}', 'x'),
      'decision-outdated',
    ],
  ])('is refused if %s, and a repeat publishes the same fact', async (_, repository, text, code) => {
    await write(repository, text);
    grow();
    const message = decided();
    await worker.actOn(message);
    await expectRefused(code);
    const [first] = harness.facts.filter(({ type }) => type === 'dispatch.failed');
    await write(repository, repository === 'octo-org/app' ? outbound : inbound);
    await worker.actOn(message);
    expect(await posts()).toBe(0);
    expect(harness.facts.filter(({ type }) => type === 'dispatch.failed')).toEqual([first, first]);
  });

  test('that was refused opens an issue in the source, which learns no more of a private target than before', async () => {
    await write('octo-org/deploy', null);
    grow();
    await worker.actOn(decided({ target: { repositoryId: 22, installationId: 5, visibility: 'private' } }));
    const [issue] = await harness.emulator.control.issues();
    expect(issue?.body).toContain('target-refused');
    expect(issue?.body).not.toContain('target-no-config');
    expect(harness.facts.find(({ type }) => type === 'issue.reported')).toMatchObject({
      data: { action: 'opened', code: 'target-no-config' },
    });
  });

  test('may start after the operator re-evaluates the run, under its later revision', async () => {
    await write('octo-org/deploy', null);
    grow();
    const message = decided();
    await worker.actOn(message);
    await write('octo-org/deploy', inbound);
    const { revision } = await harness.state.revisions.raiseRevision(message.runKey, {
      actionId: 'again',
      routeId: null,
      raiseGenerationOf: null,
    });
    await worker.actOn({ ...message, data: { ...message.data, revision } });
    expect(await posts()).toBe(1);
  });

  test('is not refused while GitHub cannot be reached: it waits and uses up no attempt', async () => {
    harness.queue.send(decided());
    const unavailable: Fault = { status: 502, body: { message: 'Bad Gateway' } };
    await harness.fault({ match: { operation: 'graphql', times: 0 }, fault: unavailable });
    grow();
    const recoversAt = harness.clock.now() + 2 * 60 * 60_000;
    await harness.queue.drain(async (event, context) => {
      if (harness.clock.now() >= recoversAt) await harness.fault();
      return worker.handle(event, context);
    });
    expect(harness.clock.now()).toBeGreaterThanOrEqual(recoversAt);
    expect(harness.queue.deadLetters).toEqual([]);
    expect(await posts()).toBe(1);
  });

  test('waits for the end of a rate limit that its read meets', async () => {
    harness.queue.send(decided());
    grow();
    await harness.fault({
      match: { operation: 'graphql', times: 1 },
      fault: { status: 429, headers: { 'retry-after': '600' } },
    });
    const limitedUntil = harness.clock.now() + 600_000;
    await harness.queue.drain(worker.handle);
    expect(harness.clock.now()).toBeGreaterThanOrEqual(limitedUntil);
    expect(await posts()).toBe(1);
  });

  test('whose dispatch has begun is reconciled, whatever the files say now', async () => {
    await harness.fault({ match: { operation: 'dispatch' }, fault: 'reset-after' });
    const message = decided();
    await expect(worker.actOn(message)).rejects.toThrow();
    await write('octo-org/deploy', null);
    grow();
    await worker.actOn(message);
    expect(await posts()).toBe(1);
    expect(harness.facts).toMatchObject([{ type: 'dispatch.accepted' }]);
  });
});

describe('a process that is suspended between the checks and the intent', () => {
  test('makes the checks again: consent that was withdrawn meanwhile is found', async () => {
    const { ledger } = worker.deps;
    let suspensions = 1;
    const deps = {
      ...worker.deps,
      ledger: {
        ...ledger,
        putIntent: async (...args: Parameters<typeof ledger.putIntent>) => {
          if (suspensions > 0) {
            suspensions -= 1;
            grow();
            await write('octo-org/deploy', null);
          }
          return ledger.putIntent(...args);
        },
      },
    };
    await harness.worker({ deps }).actOn(decided());
    await expectRefused('target-no-config');
    expect(suspensions).toBe(0);
  });
});

describe('a decision that a later revision of its plan replaced', () => {
  const setCurrent = (revision: number, routeId: string | null, runKey = '11-1-1') =>
    harness.state.revisions.setCurrent(runKey, { revision, routeId });
  const raise = (routeId: string | null) =>
    harness.state.revisions.raiseRevision('11-1-1', { actionId: String(routeId), routeId, raiseGenerationOf: null });

  test('is dropped, and only the later revision starts', async () => {
    const message = decided();
    const { revision } = await raise(null);
    const later = { ...message, data: { ...message.data, revision } };
    await setCurrent(revision, null);
    await worker.actOn(message);
    expect([await posts(), harness.facts]).toEqual([0, []]);
    await worker.actOn(later);
    expect(await posts()).toBe(1);
  });

  test('is dropped if the later revision does not contain its route any more, and by a later revision of its route', async () => {
    await setCurrent(1, null);
    await worker.actOn(decided());
    const ofRoute = decisionOf(2);
    await setCurrent(3, ofRoute.data.decision.routeId, ofRoute.runKey);
    await setCurrent(2, ofRoute.data.decision.routeId, ofRoute.runKey);
    await worker.actOn({ ...ofRoute, data: { ...ofRoute.data, revision: 2 } });
    expect([await posts(), harness.facts]).toEqual([0, []]);
  });

  test('is not reported in an issue if it was denied', async () => {
    const denied = decisionOf(1, { effect: 'deny', code: 'inbound-branch', responsible: 'target' });
    await setCurrent(1, null);
    await worker.actOn(denied);
    expect([await harness.counts(), harness.facts]).toEqual([{}, []]);
  });

  test('is settled if it was begun: its run is found and recorded', async () => {
    await harness.fault({ match: { operation: 'dispatch' }, fault: 'reset-after' });
    const message = decided();
    await expect(worker.actOn(message)).rejects.toThrow();
    await setCurrent(1, null);
    // GitHub's list of runs must show the run by now.
    harness.clock.advance(120_000);
    await worker.actOn(message);
    expect(await posts()).toBe(1);
    expect(harness.facts).toMatchObject([{ type: 'dispatch.accepted' }]);
  });

  test('is dropped if the later revision is stored while the worker is suspended before its POST', async () => {
    const { ledger } = worker.deps;
    const deps = {
      ...worker.deps,
      ledger: {
        ...ledger,
        putIntent: async (...args: Parameters<typeof ledger.putIntent>) => {
          const slot = await ledger.putIntent(...args);
          harness.clock.advance(5_001);
          await setCurrent(1, null);
          return slot;
        },
      },
    };
    const message = decided();
    await harness.worker({ deps }).actOn(message);
    expect([await posts(), harness.facts]).toEqual([0, []]);
    expect(await ledger.getDispatch(message.data.decision.dispatchId)).toBeNull();
  });

  test('starts as long as the later revision is not planned, or is for another route', async () => {
    await raise(null);
    await setCurrent(2, 'f'.repeat(16));
    await worker.actOn(decided());
    expect(await posts()).toBe(1);
  });
});
