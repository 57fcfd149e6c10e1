import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repositoryRoot } from '../../app/running-file.ts';
import { type Demo, startDemo } from '../../demo-history/start-demo.ts';
import { eventually } from '../../testing/until.ts';
import { dashboardPages, findKnownIds, type KnownIds } from '../dashboard-pages.ts';
import { openBrowser, type TestBrowser, type Visit } from '../test-browser.ts';

// What holds for every page of the dashboard, on a demonstration with half a day of history; and how pages are displayed.

let dataDir: string;
let demo: Demo;
let ids: KnownIds;
let browser: TestBrowser;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'every-page-'));
  const size = { days: 0.5, perHour: 0.5, calendarEndsAt: new Date('2026-11-25T15:20:00Z') };
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
const allPages = (known: KnownIds) => [...dashboardPages(known), { name: 'sign-in', path: '/auth/sign-in' }];
const names = allPages(placeholders).map(({ name }) => name);
const pathOf = (name: string): string => allPages(ids).find((page) => page.name === name)?.path ?? '/';

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

/** Chooses something in the menu of the header. */
async function display({ page }: Visit, group: string, choice: string): Promise<void> {
  await page.getByRole('button', { name: 'Appearance and time zone' }).click();
  await page.getByRole('group', { name: group }).getByRole('menuitemradio', { name: choice, exact: true }).click();
  await page.getByRole('menu').waitFor({ state: 'detached' });
}

/** Returns the colors of the background and of a border. */
const colorsOf = ({ page }: Visit): Promise<readonly string[]> =>
  page.evaluate<string[]>(`[
    getComputedStyle(document.body).backgroundColor,
    getComputedStyle(document.querySelector('main section')).borderTopColor,
  ]`);

test('colors and contrast follow the system or the choice, which survives a reload, and every text has enough contrast', async () => {
  const visit = await browser.visit(demo.system.url, { scheme: 'dark', contrast: 'more' });
  const { page } = visit;
  const areShown = (colors: readonly string[]) => eventually(async () => expect(await colorsOf(visit)).toEqual(colors));
  /** Returns the colors once they are no longer the former ones: the page follows the system with the next frame. */
  const changedFrom = async (former: readonly string[]): Promise<readonly string[]> => {
    await eventually(async () => expect(await colorsOf(visit)).not.toEqual(former));
    return colorsOf(visit);
  };
  const reload = async (): Promise<void> => {
    await page.reload();
    await visit.settled();
  };
  await visit.open('/');
  const darkHighContrast = await colorsOf(visit);
  expect(await visit.contrastProblems()).toEqual([]);
  await page.emulateMedia({ contrast: 'no-preference' });
  const dark = await changedFrom(darkHighContrast);
  await page.emulateMedia({ colorScheme: 'light' });
  const light = await changedFrom(dark);
  expect(light).not.toEqual(darkHighContrast);

  await display(visit, 'Colors', 'Dark');
  await areShown(dark);
  await display(visit, 'Contrast', 'High');
  await areShown(darkHighContrast);
  await reload();
  await areShown(darkHighContrast);
  await page.emulateMedia({ colorScheme: 'dark', contrast: 'more' });
  await display(visit, 'Contrast', 'Standard');
  await areShown(dark);
  await display(visit, 'Colors', 'Light');
  await areShown(light);
  await reload();
  await areShown(light);
  await display(visit, 'Colors', 'As the system');
  await display(visit, 'Contrast', 'As the system');
  await areShown(darkHighContrast);
  await visit.close();
});

test('exact times are shown in local time or UTC by choice, which survives a reload', async () => {
  const visit = await browser.visit(demo.system.url);
  const { page } = visit;
  await visit.open('/runs');
  const time = page.getByRole('table', { name: 'Runs' }).locator('time').last();
  const value = (await time.getAttribute('datetime')) ?? '';
  const exact = async () => (await time.locator('[role="tooltip"]').textContent()) ?? '';
  const inSeconds = (text: string) => Math.floor(Date.parse(text) / 1_000);
  const zones = async (zone: RegExp) => {
    expect(await exact()).toMatch(zone);
    expect(inSeconds(await exact())).toBe(inSeconds(value));
  };
  const local = /GMT\+[12]$/;
  await zones(local);
  await display(visit, 'Exact times', 'UTC');
  await zones(/UTC$/);
  await page.reload();
  await visit.settled();
  await zones(/UTC$/);
  await page.keyboard.press('z');
  await zones(local);
  await visit.close();
});
