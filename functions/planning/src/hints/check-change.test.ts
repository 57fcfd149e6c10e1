import {
  type ConfigChecked,
  Fact,
  type FileSnapshot,
  type RepositoryContents,
  type RepositoryHint,
  type TargetSnapshots,
} from '@dispatcher/contracts';
import { readFile, readRepository } from '@dispatcher/contracts/testing';
import { type ChangeRequest, type ChangeSnapshot, GitHubUnreachableError } from '@dispatcher/github';
import { DeferError } from '@dispatcher/lambda';
import { silent } from '@dispatcher/lambda/testing';
import { createCompileCache } from '@dispatcher/rules';
import { createFileCheckStore, type FileCheckStore } from '@dispatcher/store';
import { startDynamo, type TestDynamo } from '@dispatcher/store/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { recheckFile, checkChange, type CheckChangeDependencies, type RepeatedCheck } from './check-change.ts';

const rules = 'outbound:\n  - source: { workflow: ci.yml }\n    targets: [{ repository: deploy, workflow: cd.yml }]\n';
const sha = 'c'.repeat(40);
const baseSha = 'b'.repeat(40);

let dynamo: TestDynamo;
let fileChecks: FileCheckStore;
let now: number;
let published: ConfigChecked[];
let change: ChangeSnapshot;
let requests: ChangeRequest[];
let permissions: Record<string, string>;
let others: TargetSnapshots;
let readOthers: string[];

beforeAll(async () => {
  dynamo = await startDynamo();
});
afterAll(() => dynamo.close());
beforeEach(async () => {
  const { plans: table } = await dynamo.createTables();
  now = Date.parse('2026-11-03T14:00:00.000Z');
  fileChecks = createFileCheckStore({ client: dynamo.client, table, now: () => now });
  published = [];
  requests = [];
  permissions = { checks: 'write' };
  others = {};
  readOthers = [];
  change = proposal(rules, `${rules}#`);
});

function commit(text: string | null, at: string): RepositoryContents {
  const file: FileSnapshot = text === null ? { state: 'absent' } : readFile(`blob of ${text}`, text);
  return readRepository('octo-org/app', file, { id: 9, defaultBranch: { name: 'main', sha: at } });
}

function proposal(before: string | null, after: string | null, common: string | null = before): ChangeSnapshot {
  return {
    state: 'read',
    base: commit(before, baseSha),
    head: commit(after, sha),
    common: commit(common, 'a'.repeat(40)),
  };
}

const deps = (): CheckChangeDependencies => ({
  readChange: async (request) => {
    requests.push(request);
    return change;
  },
  createReader: () => ({
    readTargets: async (_, named) => {
      readOthers.push(...named.map(({ owner, name }) => `${owner}/${name}`));
      return others;
    },
  }),
  permissionsOf: async () => permissions,
  fileChecks,
  cache: createCompileCache(),
  bus: {
    publish: async (facts) => void published.push(...facts.map((fact) => Fact.parse(fact) as ConfigChecked)),
  },
  meter: { count: () => {}, milliseconds: () => {} },
  log: silent,
  now: () => now,
});

function hint(fields: Partial<RepositoryHint> = {}): RepositoryHint {
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
    sha,
    isDefaultBranch: false,
    ...fields,
  };
}

const run = (fields: Partial<RepositoryHint> = {}) => checkChange(deps(), hint(fields), {});
const stored = () => fileChecks.getCheck({ repositoryId: 9, sha });

