import type { HintsMessage, RepositoryHint } from '@dispatcher/contracts';
import { GitHubPermanentError, GitHubRateLimitedError, GitHubUnreachableError } from '@dispatcher/github';
import { DeferError } from '@dispatcher/lambda';
import { attempt } from '@dispatcher/lambda/testing';
import { createStateStore } from '@dispatcher/store';
import { startDynamo, type TestDynamo } from '@dispatcher/store/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { handleHint, type HintDependencies, maxHintAgeMs } from './handle-hint.ts';

let dynamo: TestDynamo;
let table: string;
let now: number;
let observed: { readonly kind: string; readonly hint: HintsMessage }[];
let counted: Map<unknown, number>;
/** Called before each look. */
let beforeLook: () => Promise<void>;

beforeAll(async () => {
  dynamo = await startDynamo();
});
afterAll(() => dynamo.close());
beforeEach(async () => {
  ({ state: table } = await dynamo.createTables());
  now = Date.parse('2026-11-03T14:00:00.000Z');
  observed = [];
  counted = new Map();
  beforeLook = async () => {};
});

/** Creates what a process of planning works with. */
function createProcess(): HintDependencies {
  const { looks, fairnessQueue } = createStateStore({ client: dynamo.client, table, now: () => now });
  const look = (kind: string) => async (hint: HintsMessage) => {
    await beforeLook();
    observed.push({ kind, hint });
  };
  return {
    looks,
    fairnessQueue,
    observer: { repository: look('repository'), installation: look('installation'), change: look('change') },
    meter: {
      count: (_, dimensions) =>
        void counted.set(dimensions?.['result'], (counted.get(dimensions?.['result']) ?? 0) + 1),
      milliseconds: () => {},
    },
    now: () => now,
    random: () => 0.5,
  };
}

function push(change: Partial<RepositoryHint> = {}): RepositoryHint {
  return {
    type: 'hint.repository',
    version: 1,
    deliveryId: 'guid-1',
    receivedAt: new Date(now).toISOString(),
    installationId: 7,
    event: 'push',
    action: null,
    repository: { id: 9, owner: 'octo-org', name: 'app' },
    branch: 'feature',
    pullRequest: null,
    sha: 'c'.repeat(40),
    isDefaultBranch: false,
    ...change,
  };
}

const handle = (deps: HintDependencies, hint: HintsMessage) => handleHint(deps, hint, attempt, new Map());
const kinds = () => observed.map(({ kind }) => kind);

describe('where a hint has planning look', () => {
  test('a push to another branch: at the change', async () => {
    await handle(createProcess(), push());
    expect(kinds()).toEqual(['change']);
  });

  test('a push to the default branch: at the repository and at the change', async () => {
    await handle(createProcess(), push({ branch: 'main', isDefaultBranch: true }));
    expect(kinds()).toEqual(['repository', 'change']);
  });

  test('an event of the repository: at the repository', async () => {
    await handle(
      createProcess(),
      push({ event: 'repository', action: 'renamed', branch: null, isDefaultBranch: true }),
    );
    expect(kinds()).toEqual(['repository']);
  });

  test('an event of the installation: at the installation', async () => {
    const { version, deliveryId, receivedAt, installationId } = push();
    const common = { version, deliveryId, receivedAt, installationId };
    const account = { id: 1, login: 'octo-org' };
    await handle(createProcess(), {
      ...common,
      type: 'hint.installation',
      event: 'installation_repositories',
      action: 'added',
      account,
    });
    expect(kinds()).toEqual(['installation']);
  });
});

