import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { completeRun } from '../../app/emulator.ts';
import { startSystem, type System } from '../../app/system.ts';
import { until } from '../../testing/until.ts';
import { openBrowser, type TestBrowser, type Visit } from '../test-browser.ts';

// What an open page shows of what happens meanwhile.

let dataDir: string;
let system: System;
let browser: TestBrowser;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'live-'));
  [system, browser] = await Promise.all([startSystem({ dataDir, port: 0, env: {} }), openBrowser()]);
  await complete();
});
afterAll(async () => {
  await browser.close();
  await system.close();
  await rm(dataDir, { recursive: true, maxRetries: 5 });
});

const complete = () => completeRun(system.emulatorUrl ?? '', { repository: 'octo-org/app', workflow: 'ci.yml' });

const rowsOf = (visit: Visit) => visit.page.getByRole('main').getByRole('link', { name: /octo-org\/app/ });

/** Opens the list of runs, once it has the first one. */
async function openRuns(options: Parameters<TestBrowser['visit']>[1] = {}): Promise<Visit> {
  const visit = await browser.visit(system.url, options);
  await until(async () => {
    await visit.open('/runs');
    return (await rowsOf(visit).count()) > 0;
  });
  return visit;
}

const streamRequests = (visit: Visit) => visit.apiRequests().filter((request) => request.startsWith('GET /api/stream'));

test('a new run waits behind a button, and moves nothing until it is pressed', async () => {
  const visit = await openRuns();
  const before = await rowsOf(visit).count();
  await complete();
  const button = visit.page.getByRole('button', { name: /^\d+ new runs?$/ });
  await button.waitFor();
  expect(await rowsOf(visit).count()).toBe(before);
  await button.click();
  await until(async () => (await rowsOf(visit).count()) > before);
  await button.waitFor({ state: 'detached' });
  await visit.close();
});

test('on the page of the newest facts, new ones of what is filtered wait behind a button', async () => {
  const visit = await browser.visit(system.url);
  const rows = visit.page.getByRole('table', { name: 'Activity' }).getByRole('row').filter({ hasText: 'octo-org/app' });
  await until(async () => {
    await visit.open('/activity?type=run.planned&source=octo-org/app');
    return (await rows.count()) > 0;
  });
  const before = await rows.count();
  await complete();
  const button = visit.page.getByRole('button', { name: '1 new fact', exact: true });
  await button.waitFor();
  expect(await rows.count()).toBe(before);
  await button.click();
  await until(async () => (await rows.count()) === before + 1);
  expect(await visit.page.getByRole('row').filter({ hasText: 'Started' }).count()).toBe(0);
  await visit.close();
});

test('a hidden tab closes the stream, and a visible one opens it again', async () => {
  const visit = await openRuns();
  const show = (state: string) =>
    visit.page.evaluate<undefined>(
      `Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => '${state}' });
       document.dispatchEvent(new Event('visibilitychange'));`,
    );
  await until(() => streamRequests(visit).length > 0);
  await show('hidden');
  visit.apiRequests();
  // Longer than the wait between two requests in a page that shows something new.
  await visit.page.clock.install();
  await visit.page.clock.runFor(60_000);
  expect(streamRequests(visit)).toEqual([]);
  await show('visible');
  await until(() => streamRequests(visit).length > 0);
  await visit.close();
});

test('the page says since when it is stale after three missed rounds, and recovers by itself', async () => {
  const visit = await openRuns({ expected: [/api\/stream/, /Failed to load resource/] });
  await visit.page.route('**/api/stream*', (route) => route.abort('connectionrefused'));
  const stale = visit.page.getByText(/^Stale since /);
  await stale.waitFor();
  await visit.page.unroute('**/api/stream*');
  await stale.waitFor({ state: 'detached' });
  await visit.close();
});