describe('a commit that changes the file', () => {
  test('is checked, stored and published', async () => {
    await run();
    expect(await stored()).toMatchObject({
      repositoryId: 9,
      owner: 'octo-org',
      name: 'app',
      sha,
      defaultBranch: 'main',
      isFromFork: false,
      isInEffect: false,
      state: 'valid',
      path: 'dispatching.yml',
      problems: [],
    });
    expect(published).toMatchObject([
      {
        type: 'config.checked',
        correlationId: 'guid-1',
        data: { repositoryId: 9, repository: 'octo-org/app', installationId: 7, sha, state: 'valid', problems: 0 },
      },
    ]);
    expect(requests).toEqual([{ installationId: 7, owner: 'octo-org', name: 'app', branch: 'feature', sha }]);
  });

  test('is checked once: a hint that arrives again publishes the same fact', async () => {
    await run();
    now += 60_000;
    change = proposal(rules, 'outbound: 5\n');
    await run({ deliveryId: 'guid-2' });
    expect(published[1]).toEqual(published[0]);
    expect(await stored()).toMatchObject({ state: 'valid', deliveryId: 'guid-1' });
  });

  test('is checked although GitHub shows its branch at an older commit, until the push is half a minute old', async () => {
    const older = commit(rules, 'd'.repeat(40));
    const [pushed, late] = [change, { ...change, head: older, common: commit(null, baseSha) } as ChangeSnapshot];
    const read = async (request: ChangeRequest) => {
      requests.push(request);
      return request.branch === null ? pushed : late;
    };
    const received = hint();
    now += 31_000;
    await checkChange({ ...deps(), readChange: read }, received, {});
    expect(await stored()).toBeNull();
    now -= 31_000;
    await checkChange({ ...deps(), readChange: read }, received, {});
    expect(await stored()).toMatchObject({ sha, state: 'valid' });
    expect(requests.map(({ branch }) => branch)).toEqual(['feature', 'feature', null]);
    expect(new Set(published.map(({ data }) => data.sha))).toEqual(new Set(['d'.repeat(40), sha]));
  });

  test('with an invalid file is stored with its problems', async () => {
    change = proposal(rules, 'outbound: 5\n');
    await run();
    expect(await stored()).toMatchObject({ state: 'invalid', problems: [{ file: 'dispatching.yml', line: 1 }] });
    expect(published).toMatchObject([{ data: { state: 'invalid', problems: 1 } }]);
  });

  test('of a pull request from a fork is marked as such', async () => {
    await run({ event: 'pull_request', pullRequest: 12, branch: null });
    expect(await stored()).toMatchObject({ isFromFork: true });
  });

  test('on the default branch is in effect', async () => {
    const head = commit(rules, sha);
    change = { state: 'read', base: head, head, common: null };
    await run({ branch: 'main', isDefaultBranch: true });
    expect(await stored()).toMatchObject({ isInEffect: true, state: 'valid' });
  });
});

describe('the effects of a change', () => {
  const accepting =
    'inbound:\n  - source: { repository: app, workflow: ci.yml }\n    targets: [{ workflow: cd.yml }]\n';
  const deploy = readRepository('octo-org/deploy', readFile('deploy', accepting), { id: 10 });

  test('are computed from what the named repositories say', async () => {
    others = { 'octo-org/deploy': deploy };
    change = proposal('outbound: []\n', rules);
    await run();
    expect(readOthers).toEqual(['octo-org/deploy']);
    expect(await stored()).toMatchObject({
      effects: [{ change: 'becomes-agreed', source: 'octo-org/app:ci.yml', target: 'octo-org/deploy:cd.yml' }],
    });
  });

  test('of a fork’s pull request are not computed, and nothing of other repositories is read', async () => {
    change = proposal('outbound: []\n', rules);
    await run({ event: 'pull_request', pullRequest: 12, branch: null });
    expect(readOthers).toEqual([]);
    expect(await stored()).toMatchObject({ effects: [] });
  });

  test('are the same whether a repository is hidden, unreadable or does not exist', async () => {
    change = proposal('outbound: []\n', rules);
    const seen = [];
    for (const hidden of [
      { state: 'absent' } as const,
      { state: 'unknown', reason: 'SAML' } as const,
      readRepository('Octo-Org/Deploy', readFile('secret', 'inbound: []\n'), { id: 10 }),
    ]) {
      others = { 'octo-org/deploy': hidden };
      fileChecks = createFileCheckStore({
        client: dynamo.client,
        table: (await dynamo.createTables()).plans,
        now: () => now,
      });
      await run();
      seen.push(await stored());
    }
    expect(seen[0]).toMatchObject({ effects: [{ change: 'becomes-requested', target: 'octo-org/deploy:cd.yml' }] });
    expect(seen[1]).toEqual(seen[0]);
    expect(seen[2]).toEqual(seen[0]);
  });

  test('wait for an outage of GitHub', async () => {
    others = { 'octo-org/deploy': { state: 'unknown', reason: 'down', unreachable: { retryAt: null } } };
    await expect(run()).rejects.toThrow(GitHubUnreachableError);
    expect(published).toEqual([]);
  });
});

