import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Emulator, type Fault, type SeedRepository, startEmulator } from '@dispatcher/github-emulator';
import type { TargetRequest } from '@dispatcher/contracts';
import { createGitHubApp, type GitHubApp } from './github-app.ts';
import { testPrivateKey } from './testing/fake-github.ts';
import { violationsOf } from './testing/published-schemas.ts';

const workflow = 'on:\n  workflow_dispatch:\n    inputs:\n      sha: { type: string }\njobs: {}\n';
const own = { installationId: 7, owner: 'acme' };
const partnerInstallation = 9;
const deployId = 4200;

function repository(owner: string, name: string, more: Partial<SeedRepository> = {}): SeedRepository {
  const files = { 'dispatching.yml': `# ${name}`, '.github/workflows/cd.yml': workflow };
  return { owner, name, branches: { main: { files } }, tags: { v1: 'main' }, ...more };
}

const many = Array.from({ length: 25 }, (_, at) => repository('acme', `target-${at}`));

let emulator: Emulator;
let app: GitHubApp;
let violations: string[];

/** Validates each outgoing request against GitHub's published schemas. */
const checkingFetch: typeof fetch = async (url, init) => {
  const { pathname, searchParams } = new URL(url instanceof Request ? url.url : url);
  violations.push(
    ...violationsOf({
      method: init?.method ?? 'GET',
      path: decodeURIComponent(pathname),
      query: Object.fromEntries(searchParams),
      headers: Object.fromEntries(new Headers(init?.headers)),
      body: typeof init?.body === 'string' ? JSON.parse(init.body) : null,
    }),
  );
  return fetch(url, init);
};

beforeEach(async () => {
  violations = [];
  emulator = await startEmulator({
    seed: {
      app: { id: 4711, slug: 'dispatcher', privateKey: testPrivateKey },
      owners: [{ login: 'acme' }, { login: 'partner' }, { login: 'stranger' }],
      repositories: [
        repository('acme', 'app'),
        repository('acme', 'deploy', { id: deployId }),
        ...many,
        repository('acme', 'hidden'),
        repository('acme', 'open', { id: 4300, visibility: 'public' }),
        repository('partner', 'site'),
        repository('stranger', 'tool', { visibility: 'public' }),
      ],
      installations: [
        { id: 7, account: 'acme', repositories: ['app', 'deploy', ...many.map(({ name }) => name)] },
        { id: partnerInstallation, account: 'partner', repositories: 'all' },
      ],
    },
  });
  app = createGitHubApp({ appId: '4711', privateKey: testPrivateKey, apiUrl: emulator.url, fetch: checkingFetch });
});

afterEach(async () => {
  await emulator.close();
  expect(violations).toEqual([]);
});

const target = (name: string, owner = 'acme'): TargetRequest => ({ owner, name, workflows: ['cd.yml'], refs: ['v1'] });
const readOne = async (name: string) => (await app.createReader().readTargets(own, [target(name)]))[`acme/${name}`];
const readFile = async (name: string) => {
  const snapshot = await readOne(name);
  if (snapshot?.state !== 'read') throw new Error(JSON.stringify(snapshot));
  return snapshot.files['dispatching.yml'];
};
const deploy = {
  installationId: 7,
  repositoryId: deployId,
  owner: 'acme',
  name: 'deploy',
  workflow: 'cd.yml',
  ref: 'v1',
  responseDeadline: Number.MAX_SAFE_INTEGER,
};
const injectFault = (operation: 'graphql' | 'dispatch' | 'token', fault: Fault) =>
  emulator.control.setFaults([{ match: { operation }, fault }]);

