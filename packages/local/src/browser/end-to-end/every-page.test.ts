import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repositoryRoot } from '../../app/running-file.ts';
import { type Demo, startDemo } from '../../demo-history/start-demo.ts';
import { eventually } from '../../testing/until.ts';
import { dashboardPages, findKnownIds, type KnownIds } from '../dashboard-pages.ts';
import { openBrowser, type TestBrowser } from '../test-browser.ts';

// What holds for every page of the dashboard, on a demonstration with half a day of history.

let dataDir: string;
let demo: Demo;
let ids: KnownIds;
let browser: TestBrowser;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'every-page-'));
  const size = { days: 0.5, perHour: 0.5 };
  const starting = startDemo({
    dataDir,
    port: 0,
    env: {},
    seed: 1,
    size,
    scheduleEveryMs: 5_000,
    print: () => undefined,
  });
  [demo, browser] = await Promise.all([starting, openBrowser()]);
  await demo.recorded;
  await eventually(async () => {
    ids = await findKnownIds(demo.system.url);
  });
});
afterAll(async () => {
  await browser.close();
  await demo.close();
  await rm(dataDir, { recursive: true, maxRetries: 5 });
});

const placeholders: KnownIds = {
  runKey: '',
  deliveryId: '',
  dispatchId: '',
  routeId: '',
  actionId: '',
  bulkReplayId: '',
};
const names = dashboardPages(placeholders).map(({ name }) => name);
const pathOf = (name: string): string => dashboardPages(ids).find((page) => page.name === name)?.path ?? '/';

test('every path of the dashboard is among these pages', async () => {
  const routes = await readFile(join(repositoryRoot, 'packages/dashboard/src/app/page-routes.ts'), 'utf8');
  const paths = [...routes.matchAll(/^ {2}path: '(.+)',$/gm)].map(([, path = '']) => path);
  expect(paths.length).toBeGreaterThan(20);
  const example = Object.fromEntries(Object.keys(placeholders).map((name) => [name, 'example'])) as unknown as KnownIds;
  const opened = dashboardPages(example).map(({ path }) => path.replace(/[?#].*/, ''));
  const isOpened = (path: string) =>
    opened.some((each) => new RegExp(`^${path.replaceAll(/\$\w+/g, '[^/]+')}$`).test(each));
  expect(paths.filter((path) => !isOpened(path))).toEqual([]);
});

// One window a page: opening it costs more than all that is looked at.
test.each(names)(
  'the page %s is accessible in both themes, fits a phone of 320 pixels, and reports nothing',
  async (name) => {
    const visit = await browser.visit(demo.system.url);
    await visit.open(pathOf(name));
    // The page of a delivery gives way to that of its run.
    await eventually(async () => expect(await visit.page.getByRole('heading', { level: 1 }).count()).toBe(1));
    expect(await visit.page.title()).toMatch(/^(?:.+ · )?Dispatcher$/);
    expect(await visit.page.getByRole('main').count()).toBe(1);
    expect(await visit.accessibilityProblems()).toEqual([]);

    await visit.page.emulateMedia({ colorScheme: 'dark' });
    await visit.page.setViewportSize({ width: 320, height: 640 });
    await visit.settled();
    // A page draws its lists anew when it becomes narrow.
    await eventually(async () => expect(await visit.overflow()).toBeLessThanOrEqual(0));
    expect(await visit.contrastProblems()).toEqual([]);
    await visit.close();
  },
);

/** Returns a response of the API as a busy organisation would get it: hours of latency, and counts of up to nine digits. */
function enlarged(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.map((each) => enlarged(each, key));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, enlarged(each, name)]));
  }
  if (typeof value !== 'number') return value;
  return /^p\d\d$/.test(key) ? 3_599_000 : value * 9_999;
}

test('the overview fits a phone of 320 pixels when runs are many and waited for long', async () => {
  const visit = await browser.visit(demo.system.url);
  await visit.page.route(/\/api\/(?:summary|queues|dead-letters)/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: enlarged(await response.json()) });
  });
  await visit.page.setViewportSize({ width: 320, height: 640 });
  await visit.open('/');
  const latency = visit.page.getByRole('region', { name: 'Latency' });
  await latency.getByText('59 min 59 s').first().waitFor();
  expect(await visit.overflow()).toBeLessThanOrEqual(0);
  await visit.close();
});
