import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type ConfigChecked, factId, type FileCheck, type FileProblem } from '@dispatcher/contracts';
import { GitHubTransientError } from '@dispatcher/github';
import { type Harness, startHarness, type Worker } from '../testing/harness.ts';

const minuteMs = 60_000;

let harness: Harness;
let worker: Worker;
let sha: string;
let check: FileCheck | null;

beforeEach(async () => {
  harness = await startHarness({ mayWriteChecks: true });
  ({ sha } = await harness.emulator.control.push('octo-org/app', { branch: 'change', files: { 'a.txt': '1' } }));
  check = null;
  worker = newWorker();
});
afterEach(() => harness.close());

/** Creates another process. The results that planning stores are those of the test. */
function newWorker(deps: Partial<Worker['deps']> = {}): Worker {
  return harness.worker({
    deps: { ...deps, fileChecks: { ...harness.worker().deps.fileChecks, getCheck: async () => check } },
  });
}

function problemsOf(count: number): FileProblem[] {
  return Array.from({ length: count }, (_, index) => ({
    file: 'dispatching.yml',
    line: index + 1,
    column: 1,
    message: 'unknown key',
    fix: 'remove it',
  }));
}

function store(problems: number, change: Partial<FileCheck> = {}): void {
  check = {
    version: 1,
    deliveryId: 'guid-1',
    checkedAt: '2026-01-02T03:04:05.000Z',
    installationId: 5,
    repositoryId: 11,
    owner: 'octo-org',
    name: 'app',
    sha,
    defaultBranch: 'main',
    isFromFork: false,
    isInEffect: false,
    state: problems === 0 ? 'valid' : 'invalid',
    path: 'dispatching.yml',
    misnamed: null,
    problems: problemsOf(problems),
    warnings: [],
    effects: [],
    omittedEffects: 0,
    omittedRepositories: 0,
    ...change,
  };
}

function message(): ConfigChecked {
  return {
    version: 1,
    id: factId('config.checked', 11, sha, String(check?.deliveryId)),
    type: 'config.checked',
    time: new Date(harness.clock.now()).toISOString(),
    correlationId: 'guid-1',
    data: {
      repositoryId: 11,
      repository: 'octo-org/app',
      installationId: 5,
      sha,
      state: 'invalid',
      problems: 1,
      warnings: 0,
    },
  };
}

async function report(): Promise<void> {
  harness.queue.sendUnplanned(message());
  await harness.queue.drain(worker.handle);
}