describe('reading the repositories of a plan', () => {
  test.each([
    [1, 1],
    [5, 1],
    [25, 3],
  ])(
    'with %i targets, one inaccessible target and one of another owner takes one request per ten targets and installation',
    async (fanOut, chunks) => {
      const reader = app.createReader();
      const source = await reader.readSource({ ...own, name: 'app' });
      expect(source).toMatchObject({ state: 'read', name: 'app', defaultBranch: { name: 'main' } });
      expect((await emulator.control.requests()).counts).toEqual({ token: 1, graphql: 1 });

      await emulator.control.clearRequests();
      const targets = many.slice(0, fanOut).map(({ name }) => target(name));
      const snapshots = await reader.readTargets(own, [...targets, target('hidden'), target('site', 'partner')]);

      for (const { name } of targets) {
        expect(snapshots[`acme/${name}`]).toMatchObject({
          state: 'read',
          installationId: 7,
          files: { 'dispatching.yml': { state: 'read', text: `# ${name}` } },
          workflows: { 'cd.yml': { state: 'read', text: workflow } },
          refs: { v1: 'tag' },
        });
      }
      expect(snapshots['acme/hidden']).toEqual({ state: 'absent' });
      expect(snapshots['partner/site']).toMatchObject({ state: 'read', installationId: partnerInstallation });

      const { counts, requests } = await emulator.control.requests();
      const queriesOf = (id: number) =>
        requests.filter((seen) => seen.operation === 'graphql' && seen.installationId === id);
      expect(counts).toEqual({ graphql: chunks + 1, installation: 1, token: 1 });
      expect([queriesOf(7).length, queriesOf(partnerInstallation).length]).toEqual([chunks, 1]);
    },
  );

  test('of ten runs handled together takes as many requests as for one run', async () => {
    const reader = app.createReader();
    await Promise.all(
      many.slice(0, 10).map(async ({ name }) => {
        await reader.readSource({ ...own, name });
        return reader.readTargets(own, [target('deploy'), target('app')]);
      }),
    );
    expect((await emulator.control.requests()).counts).toEqual({ token: 1, graphql: 2 });
  });
});

describe('a dispatching.yml that is', () => {
  test.each([
    ['a symbolic link', { symlink: '.github/workflows/cd.yml' }, { state: 'not-a-file', kind: 'symbolic link' }],
    ['a submodule', { submodule: 'a'.repeat(40) }, { state: 'not-a-file', kind: 'submodule' }],
    [
      'a binary file',
      { base64: Buffer.from([0, 1, 2, 0xff]).toString('base64') },
      { state: 'read', isBinary: true, text: null },
    ],
    ['longer than GitHub returns', 'x'.repeat(600_000), { state: 'read', isTruncated: true, byteSize: 600_000 }],
    ['an empty file', '', { state: 'read', byteSize: 0, text: '' }],
    ['missing', null, { state: 'absent' }],
  ])('%s', async (_, content, snapshot) => {
    await emulator.control.push('acme/deploy', { files: { 'dispatching.yml': content } });
    expect(await readFile('deploy')).toMatchObject(snapshot);
  });

  test('a directory', async () => {
    await emulator.control.push('acme/deploy', { files: { 'dispatching.yml': null } });
    await emulator.control.push('acme/deploy', { files: { 'dispatching.yml/a': 'b' } });
    expect(await readFile('deploy')).toEqual({ state: 'not-a-file', kind: 'directory' });
  });

  test('on another branch, also one named HEAD, is not read: only the one on the default branch is', async () => {
    for (const branch of ['feature', 'HEAD', 'main2']) {
      await emulator.control.push('acme/deploy', {
        branch,
        files: { 'dispatching.yml': `# ${branch}`, '.github/dispatching.yml': `# ${branch}` },
      });
    }
    expect(await readOne('deploy')).toMatchObject({
      files: { 'dispatching.yml': { text: '# deploy' }, '.github/dispatching.yml': { state: 'absent' } },
    });
  });

  test('present in both locations', async () => {
    await emulator.control.push('acme/deploy', { files: { '.github/dispatching.yml': 'other' } });
    expect(await readOne('deploy')).toMatchObject({
      files: { 'dispatching.yml': { text: '# deploy' }, '.github/dispatching.yml': { text: 'other' } },
    });
  });
});

describe('a repository', () => {
  test('that is archived is read as archived', async () => {
    await emulator.control.changeRepository('acme/deploy', { archived: true });
    expect(await readOne('deploy')).toMatchObject({ state: 'read', isArchived: true });
  });

  test('that is empty has no default branch and no files', async () => {
    await emulator.control.putRepository({ owner: 'acme', name: 'deploy' });
    expect(await readOne('deploy')).toMatchObject({
      state: 'read',
      defaultBranch: null,
      files: { 'dispatching.yml': { state: 'absent' } },
      refs: { v1: 'absent' },
    });
  });

  test('that is public but outside the installation can be read but not dispatched to', async () => {
    expect(await readOne('open')).toMatchObject({ state: 'read', id: 4300 });
    const starting = app.startWorkflow({ ...deploy, repositoryId: 4300, name: 'open', inputs: {} });
    await expect(starting).rejects.toMatchObject({ kind: 'permanent', status: 422, code: 'target-not-installed' });
    expect(await emulator.control.runs()).toEqual([]);
  });

  test('of an owner without the App is absent, even when public', async () => {
    const snapshots = await app.createReader().readTargets(own, [target('tool', 'stranger'), target('x', 'nobody')]);
    expect(snapshots).toEqual({ 'stranger/tool': { state: 'absent' }, 'nobody/x': { state: 'absent' } });
  });

  test.each([
    ['suspended', () => emulator.control.suspendInstallation(7, true)],
    ['removed', () => emulator.control.removeInstallation(7)],
  ])('of an installation that was %s is absent', async (_, end) => {
    await end();
    expect(await readOne('deploy')).toEqual({ state: 'absent' });
  });
});

