import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { adminHeaders } from '../../app/admin-access.ts';
import { type Demo, startDemo } from '../../demo-history/start-demo.ts';
import { eventually } from '../../testing/until.ts';
import { findKnownIds, type KnownIds } from '../dashboard-pages.ts';
import { openBrowser, type TestBrowser, type Visit, type VisitOptions } from '../test-browser.ts';

// What people do with the dashboard, on a demonstration with half a day of history and a sign-in by password.

const env = { ADMIN_AUTHENTICATION: 'basic', ADMIN_BASIC_USER: 'mona', ADMIN_BASIC_PASSWORD: 'correct horse battery' };
const headers = adminHeaders(env);
let dataDir: string;
let demo: Demo;
let ids: KnownIds;
let browser: TestBrowser;
let viewerKey: string;
/** The cookies of a signed-in operator, so that only one test types the password. */
let signedIn: Awaited<ReturnType<Visit['context']['cookies']>>;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'dashboard-'));
  const size = { days: 0.5, perHour: 0.5 };
  const starting = startDemo({ dataDir, port: 0, env, seed: 1, size, scheduleEveryMs: 5_000, print: () => undefined });
  [demo, browser] = await Promise.all([starting, openBrowser()]);
  await demo.recorded;
  await eventually(async () => {
    ids = await findKnownIds(demo.system.url, headers);
  });
  viewerKey = await createKey('a-viewer', 'viewer');
  const visit = await browser.visit(demo.system.url);
  await signIn(visit.page, '/');
  signedIn = await visit.context.cookies();
  await visit.close();
});
afterAll(async () => {
  await browser.close();
  await demo.close();
  await rm(dataDir, { recursive: true, maxRetries: 5 });
});

async function createKey(name: string, role: string): Promise<string> {
  const response = await fetch(`${demo.system.url}/api/keys`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json', 'idempotency-key': `test-${name}` },
    body: JSON.stringify({ name, role, reason: 'A test of the dashboard.' }),
  });
  return ((await response.json()) as { secret: string }).secret;
}

