import { describe, expect, test } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { buildsWithIdToken, problemsOf, restoresCacheWithIdToken, unverifiedArtifacts } from './workflow-rules.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string) => (existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : null);
const textOf = (name: string) => read(`.github/workflows/${name}`) ?? '';
const names = readdirSync(join(root, '.github/workflows'));

/** Returns a workflow with one job of these permissions and steps, in YAML's flow style. */
const workflow = (permissions: object, steps: readonly object[]) =>
  JSON.stringify({ concurrency: 'a', jobs: { a: { 'timeout-minutes': 1, permissions, steps } } });
const idToken = { 'id-token': 'write' };

/** Inserts a step before the first one of a job of a real workflow. */
function withStep(name: string, job: string, step: object): string {
  const parsed = parse(textOf(name)) as { jobs: Record<string, { steps: object[] }> };
  parsed.jobs[job]?.steps.unshift(step);
  return JSON.stringify(parsed);
}

describe('the workflows', () => {
  test('follow every rule', () => {
    expect(names.length).toBeGreaterThan(4);
    expect(names.flatMap((name) => problemsOf(textOf(name), name, read))).toEqual([]);
  });

  test.each([
    ['release.yml', 'push'],
    ['deploy.yml', 'verify'],
    ['deploy-environment.yml', 'plan'],
    ['deploy-environment.yml', 'apply'],
  ])('the job of %s with credentials, %s, neither installs nor builds', (name, job) => {
    const problems = (text: string) => buildsWithIdToken(text, name, read);
    expect(problems(textOf(name))).toEqual([]);
    for (const run of ['npm ci --ignore-scripts', 'node scripts/install.mjs', 'scripts/images/build.sh v1 release']) {
      expect(problems(withStep(name, job, { run }))).toEqual([expect.stringContaining(`the job ${job} has id-token`)]);
    }
  });

  test('the job that builds a release has no credentials: no OIDC token, no environment, no secret', () => {
    const { jobs } = parse(textOf('release.yml')) as { jobs: Record<string, Record<string, unknown>> };
    expect(jobs['build']?.['permissions']).toEqual({ contents: 'read' });
    expect(jobs['build']).not.toHaveProperty('environment');
    expect(JSON.stringify(jobs['build'])).not.toContain('secrets.');
  });

  test('a deployment runs on the default branch only, and verifies the tag before it gets a role', () => {
    const { jobs } = parse(textOf('deploy.yml')) as { jobs: Record<string, { steps: Record<string, string>[] }> };
    const steps = jobs['verify']?.steps ?? [];
    const index = (text: string) => steps.findIndex(({ run, uses }) => (run ?? uses)?.includes(text));
    expect(steps[0]?.['run']).toBe('test "$GITHUB_REF" = "refs/heads/$DEFAULT_BRANCH"');
    expect(index('verify-tag.sh')).toBeGreaterThan(0);
    expect(index('configure-aws-credentials')).toBeGreaterThan(index('verify-tag.sh'));
    expect(index('verify.sh')).toBeGreaterThan(index('gh release download'));
  });
});

describe('a job with id-token: write', () => {
  test.each([
    'npm ci',
    'npm install --ignore-scripts',
    'cd packages/cli && npm run build',
    'npx esbuild a.ts',
    'podman build .',
    'docker build .',
    '.ci/run',
    'node scripts/install.mjs',
    'scripts/images/check.sh',
  ])('may not run `%s`', (run) => {
    expect(buildsWithIdToken(workflow(idToken, [{ run }]), 'a.yml', read)).toHaveLength(1);
  });

  test.each([
    'scripts/deploy/smoke.sh dev',
    'scripts/deploy/plan.sh dev a',
    'scripts/images/push.sh v1 a',
    'gh --version',
  ])('may run `%s`', (run) => {
    expect(buildsWithIdToken(workflow(idToken, [{ run }]), 'a.yml', read)).toEqual([]);
  });

  test('may not install by a composite action or by a script that calls another', () => {
    const files: Record<string, string> = {
      '.github/actions/a/action.yml': '{ runs: { steps: [{ run: scripts/first.sh }] } }',
      'scripts/first.sh': 'scripts/second.sh',
      'scripts/second.sh': '# a comment\nnpm ci',
    };
    const steps = [{ uses: './.github/actions/a' }];
    const problems = (read: (path: string) => string | null) =>
      buildsWithIdToken(workflow(idToken, steps), 'a.yml', read);
    expect(problems((path) => files[path] ?? null)).toHaveLength(1);
    files['scripts/second.sh'] = '# npm ci';
    expect(problems((path) => files[path] ?? null)).toEqual([]);
  });

  test('is also one that gets the permission from its workflow or by write-all', () => {
    const jobs = { a: { steps: [{ run: 'npm ci' }] } };
    expect(buildsWithIdToken(JSON.stringify({ permissions: idToken, jobs }), 'a.yml', read)).toHaveLength(1);
    expect(buildsWithIdToken(JSON.stringify({ permissions: 'write-all', jobs }), 'a.yml', read)).toHaveLength(1);
    expect(buildsWithIdToken(JSON.stringify({ permissions: {}, jobs }), 'a.yml', read)).toEqual([]);
  });

  test.each([
    [{ uses: 'actions/cache@a' }, 1],
    [{ uses: 'actions/setup-node@a', with: { 'node-version': 24 } }, 1],
    [{ uses: 'actions/setup-node@a', with: { cache: 'npm', 'package-manager-cache': false } }, 1],
    [{ uses: 'actions/setup-node@a', with: { 'package-manager-cache': false } }, 0],
  ])('restores no cache: %j gives %d problems', (step, count) => {
    expect(restoresCacheWithIdToken(workflow(idToken, [step]), 'a.yml', read)).toHaveLength(count);
    expect(restoresCacheWithIdToken(workflow({}, [step]), 'a.yml', read)).toEqual([]);
  });
});

test('an artifact must be verified in the step after its download', () => {
  const download = { uses: 'actions/download-artifact@a', with: { name: 'built', path: 'release' } };
  const verify = { run: 'scripts/deploy/artifact.sh verify release "$SHA256"' };
  const problems = (...steps: object[]) => unverifiedArtifacts(workflow({}, steps), 'a.yml', read);
  expect(problems(download, verify)).toEqual([]);
  expect(problems(download)).toHaveLength(1);
  expect(problems(download, { run: 'release/dispatcher.mjs' }, verify)).toHaveLength(1);
  expect(problems(download, { run: 'scripts/deploy/artifact.sh verify other "$SHA256"' })).toHaveLength(1);
});