describe('tokens', () => {
  test('that GitHub revoked fail one call and are replaced for the next', async () => {
    expect(await readOne('deploy')).toMatchObject({ state: 'read' });
    await emulator.control.revokeTokens();
    await expect(readOne('deploy')).rejects.toMatchObject({ kind: 'transient', status: 401, credentials: true });
    expect(await readOne('deploy')).toMatchObject({ state: 'read' });
  });

  test('an unknown App id is reported as refused credentials, not as a removed installation', async () => {
    const stranger = createGitHubApp({ appId: '1', privateKey: testPrivateKey, apiUrl: emulator.url });
    const read = stranger.createReader().readSource({ ...own, name: 'app' });
    await expect(read).rejects.toMatchObject({ kind: 'transient', credentials: true });
  });
});

describe('a read', () => {
  test.each<[string, Fault]>([
    ['502', 'graphql-502'],
    ['a reset', 'reset-before'],
    ['a truncated body', 'truncated-body'],
    ['an empty body', 'empty-body'],
  ])('that meets %s returns an unknown snapshot', async (_, fault) => {
    await injectFault('graphql', fault);
    expect(await readOne('deploy')).toMatchObject({ state: 'unknown' });
    expect(await readOne('deploy')).toMatchObject({ state: 'read' });
  });

  test('with an error for one repository still returns the others', async () => {
    await injectFault('graphql', 'graphql-partial');
    const snapshots = await app.createReader().readTargets(own, [target('app'), target('deploy')]);
    expect(snapshots).toMatchObject({ 'acme/app': { state: 'read' }, 'acme/deploy': { state: 'unknown' } });
  });

  test('that exceeds GitHub’s resource limits is repeated in halves', async () => {
    await injectFault('graphql', 'graphql-resource-limits');
    const snapshots = await app.createReader().readTargets(own, [target('app'), target('deploy')]);
    expect(snapshots).toMatchObject({ 'acme/app': { state: 'read' }, 'acme/deploy': { state: 'read' } });
    expect((await emulator.control.requests()).counts).toEqual({ token: 1, graphql: 3 });
  });

  test('that meets a rate limit throws', async () => {
    await injectFault('graphql', 'graphql-rate-limited');
    await expect(readOne('deploy')).rejects.toMatchObject({ kind: 'rate-limited', installationId: 7 });
  });
});

describe('starting a workflow', () => {
  const start = (more: Partial<typeof deploy> = {}, inputs: Record<string, string> = { sha: 'c0ffee' }) =>
    app.startWorkflow({ ...deploy, ...more, inputs });
  const posts = async () => (await emulator.control.requests()).counts['dispatch'];

  test('starts a run on the ref, with the inputs, as the App', async () => {
    const started = await start();
    expect(await emulator.control.runs()).toMatchObject([
      {
        id: started.workflowRunId,
        htmlUrl: started.htmlUrl,
        repository: 'acme/deploy',
        headBranch: 'v1',
        inputs: { sha: 'c0ffee' },
        actor: `${await app.slug()}[bot]`,
      },
    ]);
    expect(await posts()).toBe(1);
  });

  test('on a server that refuses return_run_details starts one run', async () => {
    await emulator.control.changeSettings({ dispatchApi: 'ghes-3.20' });
    expect(await start()).toEqual({ workflowRunId: null, htmlUrl: null });
    expect(await emulator.control.runs()).toHaveLength(1);
    expect(await posts()).toBe(2);
  });

  test.each([
    ['an unknown ref', () => start({ ref: 'nope' }), 422, 'No ref found for: nope', 'dispatch-rejected'],
    ['an unknown workflow', () => start({ workflow: 'x.yml' }), 404, 'Not Found', 'dispatch-not-found'],
    [
      'an undeclared input',
      () => start({}, { foo: '1' }),
      422,
      'Unexpected inputs provided: ["foo"]',
      'dispatch-rejected',
    ],
  ])('with %s is refused with GitHub’s message', async (_, starting, status, message, code) => {
    await expect(starting()).rejects.toMatchObject({ kind: 'permanent', status, message, code });
    expect(await emulator.control.runs()).toEqual([]);
  });

  test.each<[string, Fault, number]>([
    ['a reset before', 'reset-before', 0],
    ['a reset after', 'reset-after', 1],
    ['a 500 after', 'status-after', 1],
    ['a response cut off after', 'truncated-body', 1],
    ['an empty response after', 'empty-body', 1],
  ])('%s it took effect leaves an unknown outcome, after one POST', async (_, fault, runs) => {
    await injectFault('dispatch', fault);
    await expect(start()).rejects.toMatchObject({ kind: 'unknown-outcome' });
    expect(await emulator.control.runs()).toHaveLength(runs);
    expect(await posts()).toBe(1);
  });
});