describe('hints about the same subject', () => {
  test('that are received together lead to one look', async () => {
    const deps = createProcess();
    const inProgress = new Map<string, Promise<void>>();
    await Promise.all(Array.from({ length: 10 }, () => handleHint(deps, push(), attempt, inProgress)));
    expect(observed).toHaveLength(1);
  });

  test('that were received before the last look began are dropped, also by another process', async () => {
    const hint = push();
    now += 10_000;
    const [first, second] = [createProcess(), createProcess()];
    await handle(first, hint);
    await handle(first, hint);
    await handle(second, hint);
    expect(observed).toHaveLength(1);
    expect(counted).toEqual(
      new Map([
        ['observed', 1],
        ['seen', 2],
      ]),
    ); // prettier-ignore
  });

  test('that were received after the last look began lead to another look', async () => {
    const deps = createProcess();
    await handle(deps, push());
    now += 1_000;
    await handle(deps, push());
    expect(observed).toHaveLength(2);
  });

  test('are observed at again if the look failed', async () => {
    const hint = push();
    now += 10_000;
    beforeLook = () => Promise.reject(new Error('no'));
    await expect(handle(createProcess(), hint)).rejects.toThrow('no');
    beforeLook = async () => {};
    await handle(createProcess(), hint);
    expect(observed).toHaveLength(1);
  });

  test('of different branches, pull requests and repositories are different', async () => {
    const deps = createProcess();
    const hints = [
      push(),
      push({ branch: 'other' }),
      push({ event: 'pull_request', branch: null, pullRequest: 12 }),
      push({ repository: { id: 10, owner: 'octo-org', name: 'other' } }),
    ];
    now += 10_000;
    for (const hint of hints) await handle(deps, hint);
    expect(observed).toHaveLength(4);
  });
});

test('a hint of an installation that GitHub does not know any more is dropped', async () => {
  beforeLook = () => Promise.reject(new GitHubPermanentError('Not Found', 404));
  await handle(createProcess(), push());
  expect(counted).toEqual(new Map([['refused', 1]]));
});

test('a hint that is older than a day is dropped', async () => {
  const hint = push();
  now += maxHintAgeMs + 1;
  await handle(createProcess(), hint);
  expect(observed).toEqual([]);
  expect(counted).toEqual(new Map([['expired', 1]]));
});

describe('a hint returns to the queue without using up an attempt', () => {
  const afterMs = async (hint: HintsMessage, deps = createProcess()): Promise<number> => {
    const error: unknown = await handle(deps, hint).catch((thrown: unknown) => thrown);
    if (!(error instanceof DeferError)) throw new Error(`not deferred: ${String(error)}`);
    return error.afterMs;
  };

  test('for as long as GitHub’s rate limit demands', async () => {
    beforeLook = () =>
      Promise.reject(
        new GitHubRateLimitedError('limit', 403, { retryAfterMs: 600_000, scope: 'primary', installationId: 7 }),
      );
    expect(await afterMs(push())).toBeGreaterThanOrEqual(600_000);
  });

  test('while GitHub cannot be reached', async () => {
    beforeLook = () => Promise.reject(new GitHubUnreachableError('down', null, {}));
    expect(await afterMs(push())).toBeGreaterThanOrEqual(2_000);
  });

  test('beyond the rate of its installation; another installation is not affected', async () => {
    const deps = createProcess();
    const of = (id: number, installationId = 7) =>
      push({ installationId, repository: { id, owner: 'octo-org', name: `r${id}` } });
    let passed = 0;
    for (let id = 1; id <= 100; id += 1) {
      await handle(deps, of(id)).then(
        () => (passed += 1),
        () => {},
      );
    }
    expect(passed).toBe(61);
    expect(await afterMs(of(1_000), deps)).toBeGreaterThanOrEqual(1_000);
    await handle(deps, of(1, 8));
    // A repository with many hints is after itself, not after others.
    const waits: number[] = [];
    for (let count = 0; count < 20; count += 1) waits.push(await afterMs({ ...of(2_000), branch: `b${count}` }, deps));
    expect(waits.at(-1)).toBeGreaterThan(60_000);
    expect(await afterMs(of(3_000), deps)).toBeLessThan(10_000);
    now += 60_000;
    await handle(deps, of(3_000));
  });
});