async function lines(): Promise<number[]> {
  const [run, ...others] = await harness.emulator.control.checkRuns();
  expect(others).toEqual([]);
  return run?.annotations.map(({ start_line: line }) => line) ?? [];
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

describe('every annotation appears once', () => {
  test('in one request if there are at most 50', async () => {
    store(50);
    await report();
    expect(await lines()).toEqual(upTo(50));
    expect(await harness.counts()).toMatchObject({ 'check-create': 1 });
    expect((await harness.counts())['check-update']).toBeUndefined();
  });

  test('in several requests if there are more, which ask GitHub nothing', async () => {
    store(120);
    await report();
    expect(await lines()).toEqual(upTo(120));
    const counts = await harness.counts();
    expect(counts).toMatchObject({ 'check-create': 1, 'check-update': 2 });
    expect([counts['check-read'], counts['check-list']]).toEqual([undefined, undefined]);
  });

  test.each(['check-create', 'check-update'] as const)(
    'although the response of a %s is lost, and GitHub shows the check run 67 s late',
    async (operation) => {
      await harness.emulator.control.changeSettings({ checkListLagMs: 67_000 });
      await harness.fault({ match: { operation, times: 1 }, fault: 'reset-after' });
      store(120);
      await report();
      expect(await lines()).toEqual(upTo(120));
    },
  );

  test.each(['check-create', 'check-update'] as const)(
    'although a %s fails with a 502 that GitHub carried out',
    async (operation) => {
      await harness.fault({ match: { operation, times: 1 }, fault: 'status-after' });
      store(120);
      await report();
      expect(await lines()).toEqual(upTo(120));
    },
  );

  test.each(['check-create', 'check-update'] as const)('although a %s never reaches GitHub', async (operation) => {
    await harness.fault({ match: { operation, times: 1 }, fault: 'reset-before' });
    store(120);
    await report();
    expect(await lines()).toEqual(upTo(120));
  });

  test('although the process ends after the second of three requests, before it could record it', async () => {
    store(120);
    const { checks, checkRecords } = worker.deps;
    let hasEnded = false;
    const unlessEnded =
      <A extends readonly unknown[], R>(work: (...given: A) => Promise<R>) =>
      async (...given: A): Promise<R> => {
        if (hasEnded) throw new GitHubTransientError('The process ended.', null);
        return work(...given);
      };
    worker = newWorker({
      checks: {
        ...checks,
        update: async (...given) => {
          await checks.update(...given);
          hasEnded = true;
        },
      },
      checkRecords: {
        ...checkRecords,
        save: unlessEnded((...given: Parameters<typeof checkRecords.save>) => checkRecords.save(...given)),
        release: unlessEnded((...given: Parameters<typeof checkRecords.release>) => checkRecords.release(...given)),
      },
    });
    harness.queue.sendUnplanned(message());
    await harness.queue.step(worker.handle);
    expect(await lines()).toEqual(upTo(100));
    worker = newWorker();
    await harness.queue.drain(worker.handle);
    expect(await lines()).toEqual(upTo(120));
  });

  test('although the message arrives again', async () => {
    store(60);
    await report();
    const before = await harness.counts();
    await report();
    expect(await harness.counts()).toEqual(before);
    expect(await lines()).toEqual(upTo(60));
  });
});

describe('a commit that was checked again', () => {
  test('gets the same check run, completed once more, without its annotations again', async () => {
    store(3);
    await report();
    const [before] = await harness.emulator.control.checkRuns();
    harness.clock.advance(10 * minuteMs);
    store(3, { deliveryId: 'guid-2' });
    await report();
    const [after, ...others] = await harness.emulator.control.checkRuns();
    expect(others).toEqual([]);
    expect(after).toMatchObject({ id: before?.id, status: 'completed', conclusion: 'failure' });
    expect(after?.updatedAt).not.toBe(before?.updatedAt);
    expect(await lines()).toEqual(upTo(3));
  });

  test('shows what the other repositories say now', async () => {
    const effect = { source: 'octo-org/app:ci.yml', target: 'octo-org/deploy:cd.yml' };
    store(0, { effects: [{ change: 'becomes-requested', ...effect }] });
    await report();
    store(0, { deliveryId: 'guid-2', effects: [{ change: 'becomes-agreed', ...effect }] });
    await report();
    const [run] = await harness.emulator.control.checkRuns();
    expect(run?.summary).toContain('Both sides would agree');
    expect(run?.summary).not.toContain('Requested only');
  });
});

test('a check of another App with the name and the external id is not adopted, and stays as it is', async () => {
  const name = 'Dispatcher / dispatching.yml';
  const forged = await harness.emulator.control.forgeCheck({
    repository: 'octo-org/app',
    sha,
    name,
    conclusion: 'success',
    externalId: `dispatcher/file-11-${sha}`,
  });
  await harness.fault({ match: { operation: 'check-create', times: 1 }, fault: 'reset-before' });
  store(1);
  await report();
  const runs = await harness.emulator.control.checkRuns();
  expect(runs).toHaveLength(2);
  expect(runs[0]).toEqual({ ...forged, repository: 'octo-org/app' });
  expect(runs[1]).toMatchObject({ name, conclusion: 'failure', app: { id: 1 } });
  const gate = (appId?: number) =>
    harness.emulator.control.mergeable('octo-org/app', { sha, check: name, ...(appId === undefined ? {} : { appId }) });
  expect((await gate(1)).mergeable).toBe(false);
});