describe('nothing is checked', () => {
  test.each<[string, ChangeSnapshot]>([
    ['if the commit has the file of the default branch', proposal(rules, rules)],
    ['if the branch is only older than a change of the default branch', proposal(`${rules}#`, rules, rules)],
    ['in a repository that the App cannot see', { state: 'absent' }],
    [
      'on the default branch of a repository without a file',
      { state: 'read', base: commit(null, sha), head: commit(null, sha), common: null },
    ],
    [
      'if another repository has the name by now',
      {
        state: 'read',
        base: commit(rules, baseSha),
        head: { ...commit(null, sha), id: 10 },
        common: null,
      },
    ],
  ])('%s', async (_, read) => {
    change = read;
    await run();
    expect(await stored()).toBeNull();
    expect(published).toEqual([]);
  });

  test('and nothing is read without the permission to write checks', async () => {
    permissions = { checks: 'read' };
    await run();
    expect([requests, published]).toEqual([[], []]);
  });
});

describe('a commit that cannot be read', () => {
  test('is read again if GitHub does not show it yet, and is given up after half a minute', async () => {
    change = { state: 'no-commit' };
    const pushed = hint();
    await expect(checkChange(deps(), pushed, {})).rejects.toThrow(DeferError);
    now += 31_000;
    await checkChange(deps(), pushed, {});
    expect(published).toEqual([]);
  });

  test('is read again if GitHub cannot be reached, or refuses the read', async () => {
    change = { state: 'unknown', reason: 'down', unreachable: { retryAt: now + 5_000 } };
    await expect(run()).rejects.toThrow(GitHubUnreachableError);
    change = { state: 'unknown', reason: 'SAML' };
    await expect(run()).rejects.toThrow('SAML');
  });
});

describe('a commit that somebody wants to be checked again', () => {
  const again = (fields: Partial<RepeatedCheck> = {}) => {
    const receivedAt = new Date(now).toISOString();
    const repeated = { repositoryId: 9, sha, owner: 'octo-org', name: 'app', installationId: 7 };
    return recheckFile(deps(), { ...repeated, deliveryId: 'guid-2', receivedAt, ...fields }, {});
  };
  const accepting =
    'inbound:\n  - source: { repository: app, workflow: ci.yml }\n    targets: [{ workflow: cd.yml }]\n';

  test('is read by its id and compared with what the other side says now, and the result is published', async () => {
    change = proposal('outbound: []\n', rules);
    await run();
    expect(await stored()).toMatchObject({ effects: [{ change: 'becomes-requested' }] });
    others = { 'octo-org/deploy': readRepository('octo-org/deploy', readFile('deploy', accepting), { id: 10 }) };
    now += 60_000;
    await again();
    expect(await stored()).toMatchObject({ deliveryId: 'guid-2', effects: [{ change: 'becomes-agreed' }] });
    expect(requests[1]).toEqual({ installationId: 7, owner: 'octo-org', name: 'app', branch: null, sha });
    expect(published.map(({ correlationId }) => correlationId)).toEqual(['guid-1', 'guid-2']);
    expect(published[1]?.id).not.toBe(published[0]?.id);
  });

  test.each<[string, ChangeSnapshot]>([
    ['was merged since', { state: 'read', base: commit(rules, baseSha), head: commit(rules, sha), common: null }],
    ['cannot be seen any more', { state: 'absent' }],
  ])('and %s keeps its result, which is published again', async (_, read) => {
    change = proposal(rules, 'outbound: 5\n');
    await run();
    const before = await stored();
    change = read;
    now += 60_000;
    await again();
    expect(await stored()).toEqual({ ...before, deliveryId: 'guid-2', checkedAt: new Date(now).toISOString() });
    expect(published[1]).toMatchObject({ correlationId: 'guid-2', data: { state: 'invalid' } });
  });

  test('by a fork’s author learns no more than the first time', async () => {
    change = proposal('outbound: []\n', rules);
    await run({ event: 'pull_request', pullRequest: 12, branch: null });
    await again();
    expect(readOthers).toEqual([]);
    expect(await stored()).toMatchObject({ isFromFork: true, effects: [], deliveryId: 'guid-2' });
  });

  test('and never was checked is not read', async () => {
    await again();
    expect([requests, published]).toEqual([[], []]);
  });
});