describe('issues', () => {
  const at = { ...own, name: 'app' };

  test('can be opened, found, commented on, closed and found again', async () => {
    const marker = '<!-- route -->';
    const { number } = await app.issues.open(at, { title: 't', body: `b ${marker}`, labels: ['dispatcher'] });
    expect(await app.issues.find(at, 'dispatcher', marker)).toMatchObject({ number, state: 'open' });
    await app.issues.comment(at, number, { body: 'again' });
    await app.issues.update(at, number, { body: `c ${marker}`, state: 'closed' });
    expect(await app.issues.find(at, 'dispatcher', marker)).toMatchObject({ number, state: 'closed' });
    expect(await app.issues.find(at, 'dispatcher', 'another')).toBeNull();
    expect(await app.issues.find(at, 'another', marker)).toBeNull();
    expect(await emulator.control.issues()).toMatchObject([{ body: `c ${marker}`, comments: [{ body: 'again' }] }]);
  });

  test('in a repository where they are disabled are a permanent error', async () => {
    await emulator.control.changeRepository('acme/app', { issues: false });
    const opening = app.issues.open(at, { title: 't', body: 'b', labels: [] });
    await expect(opening).rejects.toMatchObject({ kind: 'permanent', status: 410 });
  });

  test('in a repository outside the installation are a permanent error', async () => {
    const opening = app.issues.open({ ...own, name: 'hidden' }, { title: 't', body: 'b', labels: [] });
    await expect(opening).rejects.toMatchObject({ kind: 'permanent', status: 422 });
  });
});

describe('the head of a run', () => {
  const push = async (branch: string, message: string, parent?: string) => {
    const files = { 'README.md': message };
    const { sha } = await emulator.control.push('acme/app', { branch, message, files, ...(parent ? { parent } : {}) });
    return sha;
  };
  const headOf = async (name: string, sha: string) => {
    const snapshot = await app.createReader().readSource({ ...own, name: 'app', head: { name, sha } });
    if (snapshot.state !== 'read') throw new Error(JSON.stringify(snapshot));
    return snapshot.heads?.[0];
  };
  const setRef = (ref: string, target: string, message?: string) =>
    emulator.control.setRef('acme/app', { ref, target, ...(message === undefined ? {} : { message }) });

  test('is compared with the branch in the request that reads the files', async () => {
    const older = await push('main', 'one');
    const newer = await push('main', 'two');
    const feature = await push('feature', 'three');
    expect(await headOf('main', newer)).toMatchObject({ branch: { sha: newer, comparison: 'identical' } });
    await emulator.control.clearRequests();
    expect(await headOf('main', older)).toMatchObject({ branch: { sha: newer, comparison: 'behind' } });
    const { requests } = await emulator.control.requests();
    expect(requests.filter(({ path }) => path === '/graphql')).toHaveLength(1);
    expect(await headOf('main', feature)).toMatchObject({ branch: { comparison: 'ahead' }, tag: { state: 'absent' } });
    await push('main', 'rewritten', older);
    expect(await headOf('main', newer)).toMatchObject({ branch: { comparison: 'diverged' } });
    expect(await headOf('main', '0'.repeat(40))).toMatchObject({ branch: { comparison: 'not-comparable' } });
    await emulator.control.deleteRef('acme/app', 'refs/heads/feature');
    expect(await headOf('feature', feature)).toMatchObject({ branch: { state: 'absent' }, tag: { state: 'absent' } });
  });

  test('has the commit of a tag with that name, annotated or not', async () => {
    const sha = await push('feature', 'unreviewed');
    await setRef('refs/tags/main', sha);
    expect(await headOf('main', sha)).toMatchObject({ branch: { comparison: 'ahead' }, tag: { state: 'read', sha } });
    await setRef('refs/tags/v2', sha, 'Second');
    await setRef('refs/tags/v2-signed', 'v2', 'Signed');
    expect(await headOf('v2', sha)).toMatchObject({ branch: { state: 'absent' }, tag: { state: 'read', sha } });
    expect(await headOf('v2-signed', sha)).toMatchObject({ tag: { state: 'read', sha } });
  });
});

