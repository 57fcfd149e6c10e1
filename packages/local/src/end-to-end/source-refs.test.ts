import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Decision } from '@dispatcher/contracts';
import type { RecordedFact } from '@dispatcher/store';
import { type CiRun, completeRun } from '../app/emulator.ts';
import { readFacts } from '../demo/timeline.ts';
import { startSystem, type System } from '../app/system.ts';
import { control, dispatchedRuns } from '../testing/github.ts';
import { timelineOf } from '../testing/delivery-timeline.ts';
import { untilSwept } from '../testing/sweeps.ts';
import { until } from '../testing/until.ts';

// Runs whose `head_branch` names a branch or a tag. What the name refers to is read from the emulator of GitHub.

let dataDir: string;
let system: System;
let github: string;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'source-refs-'));
  system = await startSystem({ dataDir, port: 0, env: { CREATE_ISSUES: 'false' } });
  github = system.emulatorUrl ?? '';
});
afterAll(async () => {
  await system.close();
  await rm(dataDir, { recursive: true });
});

/** Older than the time for which a branch is read again. */
const settledMs = 10 * 60_000;
let repositories = 0;
let source: string;
let target: string;

/** Creates a source and a target, whose rules have these conditions on both sides. */
async function createPair(conditions = ''): Promise<void> {
  repositories += 1;
  const [name, targetName] = [`source-${repositories}`, `target-${repositories}`];
  const create = (repository: string, files: Record<string, string>) =>
    control(github, 'POST', '/repositories', { owner: 'octo-org', name: repository, branches: { main: { files } } });
  await create(name, {
    '.github/workflows/ci.yml': 'on: [push]\njobs: {}\n',
    'dispatching.yml': `outbound: [{ source: { workflow: ci.yml${conditions} }, targets: [{ repository: ${targetName}, workflow: cd.yml }] }]`,
  });
  await create(targetName, {
    '.github/workflows/cd.yml': 'on: workflow_dispatch\njobs: {}\n',
    'dispatching.yml': `inbound: [{ source: { repository: ${name}, workflow: ci.yml${conditions} }, targets: [{ workflow: cd.yml }] }]`,
  });
  source = `octo-org/${name}`;
  target = `octo-org/${targetName}`;
}

interface Commit {
  readonly branch?: string;
  readonly parent?: string;
  readonly merge?: string;
}

let commits = 0;

async function push(commit: Commit = {}): Promise<string> {
  commits += 1;
  const body = { files: { 'README.md': `${commits}\n` }, message: `Commit ${commits}`, ...commit };
  return (await control<{ sha: string }>(github, 'POST', `/repositories/${source}/push`, body)).sha;
}

const setRef = (ref: string, commit: string, message?: string) =>
  control(github, 'PUT', `/repositories/${source}/refs`, { ref, target: commit, message });
const deleteRef = (ref: string) =>
  control(github, 'DELETE', `/repositories/${source}/refs?ref=${encodeURIComponent(ref)}`);

async function factsOf(run: Partial<CiRun>): Promise<readonly RecordedFact[]> {
  const { delivery } = await completeRun(github, {
    repository: source,
    workflow: 'ci.yml',
    ageMs: settledMs,
    ...run,
  });
  return timelineOf(system.url, delivery?.guid ?? '');
}

/** Completes a run, and returns its only decision, or the code of a plan without decisions. */
async function decide(run: Partial<CiRun> = {}): Promise<Decision | string> {
  const facts = await factsOf(run);
  const decisions = facts.flatMap((fact) => (fact.type === 'route.decided' ? [fact.data.decision] : []));
  const planned = facts.flatMap((fact) => (fact.type === 'run.planned' ? [fact.data.code] : []));
  expect(decisions.length).toBeLessThanOrEqual(1);
  return decisions[0] ?? planned[0] ?? 'no plan';
}

const started = async () => (await dispatchedRuns(github, target)).length;

