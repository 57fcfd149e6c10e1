import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { adminHeaders } from '../../app/admin-access.ts';
import { type Demo, startDemo } from '../../demo-history/start-demo.ts';
import { control } from '../../testing/github.ts';
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
  const size = { days: 0.5, perHour: 0.5, calendarEndsAt: new Date('2026-11-25T15:20:00Z') };
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

async function createKey(name: string, role: string, reason = 'A test of the dashboard.'): Promise<string> {
  const response = await fetch(`${demo.system.url}/api/keys`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json', 'idempotency-key': `test-${name}` },
    body: JSON.stringify({ name, role, reason }),
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

test('the overview says in words whether all is well, with a fixed number of requests', async () => {
  const visit = await visitAsOperator();
  await visit.open('/');
  const banner = visit.page.getByRole('main').getByRole('status').first();
  await expect(banner.textContent()).resolves.toMatch(/Working|need/);
  // The stream goes on, and on a slow machine the page has asked again for what is new meanwhile.
  const requests = visit.apiRequests().filter((request) => !request.startsWith('GET /api/stream'));
  expect(new Set(requests).size).toBeLessThanOrEqual(13);
  await eventually(async () => {
    await visit.open('/');
    await expect(visit.page.getByRole('link', { name: /^Only one side agrees: \d/ }).count()).resolves.toBe(1);
  });
  await visit.page.getByRole('link', { name: /dead letters? wait/ }).click();
  await visit.page.getByRole('heading', { level: 1, name: 'Dead letters' }).waitFor();
  await visit.close();
});

/** Whether the beginning of an element is in the window. */
const isInWindow = (element: Locator): Promise<boolean> =>
  element.evaluate((node) => {
    const { top } = node.getBoundingClientRect();
    return top >= 0 && top < (node.ownerDocument.defaultView?.innerHeight ?? 0);
  });

test('a problem on the overview leads to its runbook, and an address with a heading to this part of it', async () => {
  const visit = await visitAsOperator();
  const { page } = visit;
  await visit.open('/');
  const banner = page.getByRole('main').getByRole('status').first();
  await banner.getByRole('link', { name: 'Dead letters', exact: true }).click();
  await page.waitForURL(/\/runbook\/dead-letters$/);
  await page.getByText('dispatcher dead-letters list').first().waitFor();
  await page.getByRole('link', { name: 'The section below' }).click();
  await page.waitForURL(/\/runbook\/dead-letters#undelivered-events$/);
  const part = page.getByRole('heading', { name: 'Undelivered events' });
  await eventually(async () => expect(await isInWindow(part)).toBe(true));
  await visit.open('/settings');
  await page.getByRole('link', { name: 'Failed dispatches' }).click();
  await page.waitForURL(/\/runbook\/alarms#failed-dispatches$/);
  await page.reload();
  const heading = page.getByRole('heading', { name: 'Failed dispatches' });
  await eventually(async () => expect(await isInWindow(heading)).toBe(true));
  expect(await visit.accessibilityProblems()).toEqual([]);
  await visit.open('/runbook/nothing');
  await page.getByRole('link', { name: 'All runbooks' }).first().click();
  await page.getByRole('heading', { level: 1, name: 'Runbooks' }).waitFor();
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

async function find(visit: Visit, text: string): Promise<void> {
  await visit.open('/find');
  await visit.page.getByRole('searchbox', { name: /^Find a run/ }).fill(text);
  await visit.page.keyboard.press('Enter');
}

test('the address of a pull request leads to the runs of its commits, and says what else finds them if none is recorded', async () => {
  const github = demo.system.emulatorUrl ?? '';
  const [repository, pullRequest] = ['octo-org/orders', 4_711];
  const run = { repository, workflow: 'ci.yml', event: 'pull_request', pullRequests: [pullRequest] };
  await control(github, 'POST', '/runs', run);
  await eventually(async () => {
    const path = `/api/deliveries?repository=${repository}&pullRequest=${pullRequest}`;
    expect((await get<{ deliveries: object[] }>(path)).deliveries).toHaveLength(1);
  });
  const visit = await visitAsOperator();
  await find(visit, `https://github.com/${repository}/pull/${pullRequest}/files`);
  await visit.page.waitForURL(new RegExp(`/runs\\?repository=${repository}&pullRequest=${pullRequest}`));
  const list = visit.page.getByRole('table', { name: 'Runs' });
  await list.getByText(`pull_request #${pullRequest}`).first().waitFor();
  const { deliveries } = await get<{ deliveries: { commit: string }[] }>(
    `/api/deliveries?repository=${repository}&pullRequest=${pullRequest}`,
  );
  const commit = deliveries[0]?.commit ?? '';
  const ofCommit = visit.page.getByRole('link', { name: commit.slice(0, 7), exact: true });
  expect(await ofCommit.getAttribute('href')).toBe(`/find?q=${commit}`);
  await list
    .getByRole('link', { name: new RegExp(repository) })
    .first()
    .click();
  await visit.page.waitForURL(/\/runs\/\d+-\d+-\d+/);
  await find(visit, `${repository}#999999`);
  await visit.page.getByRole('heading', { name: 'No run of pull request #999999 was found' }).waitFor();
  await visit.page.getByText(/all 40 digits/).waitFor();
  await visit.close();
});

test('the names of its two sides lead to a route, or to those between the repositories', async () => {
  type Row = {
    routeId: string;
    route: { source: { repository?: string; workflow?: string }; target: { repository: string; workflow?: string } };
  };
  const { routes } = await get<{ routes: Row[] }>('/api/routes?limit=100');
  const { routeId, route } = routes.find(
    ({ route: { source, target } }) => source.workflow !== undefined && target.workflow !== undefined,
  )!;
  const { source, target } = route;
  const visit = await visitAsOperator();
  await find(visit, `${source.repository} ${source.workflow} -> ${target.repository} ${target.workflow}`);
  await visit.page.waitForURL(`**/routes/${routeId}`);
  await find(visit, `${source.repository} none.yml → ${target.repository}`);
  await visit.page.getByRole('heading', { name: 'This route is not recorded' }).waitFor();
  await visit.page.getByRole('link', { name: /other routes? from/ }).click();
  await visit.page.waitForURL(`**/routes?source=${source.repository}&repository=${target.repository}`);
  await visit.page.getByRole('table', { name: 'Routes' }).getByRole('link').first().waitFor();
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
  // The state of a dead letter follows at the next roll-up.
  await eventually(async () => {
    const { deadLetters } = await get<DeadLetters>('/api/dead-letters/runs?state=redriven');
    expect(deadLetters.length).toBeGreaterThan(0);
  });
  await visit.close();
});

test('a viewer sees no action of an operator, and is refused when the request is made anyway', async () => {
  const visit = await browser.visit(demo.system.url, { expected: [/status of 403/] });
  await visit.context.setExtraHTTPHeaders({ 'x-api-key': viewerKey });
  const paths = [
    `/runs/${ids.runKey}`,
    '/runs?code=no-match',
    '/bulk-replays?code=no-match',
    '/dead-letters?queue=runs',
    '/keys',
  ];
  for (const path of paths) {
    await visit.open(path);
    expect(await visit.page.getByRole('button', { name: /^(?:Replay|Redrive|Discard|Create|New)/ }).count()).toBe(0);
    expect(await visit.page.getByRole('dialog').count()).toBe(0);
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
  expect(await visit.accessibilityProblems()).toEqual([]);
  await visit.page.emulateMedia({ colorScheme: 'dark' });
  expect(await visit.contrastProblems()).toEqual([]);
  await visit.page.getByLabel('User name').fill(env.ADMIN_BASIC_USER);
  await visit.page.getByLabel('Password').fill(env.ADMIN_BASIC_PASSWORD);
  await visit.page.getByRole('button', { name: 'Sign in' }).click();
  await visit.page.getByRole('heading', { level: 1, name: /keys/i }).waitFor();
  await visit.close();
});

test('after the sign-out in one tab, the next click in another one leads to the sign-in', async () => {
  const visit = await browser.visit(demo.system.url, { expected: [/401/] });
  const { page, context } = visit;
  await signIn(page, '/');
  const other = await context.newPage();
  // A page that asks for nothing by itself: the click is what notices the end of the session.
  await other.goto('/repositories');
  await other.getByRole('table', { name: 'Repositories' }).waitFor();
  await page.getByRole('button', { name: 'Signed in as mona' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByLabel('User name').waitFor();
  await other.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Routes' }).click();
  await other.getByLabel('User name').waitFor();
  expect(new URL(other.url()).searchParams.get('return')).toBe('/routes');
  await visit.close();
});

test('a long list is loaded page by page to its end, without a row twice', async () => {
  const visit = await visitAsOperator();
  const { page } = visit;
  // A page of the list has 100 rows. With ten, the history of half a day is a long list.
  await page.route('**/api/routes?**', (route) =>
    route.continue({ url: route.request().url().replace('limit=100', 'limit=10') }),
  );
  await visit.open('/routes');
  const rows = page.getByRole('table', { name: 'Routes' }).locator('tbody tr');
  await expect(rows.count()).resolves.toBe(10);
  const more = page.getByRole('button', { name: 'Load more' });
  while ((await more.count()) > 0) {
    const before = await rows.count();
    await more.click();
    await eventually(async () => expect((await rows.count()) > before || (await more.count()) === 0).toBe(true));
    await visit.settled();
  }
  await page.getByText(/routes\. There are no more\./).waitFor();
  const links = await rows
    .locator('td:first-child a')
    .evaluateAll((nodes) => nodes.map((node) => node.getAttribute('href')));
  expect(links.length).toBeGreaterThan(20);
  expect(new Set(links).size).toBe(links.length);
  await visit.close();
});

test('each row of the runs has its answer in one sentence, and the code where it says more', async () => {
  const visit = await visitAsOperator();
  const { page } = visit;
  await visit.open('/runs?outcome=no-match');
  const rows = page.getByRole('table', { name: 'Runs' }).locator('tbody').getByRole('row');
  await rows.first().waitFor();
  for (const row of await rows.all()) await expect(row.textContent()).resolves.toContain('no outbound rule matches');
  await visit.open(`/runs?code=planned`);
  await rows
    .filter({ hasText: /\d routes? (?:allowed|refused)\./ })
    .first()
    .waitFor();
  await visit.close();
});

test('a page that is older than the API says so, and is reloaded by its button only', async () => {
  const visit = await visitAsOperator();
  const { page } = visit;
  await page.route('**/health', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: { ...(await response.json()), version: '99.0.0' } });
  });
  await visit.open('/keys');
  const notice = page.getByText('Dispatcher now runs another version than this page.');
  await notice.waitFor();
  expect(await visit.accessibilityProblems()).toEqual([]);
  await page.unroute('**/health');
  await page.getByRole('button', { name: 'Reload' }).click();
  await notice.waitFor({ state: 'detached' });
  await page.getByRole('heading', { level: 1, name: /keys/i }).waitFor();
  await visit.settled();
  expect(await notice.count()).toBe(0);
  await visit.close();
});

test('while the API is slow the frame is there at once, and nothing moves when the data arrive', async () => {
  const visit = await visitAsOperator();
  const responding = Promise.withResolvers<undefined>();
  await visit.page.route('**/api/**', async (route) => {
    await responding.promise;
    await route.continue();
  });
  await visit.page.goto('/runs');
  const heading = visit.page.getByRole('heading', { level: 1, name: 'Runs' });
  await heading.waitFor();
  await visit.page.getByRole('main').locator('[aria-busy="true"]').first().waitFor();
  const before = await heading.boundingBox();
  expect(await visit.page.getByRole('row').count()).toBeLessThan(5);
  responding.resolve(undefined);
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

test('the installations say that suspended ones could not be read, also while no other installation is known', async () => {
  const visit = await visitAsOperator({ expected: [/ERR_FAILED/, /request failed: GET \/api\/sweeps/] });
  const { page } = visit;
  const lists = { installations: [], repositories: [], cursor: null };
  await page.route(/\/api\/(?:installations|repositories)\?/, (route) => route.fulfill({ json: lists }));
  await page.route('**/api/sweeps?**', (route) => route.abort());
  await page.goto('/installations');
  await page.getByText('No installation is known yet').waitFor();
  await page.getByText('Suspended installations and pending permissions could not be read.').waitFor();
  expect(await visit.accessibilityProblems()).toEqual([]);
  await visit.close();
});

test('with high contrast by system setting the overview is accessible', async () => {
  const visit = await visitAsOperator({ contrast: 'more' });
  await visit.open('/');
  expect(await visit.accessibilityProblems()).toEqual([]);
  await visit.close();
});

test('with forced colors, what is chosen still differs from the rest', async () => {
  const visit = await visitAsOperator();
  const { page } = visit;
  await page.emulateMedia({ forcedColors: 'active' });
  await visit.open('/dead-letters?queue=runs');
  const colorOf = (element: Locator, property: 'backgroundColor' | 'borderTopColor', pseudo?: string) =>
    element.evaluate((node, [name, of]) => node.ownerDocument.defaultView?.getComputedStyle(node, of)[name], [
      property,
      pseudo,
    ] as const);
  const pages = page.getByRole('navigation', { name: 'Pages' });
  const underline = await colorOf(pages.getByRole('link', { name: 'Dead letters' }), 'backgroundColor', '::after');
  const canvas = await colorOf(page.locator('body'), 'backgroundColor');
  expect(underline).toMatch(/^rgb/);
  expect(underline).not.toBe(canvas);
  const queues = page.getByRole('list', { name: 'Queues' }).getByRole('listitem');
  const border = (name: string) => colorOf(queues.filter({ hasText: name }), 'borderTopColor');
  expect(await border('Runs')).not.toBe(await border('Hints'));
  await visit.close();
});

test('with reduced motion nothing moves, not even while a page is loading', async () => {
  const visit = await visitAsOperator();
  const { page } = visit;
  const held: (() => void)[] = [];
  await page.route('**/api/deliveries?**', (route) => held.push(() => void route.continue()));
  await page.goto('/runs');
  await page.locator('[aria-busy="true"]').first().waitFor();
  const durations = await page.evaluate<number[]>(
    `document.getAnimations().map(({ effect }) => Number(effect.getComputedTiming().duration))`,
  );
  expect(Math.max(0, ...durations)).toBeLessThanOrEqual(1);
  await page.unroute('**/api/deliveries?**');
  for (const release of held) release();
  await page.getByRole('table', { name: 'Runs' }).waitFor();
  await visit.close();
});

test('the routes are filtered by their last result, and a refused route says who must act under which condition', async () => {
  const visit = await visitAsOperator();
  const { page } = visit;
  await visit.open('/routes');
  await page.getByLabel('Last result').selectOption('Refused');
  await page.waitForURL(/state=denied/);
  await visit.settled();
  const rows = page.getByRole('table', { name: 'Routes' }).locator('tbody').getByRole('row');
  await rows.first().waitFor();
  for (const row of await rows.all()) await expect(row.textContent()).resolves.toContain('Refused');
  await rows.filter({ hasText: 'inbound-no-match' }).first().getByRole('link').first().click();
  await page.waitForURL(/\/routes\/[\da-f]+$/);
  await page.getByText('Refused. Target repository must act.').waitFor();
  const conditions = page.getByRole('region', { name: 'Conditions of both sides' });
  await conditions.getByRole('list', { name: 'Failed checks of the target' }).getByText('Expected').first().waitFor();
  const satisfied = conditions.getByRole('list', { name: 'Satisfied checks of the source' });
  expect(await satisfied.isVisible()).toBe(false);
  await conditions
    .getByText(/satisfied condition/)
    .first()
    .click();
  await satisfied.waitFor();
  await page.getByRole('region', { name: 'History' }).getByText('inbound-no-match').first().waitFor();
  await visit.close();
});

test('the graph opens on one repository, leads to its neighbours, and has every edge in its table', async () => {
  const visit = await visitAsOperator();
  const { page } = visit;
  const { routes } = await get<{
    routes: { route: { source: { repository: string }; target: { repository: string } } }[];
  }>('/api/routes?limit=100');
  const [{ source, target }] = routes.flatMap(({ route }) => ('repository' in route.source ? [route] : [])) as [
    (typeof routes)[number]['route'],
  ];
  await visit.open(`/graph?repository=${encodeURIComponent(source.repository)}&steps=1`);
  const graph = page.getByRole('application', { name: 'Graph of the routes' });
  const box = graph.getByRole('link', { name: target.repository, exact: true });
  await box.focus();
  const table = page.getByRole('table', { name: 'Routes of the graph' });
  await expect(table.textContent()).resolves.toContain(target.repository);
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => url.searchParams.get('repository') === target.repository);
  await page.getByRole('region', { name: `Routes around ${target.repository}` }).waitFor();
  await page.setViewportSize({ width: 390, height: 844 });
  await graph.waitFor({ state: 'detached' });
  await page.getByRole('list', { name: 'Routes of the graph' }).waitFor();
  await visit.close();
});

test('the graph shows what only one side says and no run used yet, and a route what the files say now', async () => {
  interface Edge {
    readonly state: string;
    readonly routeId: string | null;
    readonly source: object;
    readonly target: { readonly repository: string };
  }
  const { routes } = await get<{ routes: { routeId: string }[] }>('/api/routes?limit=100');
  const decided = new Set(routes.map(({ routeId }) => routeId));
  let edges: readonly Edge[] = [];
  let used: Edge | undefined;
  await eventually(async () => {
    const [owner] = (await get<{ owners: { owner: string }[] }>('/api/graph')).owners;
    type Page = { repositories: { inbound: Edge[]; outbound: Edge[] }[] };
    const { repositories } = await get<Page>(`/api/graph/${owner?.owner}?limit=100`);
    edges = repositories.flatMap(({ inbound, outbound }) => [...inbound, ...outbound]);
    expect([...new Set(edges.map(({ state }) => state))].sort()).toEqual(['agreed', 'offered', 'requested']);
    used = edges.find(({ state, routeId }) => state === 'requested' && routeId !== null && decided.has(routeId));
    expect(used).toBeDefined();
  });
  const unused = edges.find(({ state, source }) => state === 'offered' && 'repository' in source);
  const visit = await visitAsOperator();
  const { page } = visit;
  await visit.open(`/graph?repository=${encodeURIComponent(unused?.target.repository ?? '')}&steps=1`);
  const table = page.getByRole('table', { name: 'Connections that no run used yet' });
  await table.getByText('Offered, and nobody requests it').first().waitFor();
  await visit.open(`/routes/${used?.routeId}`);
  await page
    .getByRole('region', { name: 'What the files say now' })
    .getByText(/^Only requested: /)
    .waitFor();
  await visit.close();
});

test('a repository is found by a part of its name, and shows who starts its workflows and its dispatching.yml', async () => {
  const visit = await visitAsOperator();
  const { page } = visit;
  await visit.open('/repositories');
  const rows = page.getByRole('table', { name: 'Repositories' }).locator('tbody').getByRole('row');
  const all = await rows.count();
  await page.getByLabel('Name contains').fill('deploy');
  await page.getByLabel('Name contains').press('Enter');
  await page.waitForURL(/q=deploy/);
  await eventually(async () => expect(await rows.count()).toBeLessThan(all));
  for (const row of await rows.all()) await expect(row.textContent()).resolves.toContain('deploy');
  await page.getByRole('link', { name: 'octo-org/deploy' }).click();
  await page.getByRole('table', { name: 'Routes into the repository' }).waitFor();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download CSV' }).click(),
  ]);
  const csv = await readFile(await download.path(), 'utf8');
  expect(csv).toMatch(/^\uFEFFRoute id,Source,Target,Allowed,Refused/);
  expect(csv).toContain('octo-org/deploy');
  await page.getByRole('link', { name: 'dispatching.yml' }).click();
  await page.waitForURL(/tab=file/);
  await page.getByRole('region', { name: 'As it was read' }).getByText('Valid').waitFor();
  await page.getByText('inbound:').first().waitFor();
  await visit.close();
});

test('the busiest repositories are listed first on request, and the address carries the order', async () => {
  const visit = await visitAsOperator();
  const { page } = visit;
  await visit.open('/repositories');
  await page.getByLabel('Order').selectOption('Busiest in 24 hours');
  await page.waitForURL(/order=day/);
  const cells = page.getByRole('table', { name: 'Repositories' }).locator('tbody tr td:nth-last-child(2)');
  const activity = async () => (await cells.allInnerTexts()).map((text) => Number(text.replaceAll(/\D/g, '')));
  await eventually(async () => {
    const counts = await activity();
    expect(counts[0]).toBeGreaterThan(0);
    expect(counts).toEqual(counts.toSorted((one, other) => other - one));
  });
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await page.waitForURL(/repositories$/);
  await visit.close();
});

test('a replay says before it is requested what would be decided now', async () => {
  const visit = await visitAsOperator();
  const { page } = visit;
  await visit.open(`/runs/${ids.runKey}`);
  await page.getByRole('button', { name: 'Replay' }).click();
  const dialog = page.getByRole('dialog', { name: 'Replay this run' });
  await dialog.getByRole('button', { name: 'Show what it would decide now' }).click();
  await dialog.getByRole('table', { name: 'What would be decided now' }).getByText('Refused').first().waitFor();
  const { revisions } = await get<{ revisions: unknown[] }>(`/api/runs/${ids.runKey}`);
  expect(revisions).toHaveLength(1);
  await visit.close();
});

interface Lineage {
  readonly path: readonly { readonly repository: string }[];
}

interface RunFacts {
  readonly revisions: readonly {
    readonly facts: readonly {
      readonly type: string;
      readonly data: { readonly lineage?: Lineage; readonly allowed?: number };
    }[];
  }[];
}

interface Runs {
  readonly runs: readonly { readonly runKey: string; readonly dispatchId: string | null }[];
}

/** What the plans of a run say, the newest first. */
async function plansOf(runKey: string) {
  const { revisions } = await get<RunFacts>(`/api/runs/${runKey}`);
  return revisions.map(({ facts }) => facts.find(({ type }) => type === 'run.planned')?.data);
}

/**
 * Returns a run that Dispatcher started, and the repositories of the runs that led to it, its own last. The one before it
 * was planned once and started no other run: many are only counted in the chain, and an older revision is folded.
 */
async function findChainedRun(): Promise<{ readonly runKey: string; readonly path: readonly string[] }> {
  const { deliveries } = await get<{ deliveries: { runKey: string; event?: string }[] }>('/api/deliveries?limit=100');
  for (const { runKey } of deliveries.filter(({ event }) => event === 'workflow_dispatch')) {
    const { path } = (await plansOf(runKey))[0]?.lineage ?? { path: [] };
    if (path.length <= 1) continue;
    const { runs } = await get<Runs>(`/api/runs?run=${runKey.split('-')[1]}`);
    const starting = runs.find(({ dispatchId }) => dispatchId !== null);
    if (starting === undefined) continue;
    const [plan, ...others] = await plansOf(starting.runKey);
    if (plan?.allowed === 1 && others.length === 0) return { runKey, path: path.map(({ repository }) => repository) };
  }
  throw new Error('The demonstration has no run that Dispatcher started.');
}

test('a workflow that a run has started is started once more', async () => {
  const path = '/api/dispatches?state=completed&conclusion=success&limit=1';
  const { runKey = '' } = (await get<{ dispatches: { runKey: string }[] }>(path)).dispatches[0] ?? {};
  const visit = await visitAsOperator();
  const { page } = visit;
  await visit.open(`/runs/${runKey}`);
  await page.getByRole('button', { name: 'Replay' }).click();
  const dialog = page.getByRole('dialog', { name: 'Replay this run' });
  await dialog.getByRole('radio', { name: /^Dispatch again/ }).check();
  await dialog.getByRole('combobox', { name: 'Workflow to start once more' }).waitFor();
  expect(await visit.accessibilityProblems()).toEqual([]);
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('INC-108: the server was replaced');
  await dialog.getByRole('button', { name: 'Replay', exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
  await eventually(async () => {
    const { entries } = await get<{ entries: object[] }>('/api/audit?action=dispatch-again');
    expect(entries).toContainEqual(
      expect.objectContaining({ subject: runKey, reason: 'INC-108: the server was replaced' }),
    );
  });
  await visit.close();
});

interface RouteFacts {
  readonly facts: readonly { readonly type: string; readonly runKey: string; readonly code: string }[];
}

/** Returns a run with one refused route, which other runs were refused as well; and how many these are. */
async function findRepeatedRefusal(): Promise<{
  readonly runKey: string;
  readonly code: string;
  readonly others: number;
}> {
  const { routes } = await get<{ routes: { routeId: string }[] }>('/api/routes?state=denied&limit=100');
  for (const { routeId } of routes) {
    const { facts } = await get<RouteFacts>(`/api/routes/${routeId}/facts?limit=100`);
    const firstStart = facts.findIndex(({ type }) => type !== 'route.decided');
    const refused = firstStart === -1 ? facts : facts.slice(0, firstStart);
    const [newest] = refused;
    if (newest === undefined) continue;
    const same = new Set(refused.filter(({ code }) => code === newest.code).map(({ runKey }) => runKey));
    const { revisions } = await get<{ revisions: { facts: { type: string; data: { denied?: number } }[] }[] }>(
      `/api/runs/${newest.runKey}`,
    );
    const plan = revisions[0]?.facts.find(({ type }) => type === 'run.planned');
    if (same.size > 1 && plan?.data.denied === 1) return { ...newest, others: same.size - 1 };
  }
  throw new Error('The demonstration has no route that refused two runs for the same reason.');
}

test('runs that were refused for the same reason are evaluated together', async () => {
  const { runKey, code, others } = await findRepeatedRefusal();
  const visit = await visitAsOperator();
  const { page } = visit;
  await visit.open(`/runs/${runKey}`);
  const line = `${others} other ${others === 1 ? 'run was' : 'runs were'} refused for the same reason`;
  await page.getByText(line).waitFor();
  await page.getByRole('button', { name: 'Evaluate them together' }).click();
  const dialog = page.getByRole('dialog', { name: 'Replay this run' });
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('INC-107: the rule is there now');
  await dialog.getByRole('button', { name: `Replay ${others + 1} runs` }).click();
  await dialog.waitFor({ state: 'detached' });
  await eventually(async () => {
    const { entries } = await get<{ entries: { reason: string; subject: string }[] }>('/api/audit?limit=100');
    const replayed = entries.filter(({ reason }) => reason.startsWith('INC-107')).map(({ subject }) => subject);
    expect(new Set(replayed).size).toBe(others + 1);
    expect(replayed).toContain(runKey);
  });
  await eventually(async () => {
    const { revisions } = await get<{ revisions: { facts: { data: { decision?: { code: string } } }[] }[] }>(
      `/api/runs/${runKey}`,
    );
    const codes = revisions.map(({ facts }) => facts.flatMap(({ data: { decision } }) => decision?.code ?? []));
    expect(codes).toEqual([[code], [code]]);
  });
  await visit.close();
});

test('a run that Dispatcher started leads to the run that started it and back, and its history to GitHub', async () => {
  const { runKey, path } = await findChainedRun();
  const visit = await visitAsOperator();
  const { page } = visit;
  await visit.open(`/runs/${runKey}`);
  const history = page.getByRole('region', { name: 'History' });
  await history.getByText('GitHub delivered the run').waitFor();
  await history.getByRole('link', { name: /^Run #\d+ ended/ }).waitFor();
  const chain = page.getByRole('list', { name: 'Chain' });
  const [parent = '', own = ''] = path.slice(-2);
  await chain.getByRole('link', { name: parent }).last().click();
  await page.getByRole('heading', { level: 1, name: parent }).waitFor();
  await chain.getByRole('link', { name: own }).first().click();
  await page.waitForURL(new RegExp(`/runs/${runKey}$`));
  await page.getByRole('heading', { level: 1, name: own }).waitFor();
  await visit.close();
});

test('what is tried is decided as somebody types, and sent nowhere', async () => {
  const visit = await visitAsOperator();
  const { page } = visit;
  await visit.open('/try');
  const result = page.getByRole('region', { name: 'Decision', exact: true }).first();
  await result.getByText('Allowed').first().waitFor();
  visit.apiRequests();
  await page.getByLabel('Branch').fill('feature/login');
  await result.getByText('No rule matches').waitFor();
  await page.getByLabel('Branch').fill('main');
  await page.getByLabel('Start from').selectOption('The target does not agree');
  await result.getByText('inbound-no-match').first().waitFor();
  const editor = page.getByRole('textbox', { name: 'dispatching.yml of acme/deploy' });
  await editor.focus();
  await page.keyboard.press('Control+Home');
  await page.keyboard.type('unknown: 1\n');
  await page.getByRole('list', { name: 'Problems in dispatching.yml of acme/deploy' }).getByText('Line 1').waitFor();
  await result.getByText('target-config-invalid').first().waitFor();
  await page.getByLabel('Start from').selectOption('A policy refuses it');
  await result.getByText('policy-refused').first().waitFor();
  await page.getByRole('textbox', { name: 'dispatching-policy.yml of acme' }).waitFor();
  await page.getByLabel('Start from').selectOption('A schedule requests a workflow');
  await result.getByText('Allowed').first().waitFor();
  await page.getByLabel('Name of the schedule').fill('weekly');
  await result.getByText('inbound-no-match').first().waitFor();
  await page.getByLabel('Start from').selectOption('A key sends an event');
  await result.getByText('Allowed').first().waitFor();
  await page.getByLabel('Type of the event').fill('rollback');
  await result.getByText('inbound-no-match').first().waitFor();
  expect(visit.apiRequests().filter((request) => !request.startsWith('GET /api/stream'))).toEqual([]);
  await visit.close();
});

test('in the editor of Try it keys and values are completed and explained, and a problem has its line and column', async () => {
  const visit = await visitAsOperator();
  const { page } = visit;
  await visit.open('/try');
  const title = 'dispatching.yml of acme/app';
  const editor = page.getByRole('textbox', { name: title });
  const options = page.getByRole('listbox', { name: 'Completions' }).getByRole('option');
  await editor.focus();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.press('Delete');
  await page.keyboard.press('Control+Space');
  await eventually(async () => expect(await options.allTextContents()).toEqual(['inbound', 'outbound']));
  await page.keyboard.type('out');
  await eventually(async () => expect(await options.allTextContents()).toEqual(['outbound']));
  await options.click();
  await page.keyboard.type('\n  - source: { workflow: ci.yml, conclusions: [suc');
  await options.filter({ hasText: 'success' }).click();
  await page.keyboard.type('], branchs: [main] }');
  const lines = editor.locator('.cm-line');
  await expect(lines.allTextContents()).resolves.toEqual([
    'outbound: ',
    '  - source: { workflow: ci.yml, conclusions: [success], branchs: [main] }',
  ]);

  const problems = page.getByRole('list', { name: `Problems in ${title}` });
  await problems.getByText(/^Line 2, column 57: /).waitFor();
  await expect(editor.locator('.cm-lintRange-error').allTextContents()).resolves.toContain('branchs');
  await editor.getByText('conclusions', { exact: true }).hover();
  await page.locator('.cm-tooltip-hover').getByText('Accepted conclusions').waitFor();
  await visit.close();
});

test('what is typed quickly into an editor of Try it stays, to the last character', async () => {
  const visit = await visitAsOperator();
  const { page } = visit;
  await visit.open('/try');
  const editor = page.getByRole('textbox', { name: 'dispatching.yml of acme/app' });
  await editor.focus();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.press('Delete');
  // A task for each character, so that characters fall between all steps of drawing the page.
  const typed = 'abcdefghij'.repeat(40);
  await editor.evaluate(async (node, characters) => {
    for (const character of characters) {
      node.ownerDocument.execCommand('insertText', false, character);
      await new Promise((resolve) => setTimeout(resolve));
    }
  }, typed);
  await expect(editor.locator('.cm-line').allTextContents()).resolves.toEqual([typed]);
  await visit.close();
});

test('an example can be loaded from a run, with the files as they were', async () => {
  const visit = await visitAsOperator();
  await visit.open(`/try?run=${ids.runKey}`);
  await visit.page.getByText('Loaded from').waitFor();
  await visit.page.getByRole('region', { name: 'Decision', exact: true }).first().waitFor();
  await visit.close();
});

test('one dead letter is inspected and discarded, only with a reason, and the audit log names both', async () => {
  const visit = await visitAsOperator();
  const { page } = visit;
  await visit.open('/dead-letters?queue=runs&reason=message-invalid');
  await page.getByRole('button', { name: 'Invalid message' }).click();
  const inspected = page.getByRole('dialog', { name: 'Invalid message' });
  await inspected.getByRole('region', { name: 'Message body' }).waitFor();
  await inspected.getByRole('button', { name: 'Discard…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Discard dead letters' });
  await dialog.getByText('1 dead letter would be discarded.').waitFor();
  const confirm = dialog.getByRole('button', { name: 'Discard 1 dead letter' });
  await confirm.click();
  await dialog.getByText('Write a reason').waitFor();
  await dialog.getByLabel('Reason').fill('INC-105: a truncated message');
  await confirm.click();
  await page.getByRole('heading', { level: 1, name: 'Discard dead letters' }).waitFor();
  await page.getByText('Completed. 1 dead letter was discarded.').waitFor();
  await page.getByRole('table', { name: 'Audit log of this action' }).getByText('Discarded').waitFor();
  await page.getByRole('link', { name: 'Open the audit log' }).click();
  await page.getByRole('heading', { level: 1, name: 'Audit log' }).waitFor();
  const row = page.getByRole('table', { name: 'Audit log' }).getByRole('row').filter({ hasText: 'INC-105' });
  await expect(row.textContent()).resolves.toMatch(/Discarded a dead letter.*mona.*INC-105: a truncated message/);
  await visit.close();
});

test('the audit log is filtered by who and what, and is downloaded as it is filtered', async () => {
  const visit = await visitAsOperator();
  const { page } = visit;
  const formula = '=HYPERLINK("https://example.com")';
  await createKey('audited', 'viewer', formula);
  await eventually(async () => {
    const { entries } = await get<{ entries: { reason: string }[] }>('/api/audit?action=key-created&operator=mona');
    expect(entries.map(({ reason }) => reason)).toContain(formula);
  });
  await visit.open('/audit');
  await page.getByLabel('What').selectOption('Created an API key');
  await page.waitForURL(/action=key-created/);
  await page.getByLabel('Who').fill('mona');
  await page.getByLabel('Who').press('Enter');
  await page.waitForURL(/operator=mona/);
  await visit.settled();
  const rows = page.getByRole('table', { name: 'Audit log' }).locator('tbody').getByRole('row');
  await rows.first().waitFor();
  for (const row of await rows.all()) await expect(row.textContent()).resolves.toMatch(/Created an API key.*mona/);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download CSV' }).click(),
  ]);
  const lines = (await readFile(await download.path(), 'utf8')).trimEnd().split('\r\n');
  expect(lines.length).toBe((await rows.count()) + 1);
  expect(lines[0]).toBe('\uFEFFTime,Operator,Action,Subject,Reason,Result,Action id');
  // A spreadsheet would execute the reason. With the apostrophe it is text.
  expect(lines.slice(1)).toContainEqual(
    expect.stringMatching(/^\d{4}-[^,]+,mona,key-created,[^,]+,"'=HYPERLINK\(""https:\/\/example\.com""\)",/),
  );
  await page.getByLabel('Who').fill('nobody-of-this-name');
  await page.getByLabel('Who').press('Enter');
  await page.getByText('No entry matches these filters').waitFor();
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await rows.first().waitFor();
  await visit.close();
});

test('a key that is created on the page is shown once, works, and no longer works once it is revoked', async () => {
  const visit = await visitAsOperator();
  const { page } = visit;
  const statusWith = async (key: string) =>
    (await fetch(`${demo.system.url}/api/me`, { headers: { 'x-api-key': key } })).status;
  await visit.open('/keys');
  await page.getByRole('button', { name: 'New API key' }).click();
  const form = page.getByRole('dialog', { name: 'New API key' });
  await form.getByRole('button', { name: 'Create key' }).click();
  await form.getByText('Write at most 64 lower-case letters').waitFor();
  await form.getByLabel('Name').fill('made-on-the-page');
  await form.getByLabel('Role').selectOption('Viewer');
  await form.getByLabel('Reason').fill('A test of the page.');
  await form.getByRole('button', { name: 'Create key' }).click();
  const created = page.getByRole('dialog', { name: 'API key made-on-the-page' });
  const secret = await created.getByLabel('Key', { exact: true }).inputValue();
  expect(await statusWith(secret)).toBe(200);
  await created.getByRole('button', { name: 'Done' }).click();
  const row = page.getByRole('table', { name: 'API keys' }).getByRole('row').filter({ hasText: 'made-on-the-page' });
  await row.getByText('Active').waitFor();
  expect(await page.content()).not.toContain(secret);
  await row.getByRole('button', { name: 'Revoke…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Revoke made-on-the-page' });
  await dialog.getByLabel('Reason').fill('The test is over.');
  await dialog.getByRole('button', { name: 'Revoke key' }).click();
  await row.getByText('Revoked', { exact: true }).waitFor();
  await eventually(async () => expect(await statusWith(secret)).toBe(401));
  await visit.close();
});

test('the emergency brake is pulled and released with a reason, and the overview shows it', async () => {
  const visit = await visitAsOperator();
  const { page } = visit;
  const isPaused = async () => (await get<{ paused: boolean }>('/api/pause')).paused;
  await visit.open('/settings');
  const brake = page.getByRole('region', { name: 'Emergency brake' });
  await brake.getByRole('button', { name: 'Pause all dispatches…' }).click();
  const pause = page.getByRole('dialog', { name: 'Pause all dispatches' });
  await pause.getByRole('button', { name: 'Pause all dispatches' }).click();
  await pause.getByText('Write a reason').waitFor();
  expect(await isPaused()).toBe(false);
  await pause.getByLabel('Reason').fill('INC-106: wrong version');
  await pause.getByRole('button', { name: 'Pause all dispatches' }).click();
  await brake.getByText('All dispatches are paused').waitFor();
  await brake.getByText('by mona: INC-106: wrong version').waitFor();
  expect(await isPaused()).toBe(true);
  await visit.open('/');
  await page
    .getByRole('main')
    .getByRole('status')
    .getByText(/paused/)
    .first()
    .waitFor();
  await visit.open('/settings');
  await brake.getByRole('button', { name: 'Resume dispatches…' }).click();
  const resume = page.getByRole('dialog', { name: 'Resume dispatches' });
  await resume.getByLabel('Reason').fill('The incident is over');
  await resume.getByRole('button', { name: 'Resume dispatches' }).click();
  await brake.getByText('Dispatches start').waitFor();
  expect(await isPaused()).toBe(false);
  await visit.close();
});

test('the page of a refused run opens at its answer, although a marked line of a file is below the window', async () => {
  interface Deliveries {
    readonly deliveries: readonly { readonly runKey?: string | null; readonly denied?: number }[];
  }
  const { deliveries } = await get<Deliveries>('/api/deliveries?limit=100');
  const refused = deliveries.flatMap(({ runKey, denied = 0 }) => (denied > 0 && runKey ? [runKey] : []));
  const visit = await visitAsOperator({ width: 1280, height: 400 });
  const { page } = visit;
  const marked = page.locator('[data-marked="true"]').first();
  for (const runKey of refused) {
    await visit.open(`/runs/${runKey}`);
    if ((await marked.count()) > 0) break;
  }
  const { y = 0 } = (await marked.boundingBox()) ?? {};
  expect(y).toBeGreaterThan(400);
  expect(await page.evaluate('window.scrollY')).toBe(0);
  await visit.close();
});

test('the number of runs that succeeded leads to the list of these', async () => {
  const visit = await visitAsOperator();
  const { page } = visit;
  await visit.open('/');
  await page.getByRole('link', { name: 'Succeeded' }).first().click();
  await page.getByRole('heading', { level: 1, name: 'Dispatches' }).waitFor();
  await visit.settled();
  expect(page.url()).toContain('conclusion=success');
  const [, ...rows] = await page.getByRole('table', { name: 'Dispatches' }).getByRole('row').allTextContents();
  expect(rows.length).toBeGreaterThan(0);
  expect(rows.filter((row) => !row.includes('Succeeded'))).toEqual([]);
  await visit.close();
});

test('the newest facts are filtered by type, source and target, and the address carries the filters', async () => {
  type Line = { route: { source: { repository?: string }; target: { repository: string } } };
  const { facts } = await get<{ facts: Line[] }>('/api/facts?list=dispatches&type=dispatch.failed&limit=20');
  const { route } = facts.find((line) => line.route.source.repository !== undefined)!;
  const visit = await visitAsOperator();
  const { page } = visit;
  await visit.open('/activity');
  await page.getByLabel('What', { exact: true }).selectOption({ label: 'Not started: failed' });
  await page.getByLabel('Source repository').fill(route.source.repository ?? '');
  await page.keyboard.press('Enter');
  await page.getByLabel('Target repository').fill(route.target.repository);
  await page.keyboard.press('Enter');
  await page.waitForURL(
    `**/activity?type=dispatch.failed&source=${route.source.repository}&target=${route.target.repository}`,
  );
  await visit.settled();
  const [, ...rows] = await page.getByRole('table', { name: 'Activity' }).getByRole('row').allTextContents();
  expect(rows.length).toBeGreaterThan(0);
  expect(rows.filter((row) => !row.includes('Not started') || !row.includes(route.target.repository))).toEqual([]);
  await page.getByLabel('Target repository').fill('octo-org/nowhere');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'No fact matches these filters' }).waitFor();
  await visit.close();
});

test('the overview and the list of routes have the same failing routes', async () => {
  const { routes } = await get<{ routes: { routeId: string; state: string }[] }>('/api/routes?state=failing&limit=10');
  expect(routes.length).toBeGreaterThan(0);
  const visit = await visitAsOperator();
  await visit.open('/');
  const failing = visit.page.getByRole('region', { name: 'Failing routes' });
  await failing.getByText('a dispatch that failed, or a run that failed, timed out or did not start').waitFor();
  const hrefs = (list: Locator) =>
    list.getByRole('link').evaluateAll((links) => links.map((link) => link.getAttribute('href')));
  for (const { routeId } of routes) expect(await hrefs(failing)).toContain(`/routes/${routeId}`);
  await failing.getByRole('link', { name: 'All failing routes' }).click();
  await visit.page.waitForURL('**/routes?state=failing');
  const table = visit.page.getByRole('table', { name: 'Routes', exact: true });
  await table.getByRole('link').first().waitFor();
  for (const { routeId } of routes) expect(await hrefs(table)).toContain(`/routes/${routeId}`);
  await visit.close();
});

test('the list of failed dispatches says in the words of GitHub why nothing was started', async () => {
  const { dispatches } = await get<{ dispatches: { message?: string }[] }>('/api/dispatches?state=failed&limit=1');
  const message = dispatches[0]?.message ?? '';
  expect(message).not.toBe('');
  const visit = await visitAsOperator();
  await visit.open('/dispatches?state=failed');
  const row = visit.page.getByRole('table', { name: 'Dispatches' }).getByRole('row').nth(1);
  expect(await row.textContent()).toContain(message.replaceAll('`', ''));
  await visit.close();
});

test('the overview says when GitHub responded, and the settings name an owner whose policy cannot be read', async () => {
  const [account, github] = ['octo-selected', demo.system.emulatorUrl ?? ''];
  await control(github, 'POST', '/owners', { login: account });
  const files = { 'README.md': '' };
  await control(github, 'POST', '/repositories', { owner: account, name: 'app', branches: { main: { files } } });
  await control(github, 'POST', '/installations', { id: 51000009, account, repositories: ['app'] });
  const visit = await visitAsOperator();
  const { page } = visit;
  const unread = page
    .getByRole('region', { name: 'Checks' })
    .getByRole('row')
    .filter({ hasText: 'A policy of octo-selected could not be read' });
  await eventually(async () => {
    await visit.open('/settings');
    expect(await unread.getByText('Unknown').count()).toBe(1);
  });
  await visit.open('/');
  const gitHub = page.getByRole('heading', { level: 3, name: 'GitHub', exact: true }).locator('..');
  await expect(gitHub.textContent()).resolves.toMatch(/^GitHubReachableResponded .*(?:now|ago)/);
  await visit.close();
});

test('an installation that is suspended, and one whose permissions wait, say so with a link to their settings', async () => {
  const [account, github] = ['octo-paused', demo.system.emulatorUrl ?? ''];
  await control(github, 'POST', '/owners', { login: account });
  const files = { 'README.md': '' };
  await control(github, 'POST', '/repositories', { owner: account, name: 'app', branches: { main: { files } } });
  await control(github, 'POST', '/installations', { id: 51000010, account, repositories: 'all' });
  const visit = await visitAsOperator();
  const section = visit.page.getByRole('region', { name: `${account}, installation 51000010` });
  const shows = (text: string) =>
    eventually(async () => {
      await visit.open('/installations');
      expect(await section.getByText(text).count()).toBe(1);
    });
  type Sweep = { access?: { requested: { permissions: object } } };
  const { sweeps } = await get<{ sweeps: Sweep[] }>('/api/sweeps');
  const permissions = sweeps.find(({ access }) => access !== undefined)?.access?.requested.permissions;
  await control(github, 'PATCH', '/app', { permissions: { ...permissions, administration: 'read' } });
  await control(github, 'PATCH', '/installations/51000010', { suspended: true });
  await shows('Suspended (');
  await control(github, 'PATCH', '/installations/51000010', { suspended: false });
  await shows('accept them: administration: read');
  const settings = section.getByRole('link', { name: 'Settings of the installation' });
  expect(await settings.getAttribute('href')).toMatch(/octo-paused\/settings\/installations\/51000010$/);
  await control(github, 'POST', '/installations/51000010/accept');
  await eventually(async () => {
    await visit.open('/installations');
    expect([await section.count(), await section.getByText('Permissions and events wait').count()]).toEqual([1, 0]);
  });
  await visit.open('/settings');
  await visit.page.getByText(/, id \d+\./).waitFor();
  await visit.page.getByText('Does not run from an image').waitFor();
  await visit.close();
});
