import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSystem, type System } from '../../app/system.ts';
import { control } from '../../testing/github.ts';
import { eventually, until } from '../../testing/until.ts';
import { openBrowser, type TestBrowser, type Visit, type VisitOptions } from '../test-browser.ts';

// People sign in with the emulated GitHub. Who pushes to octo-org/deploy operates, and viewers see what they may read.

let dataDir: string;
let system: System;
let browser: TestBrowser;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'github-sign-in-'));
  const env = {
    ADMIN_AUTHENTICATION: 'github',
    ADMIN_VIEWERS: 'repo:octo-org/app',
    REPOSITORY_VISIBILITY: 'github',
    EMULATOR_RUN_SECONDS: '1',
  };
  [system, browser] = await Promise.all([
    startSystem({ dataDir, port: 0, env, scheduleEveryMs: 1_000 }),
    openBrowser(),
  ]);
});
afterAll(async () => {
  await browser.close();
  await system.close();
  await rm(dataDir, { recursive: true, maxRetries: 5 });
});

const github = <T>(method: string, path: string, body: object): Promise<T> =>
  control<T>(system.emulatorUrl ?? '', method, path, body);

/** Sets which repositories somebody outside of the organization may read. */
async function letRead(login: string, names: readonly string[]): Promise<void> {
  for (const name of ['octo-org/app', 'octo-org/deploy', 'octo-org/docs']) {
    const collaborators = names.includes(name) ? { [login]: 'read' } : {};
    await github('PATCH', `/repositories/${name}`, { collaborators });
  }
}

/** A page without a session reports the 401 that leads to the sign-in. */
const expected = [/401 \(Unauthorized\)/, /40[34] \((?:Forbidden|Not Found)\)/];

/** Opens a page of the dashboard, which leads to the sign-in, to GitHub and back. */
async function signIn(login: string, path: string, options: VisitOptions = {}): Promise<Visit> {
  const visit = await browser.visit(system.url, { expected, ...options });
  const { page } = visit;
  await page.goto(path);
  await page.getByRole('link', { name: 'Sign in with GitHub' }).click();
  await page.getByRole('button', { name: `Authorize as ${login}` }).click();
  await page.waitForURL((url) => url.origin === system.url && url.pathname === path);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await visit.settled();
  return visit;
}

const textOf = async ({ page }: Visit): Promise<string> => (await page.getByRole('main').textContent()) ?? '';

/** Completes a run of octo-org/app, and waits until the run that it starts has completed and everything is rolled up. */
async function completeRun({ page }: Visit): Promise<string> {
  await github('POST', '/runs', { repository: 'octo-org/app', workflow: 'ci.yml', branch: 'main' });
  let runKey = '';
  await eventually(async () => {
    const { dispatches } = await (await page.request.get('/api/dispatches?state=completed')).json();
    expect(dispatches).not.toEqual([]);
    const { uses } = await (await page.request.get('/api/repositories/octo-org/deploy/inbound')).json();
    expect(uses).not.toEqual([]);
    expect((await page.request.get('/api/repositories/octo-org/app')).status()).toBe(200);
    runKey = dispatches[0].runKey;
  });
  return runKey;
}

test('an operator signs in with GitHub, returns to the page that was asked for, and signs out', async () => {
  const visit = await signIn('octocat', '/dispatches');
  const { page } = visit;
  await page.getByRole('button', { name: 'Signed in as octocat' }).click();
  await expect(page.getByRole('menu').textContent()).resolves.toContain('Operator');
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByRole('link', { name: 'Sign in with GitHub' }).waitFor();
  await visit.close();
});

test('who has no role reads so, and by whom it is given', async () => {
  await letRead('monalisa', []);
  const visit = await browser.visit(system.url, { expected });
  const { page } = visit;
  await page.goto('/');
  await page.getByRole('link', { name: 'Sign in with GitHub' }).waitFor();
  expect(await visit.accessibilityProblems()).toEqual([]);
  await page.getByRole('link', { name: 'Sign in with GitHub' }).click();
  await page.getByRole('button', { name: 'Authorize as monalisa' }).click();
  await page.getByText('which grants no Dispatcher role. Ask an administrator').waitFor();
  expect(await visit.accessibilityProblems()).toEqual([]);
  await visit.close();
});

test('a viewer of the source sees why and that a run was started, and nothing else of the private target', async () => {
  const operator = await signIn('octocat', '/dispatches');
  const runKey = await completeRun(operator);
  await operator.open(`/runs/${runKey}`);
  const started = operator.page.getByRole('main').locator('a[href*="/octo-org/deploy/actions/runs/"]');
  expect(await started.count()).toBeGreaterThan(0);
  await operator.close();

  await letRead('monalisa', ['octo-org/app']);
  const visit = await signIn('monalisa', `/runs/${runKey}`);
  const { page } = visit;
  expect(await textOf(visit)).toMatch(/1 started, 1 refused/);
  expect(await textOf(visit)).toContain('target-refused');
  expect(await textOf(visit)).not.toMatch(/inbound-no-match|inbound\[/);
  expect(await page.getByRole('main').locator('a[href*="/octo-org/deploy/actions/runs/"]').count()).toBe(0);
  const pages = page.getByRole('navigation', { name: 'Pages' });
  await pages.getByRole('link', { name: 'Repositories' }).waitFor();
  for (const name of ['Dead letters', 'Audit', 'Keys']) {
    expect(await pages.getByRole('link', { name }).count()).toBe(0);
  }
  await visit.open('/repositories');
  expect(await textOf(visit)).toContain('octo-org/app');
  expect(await textOf(visit)).not.toContain('octo-org/deploy');
  await visit.open('/dispatches');
  expect(await textOf(visit)).toContain('octo-org/deploy');
  const listed = await page.getByRole('table', { name: 'Dispatches' }).textContent();
  expect(listed).not.toMatch(/Succeeded|Failed/);
  await visit.open('/repositories/octo-org/deploy');
  expect(await textOf(visit)).toContain('Nothing is recorded');
  await visit.open('/audit');
  expect(await textOf(visit)).toContain('You may not see this');
  await visit.close();
});

test('a viewer of the target sees its own results, and no name of the private source', async () => {
  await letRead('monalisa', ['octo-org/deploy']);
  const visit = await signIn('monalisa', '/dispatches', { width: 390, height: 844 });
  const { page } = visit;
  for (const path of ['/dispatches', '/routes', '/repositories', '/repositories/octo-org/deploy', '/runs', '/']) {
    await visit.open(path);
    expect(await page.content()).not.toContain('octo-org/app');
  }
  await visit.open('/repositories/octo-org/deploy');
  expect(await textOf(visit)).toContain('a repository that you may not see');
  await visit.open('/dispatches');
  expect(await textOf(visit)).toMatch(/a repository that you may not see.*octo-org\/deploy/s);
  await expect(visit.accessibilityProblems()).resolves.toEqual([]);
  await visit.close();
});

test('when the authorization is withdrawn at GitHub, the session ends, and the next click leads to the sign-in', async () => {
  const visit = await signIn('octocat', '/repositories');
  const { page, context } = visit;
  const me = () => context.request.get('/api/me');
  const account = { name: 'octocat', account: '583231', kind: 'github', role: 'operator' };
  expect(await (await me()).json()).toMatchObject(account);
  const form = { user: account.account };
  await context.request.post(`${system.emulatorUrl}/settings/apps/authorizations`, { form, maxRedirects: 0 });
  await until(async () => (await me()).status() === 401);
  await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Routes' }).click();
  await page.getByRole('link', { name: 'Sign in with GitHub' }).waitFor();
  await visit.close();
});
