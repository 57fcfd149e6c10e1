import { fileURLToPath } from 'node:url';
import { createAdminApp } from '@dispatcher/admin/src/app.ts';
import { createTestDependencies, createTestEnvironment } from '@dispatcher/admin/src/testing/test-dependencies.ts';
import { routeId, runKey } from '@dispatcher/contracts';
import { openBrowser, type TestBrowser } from '@dispatcher/local/browser';
import { type BusySystem, busyDecisions, busyFacts, busyRun, endOf, sourceOf } from './busy-system.ts';
import { line } from './figures.ts';
import { createMeteredStore, record, runsFrom, setGauges } from './projections.ts';

// Opens pages of the dashboard in a browser, in front of the admin function with a model of DynamoDB that holds few and many
// facts: the number of requests must not depend on it.

const factCounts = [100, 50_000] as const;
/** Ten runs have used every route, so that more facts are not more routes. */
const system: BusySystem = { sources: 5, runMs: 100 };
const factsPerRun = busyFacts(0, system).length;
const batchSize = 45;
const visits = 3;
const site = fileURLToPath(new URL('../../../functions/admin/dist/image/site', import.meta.url));

export interface PageCost {
  readonly name: string;
  /** Requests to the API until the page has all of its data; the stream is none of them. */
  readonly requests: readonly string[];
  readonly largestPaintMs: number;
  readonly layoutShift: number;
  /** From a key to the next paint: the key opens the list of shortcuts. */
  readonly interactionMs: number;
}

function pagesOf(): Readonly<Record<string, string>> {
  const run = busyRun(7, system);
  const [decided] = busyDecisions(7, system);
  const repository = sourceOf(run);
  const id = decided === undefined ? '' : routeId(decided.data.decision.route);
  return {
    overview: '/',
    runs: '/runs',
    run: `/runs/${runKey(run)}`,
    activity: '/activity',
    dispatches: '/dispatches',
    routes: '/routes',
    route: `/routes/${id}`,
    graph: `/graph?repository=${repository}`,
    repositories: '/repositories',
    repository: `/repositories/${repository}`,
    installations: '/installations',
    'dead-letters': '/dead-letters',
    audit: '/audit',
  };
}

export const pageNames = Object.keys(pagesOf());

/** Opens pages with so many stored facts. @param names of the pages, all by default @param visitsOfEach page */
export async function measureDashboard(
  facts: number,
  names = pageNames,
  visitsOfEach = 1,
): Promise<readonly PageCost[]> {
  const metered = createMeteredStore();
  metered.memory.setMetered(false);
  const runs = Math.ceil(facts / factsPerRun);
  const stored = runsFrom(0, runs).flatMap((run) => busyFacts(run, system));
  await record(metered, stored, batchSize);
  await setGauges(metered, runs, system);
  const now = endOf(runs, system);
  await metered.store.rollUp.setStatus(now);
  const [app, browser] = [createApp(metered.memory.newClient(), now), await openBrowser()];
  try {
    const url = await app.listen({ host: '127.0.0.1', port: 0 });
    const costs: PageCost[] = [];
    for (const name of names) costs.push(await measurePage(browser, url, name, visitsOfEach));
    return costs;
  } finally {
    await browser.close();
    await app.close();
  }
}

type Client = ReturnType<ReturnType<typeof createMeteredStore>['memory']['newClient']>;

function createApp(dynamodb: Client, now: number) {
  const tables = { access: 'access', facts: 'facts', plans: 'plans', projections: 'projections', state: 'state' };
  const environment = { ...createTestEnvironment(tables, 'http://127.0.0.1:9'), DASHBOARD_DIR: site };
  const dependencies = createTestDependencies(environment, { dynamodb, now: () => now });
  if (dependencies.dashboard === null) throw new Error('The dashboard is not built. Run: npm run build');
  return createAdminApp(dependencies);
}

const watchVitals = `
  window.vitals = { paint: 0, interaction: 0 };
  const observe = (type, take) =>
    new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true, durationThreshold: 16 });
  observe('largest-contentful-paint', ({ startTime }) => { vitals.paint = startTime; });
  observe('event', ({ duration }) => { vitals.interaction = Math.max(vitals.interaction, duration); });`;

interface Vitals {
  readonly paint: number;
  readonly interaction: number;
}

/** Measures the first requests, and the lowest of the times of each visit: the rest is other load of the machine. */
async function measurePage(browser: TestBrowser, url: string, name: string, visitsOfEach: number): Promise<PageCost> {
  let lowest = await visitPage(browser, url, name);
  for (let more = 1; more < visitsOfEach; more += 1) {
    const { largestPaintMs, interactionMs } = await visitPage(browser, url, name);
    lowest = {
      ...lowest,
      largestPaintMs: Math.min(lowest.largestPaintMs, largestPaintMs),
      interactionMs: Math.min(lowest.interactionMs, interactionMs),
    };
  }
  return lowest;
}

async function visitPage(browser: TestBrowser, url: string, name: string): Promise<PageCost> {
  // Nothing has read the files of the routes, which is a 404.
  const visit = await browser.visit(url, { expected: [/status of 404/] });
  const { page } = visit;
  await page.addInitScript(watchVitals);
  await visit.open(pagesOf()[name] ?? '/');
  const requests = visit.apiRequests().filter((request) => !request.startsWith('GET /api/stream'));
  const { paint } = await page.evaluate<Vitals>('vitals');
  const layoutShift = (await visit.layoutShifts()).reduce((sum, { score }) => sum + score, 0);
  await page.keyboard.press('?');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  const { interaction } = await page.evaluate<Vitals>('vitals');
  await visit.close();
  return { name, requests, largestPaintMs: paint, layoutShift, interactionMs: interaction };
}

/** @throws Error that names the page whose requests depend on the number of facts */
export function assertSameRequests(few: readonly PageCost[], many: readonly PageCost[]): void {
  for (const [at, { name, requests }] of few.entries()) {
    const others = many[at]?.requests ?? [];
    if (others.length === requests.length) continue;
    const lists = [requests, others].map((list) => list.toSorted().join(', '));
    throw new Error(`The page ${name} sends ${requests.length} or ${others.length} requests: ${lists.join('; or: ')}`);
  }
}

const both = (values: readonly number[], digits = 0): string =>
  values.map((value) => value.toFixed(digits)).join(' / ');

/** @param maxFacts the larger number of facts */
export async function benchDashboard(maxFacts: number = factCounts[1]): Promise<string> {
  const few = await measureDashboard(factCounts[0], pageNames, visits);
  const many = await measureDashboard(maxFacts, pageNames, visits);
  assertSameRequests(few, many);
  const counts = [factCounts[0], maxFacts].map((count) => count.toLocaleString('en')).join(' and ');
  return [
    `Pages in Chromium with ${counts} stored facts. The number of requests is the same; the others are of the first and the second system:`,
    '',
    line(['page', 'requests', 'largest paint, ms', 'layout shift', 'key to paint, ms']),
    line(['---', '--:', '--:', '--:', '--:']),
    ...few.map(({ name, requests, ...first }, at) => {
      const second = many[at] ?? first;
      return line([
        name,
        requests.length,
        both([first.largestPaintMs, second.largestPaintMs]),
        both([first.layoutShift, second.layoutShift], 3),
        both([first.interactionMs, second.interactionMs]),
      ]);
    }),
    '',
    'The key opens the list of shortcuts; 0 ms is less than 16. The times are the lowest of three visits: they depend on the machine and on what else runs on it. The graph sends one more request for each further 100 routes.',
    '',
  ].join('\n');
}