describe('a rule for the default branch', () => {
  beforeEach(() => createPair());

  test('a push to the branch dispatches, with one GraphQL request for the source and one for the target', async () => {
    await push();
    await untilSwept(system.url);
    await control(github, 'DELETE', '/requests');
    expect(await decide()).toMatchObject({ effect: 'allow' });
    const { requests } = await control<{ requests: { path: string }[] }>(github, 'GET', '/requests');
    expect(requests.filter(({ path }) => path.endsWith('/graphql'))).toHaveLength(2);
    expect(await started()).toBe(1);
  });

  test('a tag with the name of the branch, on a commit that is not on it, dispatches nothing', async () => {
    const unreviewed = await push({ branch: 'feature' });
    await setRef('refs/tags/main', unreviewed);
    const run = { branch: 'refs/tags/main' };
    expect(await decide(run)).toMatchObject({
      effect: 'deny',
      code: 'source-ref-ambiguous',
      responsible: 'source',
      message: expect.stringContaining('belongs to the tag main; the rule accepts the branch main'),
    });
    // Also not by an annotated tag, nor if the attacker deletes the tag before the run completes.
    await setRef('refs/tags/main', unreviewed, 'Release');
    expect(await decide(run)).toMatchObject({ effect: 'deny', code: 'source-ref-ambiguous' });
    await deleteRef('refs/tags/main');
    expect(await decide({ branch: 'main', sha: unreviewed })).toMatchObject({
      effect: 'deny',
      code: 'source-commit-gone',
      responsible: 'nobody',
    });
    expect(await started()).toBe(0);
    // The branch itself is not affected by a tag on another commit.
    await setRef('refs/tags/main', unreviewed);
    expect(await decide({ branch: 'refs/heads/main' })).toMatchObject({ effect: 'allow' });
  });

  test('a tag with the name of the branch, on a commit of the branch, is ambiguous until the tag is deleted', async () => {
    const sha = await push();
    await setRef('refs/tags/main', sha);
    expect(await decide()).toMatchObject({ effect: 'deny', code: 'source-ref-ambiguous', responsible: 'source' });
    await deleteRef('refs/tags/main');
    expect(await decide()).toMatchObject({ effect: 'allow' });
  });

  test('a run is allowed if the branch moved on while it ran, and denied if a forced push removed its commit', async () => {
    const sha = await push();
    await push();
    expect(await decide({ sha })).toMatchObject({ effect: 'allow' });
    const base = await push();
    const removed = await push();
    await push({ parent: base });
    expect(await decide({ sha: removed })).toMatchObject({ effect: 'deny', code: 'source-commit-gone' });
    expect(await decide({ sha: base })).toMatchObject({ effect: 'allow' });
  });

  test('a merged commit of another branch is a commit of the default branch', async () => {
    const sha = await push({ branch: 'feature' });
    expect(await decide({ branch: 'main', sha })).toMatchObject({ code: 'source-commit-gone' });
    await push({ merge: 'feature' });
    expect(await decide({ branch: 'main', sha })).toMatchObject({ effect: 'allow' });
  });

  test('a young run waits until GitHub shows its commit on the branch', async () => {
    const sha = await push({ branch: 'pushed' });
    await control(github, 'DELETE', '/requests');
    const { delivery } = await completeRun(github, { repository: source, workflow: 'ci.yml', branch: 'main', sha });
    await until(async () => {
      const { counts } = await control<{ counts: Record<string, number> }>(github, 'GET', '/requests');
      return (counts['graphql'] ?? 0) > 0;
    });
    expect(await readFacts(system.url, delivery?.guid ?? '')).toEqual([]);
    await setRef('refs/heads/main', sha);
    const facts = await timelineOf(system.url, delivery?.guid ?? '');
    expect(facts).toContainEqual(expect.objectContaining({ type: 'dispatch.accepted' }));
    expect(await started()).toBe(1);
  });

  test('a fork with a branch of that name, and a pull request from the branch, dispatch nothing', async () => {
    expect(await decide({ fork: true, branch: 'main' })).toBe('fork-run');
    expect(await decide({ event: 'pull_request' })).toBe('no-match');
    expect(await started()).toBe(0);
  });
});

describe('a rule with branches and tags', () => {
  beforeEach(() => createPair(", branches: ['feature/**'], tags: ['v*']"));

  test('a tag dispatches, lightweight or annotated, pushed or of a release', async () => {
    const sha = await push();
    await setRef('refs/tags/v1', sha);
    await setRef('refs/tags/v2', sha, 'The second');
    expect(await decide({ branch: 'v1' })).toMatchObject({ effect: 'allow' });
    expect(await decide({ branch: 'v2' })).toMatchObject({ effect: 'allow' });
    expect(await decide({ branch: 'v2', event: 'release' })).toMatchObject({ effect: 'allow' });
    expect(await decide({ branch: 'main' })).toBe('no-match');
  });

  test('a moved or deleted tag, and a deleted branch, dispatch nothing', async () => {
    const sha = await push({ branch: 'feature/x' });
    await setRef('refs/tags/v1', sha);
    await setRef('refs/tags/v1', 'main');
    expect(await decide({ branch: 'v1', sha })).toMatchObject({ code: 'source-commit-gone' });
    await deleteRef('refs/tags/v1');
    expect(await decide({ branch: 'v1', sha })).toMatchObject({ code: 'source-commit-gone' });
    expect(await decide({ branch: 'feature/x', sha })).toMatchObject({ effect: 'allow' });
    await deleteRef('refs/heads/feature/x');
    expect(await decide({ branch: 'feature/x', sha })).toMatchObject({ code: 'source-commit-gone' });
  });
});

describe('a rule for first attempts', () => {
  test('a re-run dispatches nothing', async () => {
    await createPair(', attempts: [1]');
    expect(await decide()).toMatchObject({ effect: 'allow' });
    expect(await decide({ attempt: 2 })).toBe('no-match');
    expect(await started()).toBe(1);
  });
});

test('a re-run is refused 30 days after its first attempt was created', async () => {
  await createPair();
  const ageMs = 31 * 24 * 60 * 60_000;
  expect(await decide({ attempt: 2, ageMs })).toBe('run-too-old');
  expect(await decide({ attempt: 2, ageMs: ageMs - 2 * 24 * 60 * 60_000 })).toMatchObject({ effect: 'allow' });
});