describe('a change of a dispatching.yml', () => {
  const push = async (branch: string, files: Record<string, string | null>, change: object = {}) =>
    (await emulator.control.push('acme/app', { branch, files, ...change })).sha;
  const read = async (branch: string | null, sha: string) => {
    const change = await app.readChange({ ...own, name: 'app', branch, sha });
    if (change.state !== 'read') return change.state;
    const textOf = (side: 'base' | 'head' | 'common') => {
      const file = change[side]?.files['dispatching.yml'];
      return file?.state === 'read' ? file.text : (file?.state ?? null);
    };
    return {
      sha: change.head.defaultBranch?.sha,
      base: textOf('base'),
      head: textOf('head'),
      common: textOf('common'),
    };
  };
  const graphqlRequests = async () =>
    (await emulator.control.requests()).requests.filter(({ path }) => path === '/graphql').length;

  test('is read with the default branch and the commit that both have in common, in one request', async () => {
    const sha = await push('feature', { 'dispatching.yml': '# proposed' });
    await push('main', { 'dispatching.yml': '# newer' });
    await emulator.control.clearRequests();
    const expected = { sha, base: '# newer', head: '# proposed', common: '# app' };
    expect(await read('feature', sha)).toEqual(expected);
    expect(await graphqlRequests()).toBe(1);
    expect(await read(null, sha)).toEqual(expected);
  });

  test.each(['oldest-first', 'newest-first'] as const)(
    'of several commits is compared with the commit before the first of them, if GitHub lists them %s',
    async (comparedCommits) => {
      await emulator.control.changeSettings({ comparedCommits });
      await push('feature', { 'dispatching.yml': '# first' });
      await push('feature', { 'dispatching.yml': '# second' });
      const sha = await push('feature', { 'README.md': 'third' });
      await push('main', { 'dispatching.yml': '# newer' });
      expect(await read('feature', sha)).toEqual({ sha, base: '# newer', head: '# second', common: '# app' });
    },
  );

  test('that was replaced by a forced push is read at the newest commit of the branch', async () => {
    const older = await push('feature', { 'dispatching.yml': '# first' });
    const newer = await push('feature', { 'dispatching.yml': '# second' }, { parent: 'main' });
    expect(await read('feature', older)).toMatchObject({ sha: newer, head: '# second' });
  });

  test('that removes or renames the file is read as one', async () => {
    const sha = await push('feature', { 'dispatching.yml': null, 'dispatching.yaml': '# app' });
    expect(await read('feature', sha)).toMatchObject({ base: '# app', head: 'absent' });
    const change = await app.readChange({ ...own, name: 'app', branch: 'feature', sha });
    expect(change.state === 'read' && change.head.misnamedFiles).toEqual(['dispatching.yaml']);
    expect(change.state === 'read' && change.base.misnamedFiles).toEqual([]);
  });

  test('of a commit that the default branch has is read as none, although the default branch changes the file later', async () => {
    const sha = await push('main', { 'dispatching.yml': '# merged' });
    expect(await read('main', sha)).toMatchObject({ sha, base: '# merged', head: '# merged', common: '# merged' });
    await push('main', { 'dispatching.yml': '# newer' });
    expect(await read(null, sha)).toMatchObject({ sha, base: '# newer', head: '# merged', common: '# merged' });
  });

  test('in a repository that was renamed since the push is read under its new name', async () => {
    const sha = await push('feature', { 'dispatching.yml': '# proposed' });
    await emulator.control.renameRepository('acme/app', 'application');
    const change = await app.readChange({ ...own, name: 'app', branch: 'feature', sha });
    expect(change).toMatchObject({ state: 'read', head: { name: 'application', owner: 'acme' } });
  });

  test('of a fork is read at the commit of its pull request', async () => {
    const { sha } = await emulator.control.updatePullRequest('acme/app', {
      number: 1,
      files: { 'dispatching.yml': '# fork' },
    });
    expect(await read(null, sha)).toMatchObject({ sha, head: '# fork', common: '# app' });
  });

  test('is absent in a repository that the App cannot see, and has no commit where GitHub knows none', async () => {
    expect((await app.readChange({ ...own, name: 'hidden', branch: 'main', sha: '0'.repeat(40) })).state).toBe(
      'absent',
    );
    expect(await read('main', '0'.repeat(40))).toBe('no-commit');
    expect(await read('gone', await push('main', { a: '1' }))).toBe('no-commit');
    expect(
      (await app.readChange({ ...own, installationId: 999, name: 'app', branch: 'main', sha: '0'.repeat(40) })).state,
    ).toBe('absent');
  });
});
