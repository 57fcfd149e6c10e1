import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, type BrowserContext, chromium, type Page, type Request } from 'playwright-core';
import { until } from '../testing/until.ts';
import { findBrowser } from './find-browser.ts';

export type Scheme = 'light' | 'dark';

export interface VisitOptions {
  readonly width?: number;
  readonly height?: number;
  readonly scheme?: Scheme;
  readonly contrast?: 'more' | 'no-preference';
  /** What the page may report without failing the test, for a test that breaks something on purpose. */
  readonly expected?: readonly RegExp[];
}

/** A movement of what is in sight, with the score that browsers give it. */
export interface LayoutShift {
  readonly score: number;
  /** The elements that moved. */
  readonly moved: readonly string[];
}

/** A browser window of one user, with its own cookies. */
export interface Visit {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Returns the requests to the API since the last call, as `GET /api/runs`. */
  apiRequests(): readonly string[];
  /** Opens a page of the dashboard, and waits until its data is there. */
  open(path: string): Promise<void>;
  /** Waits until no request is in progress, no skeleton is left, and nothing moves. */
  settled(): Promise<void>;
  /** Returns what axe finds on the whole page, one line for each rule and element. */
  accessibilityProblems(): Promise<readonly string[]>;
  /** Returns texts with too little contrast. */
  contrastProblems(): Promise<readonly string[]>;
  /** Returns by how many pixels the page is wider than the window; 0 or less: it fits. */
  overflow(): Promise<number>;
  /** Returns what moved by itself since the page was opened. */
  layoutShifts(): Promise<readonly LayoutShift[]>;
  /** Closes the window. @throws Error if the page reported anything: see {@link Visit.problems} */
  close(): Promise<void>;
  /** Errors of the console and of the page, failed requests, and violations of the content security policy. */
  problems(): readonly string[];
}

export interface TestBrowser {
  visit(baseUrl: string, options?: VisitOptions): Promise<Visit>;
  close(): Promise<void>;
}

/** Starts the browser of a test file. */
export async function openBrowser(): Promise<TestBrowser> {
  const browser = await chromium.launch({ executablePath: findBrowser() });
  return { visit: (baseUrl, options = {}) => visit(browser, baseUrl, options), close: () => browser.close() };
}

const waitMs = 300_000;
const watchLayout = `
  window.layoutShifts = [];
  const nameOf = (node) => node === null ? 'what was removed' : node.nodeName + ' ' + (node.textContent ?? '').slice(0, 40);
  const moveOf = ({ node, previousRect, currentRect }) =>
    nameOf(node) + ' from ' + JSON.stringify(previousRect) + ' to ' + JSON.stringify(currentRect);
  new PerformanceObserver((list) => {
    for (const { value, hadRecentInput, sources } of list.getEntries()) {
      if (!hadRecentInput) window.layoutShifts.push({ score: value, moved: sources.map(moveOf) });
    }
  }).observe({ type: 'layout-shift', buffered: true });`;
/** Animations without an end do not count. */
const isStill = `document.getAnimations().every(({ playState, effect }) =>
  playState !== 'running' || effect?.getComputedTiming().endTime === Infinity)`;
const untilDrawn = 'new Promise((done) => requestAnimationFrame(() => setTimeout(done)))';
const wcag = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

async function visit(browser: Browser, baseUrl: string, options: VisitOptions): Promise<Visit> {
  const { width = 1440, height = 900, scheme = 'light', contrast = 'no-preference', expected = [] } = options;
  const context = await browser.newContext({
    baseURL: baseUrl,
    viewport: { width, height },
    colorScheme: scheme,
    contrast,
    reducedMotion: 'reduce',
    locale: 'en-US',
    timezoneId: 'Europe/Berlin',
  });
  context.setDefaultTimeout(waitMs);
  const page = await context.newPage();
  const { problems, requests, waiting } = await watch(page, expected);
  const settled = async (): Promise<void> => {
    await page.waitForLoadState('networkidle');
    // Half a second without a request can also pass because the machine is busy: what was requested has to be drawn as well.
    await until(async () => {
      if (waiting.size > 0) return false;
      await page.evaluate(untilDrawn);
      return waiting.size === 0 && (await page.locator('[aria-busy="true"], [data-pending]').count()) === 0;
    });
    // The styles of a window that was just changed: nothing is judged in the middle of a transition.
    await until(() => page.evaluate<boolean>(isStill));
  };
  return {
    page,
    context,
    problems: () => problems,
    apiRequests: () => requests.splice(0),
    open: async (path) => {
      await page.goto(path);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await settled();
    },
    settled,
    overflow: () => page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth'),
    layoutShifts: () => page.evaluate<LayoutShift[]>('layoutShifts'),
    accessibilityProblems: () => problemsIn(axeOn(page).withTags(wcag)),
    contrastProblems: () => problemsIn(axeOn(page).withRules(['color-contrast'])),
    close: async () => {
      await context.close();
      if (problems.length > 0) throw new Error(`The page reported:\n${problems.join('\n')}`);
    },
  };
}

/** Collects everything that a page reports. */
async function watch(page: Page, expected: readonly RegExp[]) {
  const problems: string[] = [];
  const requests: string[] = [];
  /** Requests to the API without a response yet. The stream of new facts has none: it stays open. */
  const waiting = new Set<Request>();
  const report = (problem: string): void => {
    if (!expected.some((pattern) => pattern.test(problem))) problems.push(problem);
  };
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) report(`console ${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => report(`page error: ${error.message}`));
  page.on('requestfinished', (request) => waiting.delete(request));
  page.on('requestfailed', (request) => {
    waiting.delete(request);
    // A request that the page itself cancelled, because it was left.
    if (request.failure()?.errorText !== 'net::ERR_ABORTED') report(`request failed: ${describe(request)}`);
  });
  page.on('request', (request) => {
    if (!new URL(request.url()).pathname.startsWith('/api/')) return;
    requests.push(describe(request));
    if (request.resourceType() !== 'eventsource') waiting.add(request);
  });
  await page.exposeFunction('reportViolation', (violation: string) => report(`policy violation: ${violation}`));
  await page.addInitScript(
    `document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sourceFile }) =>
       window.reportViolation(violatedDirective + ' blocked ' + blockedURI + ' of ' + sourceFile));`,
  );
  await page.addInitScript(watchLayout);
  return { problems, requests, waiting };
}

function describe(request: Request): string {
  const { pathname, search } = new URL(request.url());
  return `${request.method()} ${pathname}${search}`;
}

/**
 * The edges of a graph are thousands of elements without text. The pages have no frames, whose results axe would gather in
 * another window, at more than the cost of the check itself.
 */
const axeOn = (page: Page): AxeBuilder => new AxeBuilder({ page }).exclude('.react-flow__edges').setLegacyMode();

async function problemsIn(axe: AxeBuilder): Promise<readonly string[]> {
  const { violations } = await axe.analyze();
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary = '' }) => `${id} (${help}): ${target.join(' ')}\n${failureSummary}`),
  );
}