async function signIn(page: Page, path: string): Promise<void> {
  await page.goto(`/auth/sign-in?return=${encodeURIComponent(path)}`);
  await page.getByLabel('User name').fill(env.ADMIN_BASIC_USER);
  await page.getByLabel('Password').fill(env.ADMIN_BASIC_PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
}

/** Opens a window of an operator. */
async function visitAsOperator(options: VisitOptions = {}): Promise<Visit> {
  const visit = await browser.visit(demo.system.url, options);
  await visit.context.addCookies(signedIn);
  return visit;
}

async function get<T>(path: string): Promise<T> {
  return (await (await fetch(demo.system.url + path, { headers })).json()) as T;
}

/** Presses the tab key until the element has the focus. */
async function tabTo(page: Page, element: Locator): Promise<void> {
  await element.waitFor();
  for (let presses = 0; presses < 120; presses += 1) {
    if (await element.evaluate((node) => node === node.ownerDocument.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`The tab key does not reach ${element.toString()}.`);
}

test('the overview says in words whether all is well, with one request for each figure', async () => {
  const visit = await visitAsOperator();
  await visit.open('/');
  const banner = visit.page.getByRole('main').getByRole('status').first();
  await expect(banner.textContent()).resolves.toMatch(/Working|need/);
  // The stream goes on.
  const requests = visit.apiRequests().filter((request) => !request.startsWith('GET /api/stream'));
  expect(new Set(requests).size).toBe(requests.length);
  expect(requests.length).toBeLessThanOrEqual(12);
  await visit.page.getByRole('link', { name: /dead letters? wait/ }).click();
  await visit.page.getByRole('heading', { level: 1, name: 'Dead letters' }).waitFor();
  await visit.close();
});

test('the window of the overview is in the address and survives a reload', async () => {
  const visit = await visitAsOperator();
  await visit.open('/');
  await visit.page.getByRole('button', { name: 'Last 7 days' }).click();
  await visit.page.waitForURL(/window=week/);
  await visit.page.reload();
  await visit.settled();
  await expect(visit.page.getByRole('button', { name: 'Last 7 days' }).getAttribute('aria-pressed')).resolves.toBe(
    'true',
  );
  await visit.close();
});

test('a chart has a table with the same numbers', async () => {
  const visit = await visitAsOperator();
  await visit.open('/');
  await visit.page.getByRole('button', { name: 'Show as table' }).first().click();
  await visit.page.getByRole('table').filter({ hasText: 'Refused' }).first().waitFor();
  await visit.close();
});

test('the find field opens by / and leads from the address of a run on GitHub to its page', async () => {
  const visit = await visitAsOperator();
  await visit.open('/');
  await visit.page.keyboard.press('/');
  const field = visit.page.getByRole('searchbox', { name: /^Find a run/ });
  expect(await field.evaluate((node) => node === node.ownerDocument.activeElement)).toBe(true);
  await visit.page.keyboard.type(demo.refusedRun ?? '');
  await visit.page.keyboard.press('Enter');
  await visit.page.waitForURL(/\/runs\/\d+-\d+-\d+/);
  await visit.page.getByRole('heading', { level: 1, name: /octo-org/ }).waitFor();
  await visit.close();
});

test('the page of a refused run says why, and what to do', async () => {
  const visit = await visitAsOperator();
  await visit.open(`/runs/${ids.runKey}`);
  const text = (await visit.page.getByRole('main').textContent()) ?? '';
  expect(text).toMatch(/refused|was not started/);
  expect(text).toContain('Expected');
  await visit.close();
});

test('by the keyboard alone, from the sign-in to a redrive', async () => {
  const visit = await browser.visit(demo.system.url);
  const { page } = visit;
  interface DeadLetters {
    readonly deadLetters: readonly { readonly state: string }[];
  }
  await page.goto(`/auth/sign-in?return=${encodeURIComponent('/dead-letters?queue=runs&reason=attempts-exhausted')}`);
  await tabTo(page, page.getByLabel('User name'));
  await page.keyboard.type(env.ADMIN_BASIC_USER);
  await tabTo(page, page.getByLabel('Password'));
  await page.keyboard.type(env.ADMIN_BASIC_PASSWORD);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Dead letters' }).waitFor();
  await visit.settled();
  await tabTo(page, page.getByRole('button', { name: 'Redrive…' }));
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Reason').waitFor();
  await page.keyboard.type('INC-104: GitHub answers again');
  await tabTo(page, dialog.getByRole('button', { name: /^Redrive \d+ dead letters?$/ }));
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Redrive dead letters' }).waitFor();
  await page.getByText(/Ended/).waitFor();
  await eventually(async () => {
    const { entries } = await get<{ entries: { action: string; operator: string; reason: string }[] }>('/api/audit');
    expect(entries).toContainEqual(
      expect.objectContaining({ action: 'redrive', operator: 'mona', reason: 'INC-104: GitHub answers again' }),
    );
  });
  const { deadLetters } = await get<DeadLetters>('/api/dead-letters/runs?state=redriven');
  expect(deadLetters.length).toBeGreaterThan(0);
  await visit.close();
});

test('a viewer sees no action of an operator, and is refused when the request is made anyway', async () => {
  const visit = await browser.visit(demo.system.url, { expected: [/status of 403/] });
  await visit.context.setExtraHTTPHeaders({ 'x-api-key': viewerKey });
  for (const path of [`/runs/${ids.runKey}`, '/dead-letters?queue=runs', '/keys']) {
    await visit.open(path);
    expect(await visit.page.getByRole('button', { name: /^(?:Replay|Redrive|Discard|Create|New key)/ }).count()).toBe(
      0,
    );
  }
  const status = await visit.page.evaluate(async () => {
    const body = JSON.stringify({ paused: true, reason: 'A viewer tries.' });
    const init = { method: 'POST', body, headers: { 'content-type': 'application/json', 'idempotency-key': 'viewer' } };
    return (await fetch('/api/pause', init)).status;
  });
  expect(status).toBe(403);
  await visit.close();
});

test('after the end of the session the next page leads to the sign-in, and back', async () => {
  const visit = await visitAsOperator({ expected: [/status of 401/] });
  await visit.open('/');
  await visit.context.clearCookies();
  await visit.page.goto('/keys');
  await visit.page.waitForURL(/\/auth\/sign-in\?return=%2Fkeys/);
  await visit.page.getByLabel('User name').fill(env.ADMIN_BASIC_USER);
  await visit.page.getByLabel('Password').fill(env.ADMIN_BASIC_PASSWORD);
  await visit.page.getByRole('button', { name: 'Sign in' }).click();
  await visit.page.getByRole('heading', { level: 1, name: /keys/i }).waitFor();
  await visit.close();
});

test('while the API is slow the frame is there at once, and nothing moves when the data arrive', async () => {
  const visit = await visitAsOperator();
  await visit.page.route('**/api/**', async (route) => {
    // As long as a cold start takes at worst.
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    await route.continue();
  });
  await visit.page.goto('/runs');
  const heading = visit.page.getByRole('heading', { level: 1, name: 'Runs' });
  await heading.waitFor();
  const before = await heading.boundingBox();
  expect(await visit.page.getByRole('row').count()).toBeLessThan(5);
  await visit.page.getByRole('table').getByRole('row').nth(3).waitFor();
  expect(await heading.boundingBox()).toEqual(before);
  await visit.close();
});

test('while the API is down the page says so, and one click shows the data once it is back', async () => {
  const visit = await visitAsOperator({ expected: [/ERR_FAILED/, /request failed: GET \/(?:api|health)/] });
  await visit.page.route(/\/(?:api|health)\b(?!\/docs)/, (route) => route.abort());
  await visit.page.goto('/runs');
  await visit.page.getByText('Dispatcher cannot be reached').first().waitFor();
  await visit.page.unroute(/\/(?:api|health)\b(?!\/docs)/);
  await visit.page.getByRole('button', { name: 'Try again' }).first().click();
  await visit.page.getByRole('table').getByRole('row').nth(3).waitFor();
  await visit.close();
});

test('with high contrast by system setting the overview is accessible', async () => {
  const visit = await visitAsOperator({ contrast: 'more' });
  await visit.open('/');
  expect(await visit.accessibilityProblems()).toEqual([]);
  await visit.close();
});
