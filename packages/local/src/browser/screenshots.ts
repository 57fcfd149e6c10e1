import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { repositoryRoot } from '../app/running-file.ts';
import { startDemo } from '../demo-history/start-demo.ts';
import { dashboardPages, findKnownIds } from './dashboard-pages.ts';
import { openBrowser, type Scheme, type TestBrowser } from './test-browser.ts';

// `npm run screenshots`: pictures of every page on the demonstration, for people to look at.

const usage = `Takes a picture of every page of the dashboard, on the system of npm run demo.

  npm run screenshots -- [options]

  --url URL        of a running system (default: starts one with the history of npm run demo)
  --page NAME      only this page; may be repeated
  --directory DIR  where the pictures are written (default screenshots)
  --docs           writes the three pictures of the documentation to docs/images as well
  --help           this text

A picture is named PAGE-WIDTH-SCHEME.png: 1440 and 390 pixels wide, light and dark.`;

const options = {
  url: { type: 'string' },
  page: { type: 'string', multiple: true },
  directory: { type: 'string', default: 'screenshots' },
  docs: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

const windows = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
] as const;
/** Of a window, in pixels. Longer pages are lists, which need no measuring. */
const maxHeight = 4_000;
const schemes: readonly Scheme[] = ['light', 'dark'];
/** The pictures of the documentation, in docs/images; one window high, so that the files stay small. */
const documented = [
  { page: 'overview', file: 'dashboard-overview', width: 1280, height: 800, scheme: 'light' },
  { page: 'run', file: 'dashboard-run', width: 1280, height: 800, scheme: 'light' },
  { page: 'run', file: 'dashboard-run-on-a-phone', width: 390, height: 844, scheme: 'dark' },
] as const;

async function main(): Promise<void> {
  const { values } = parseArgs({ options });
  if (values.help) {
    console.log(usage);
    return;
  }
  if (values.url !== undefined) return takeAll(values.url, values);
  const dataDir = await mkdtemp(join(tmpdir(), 'screenshots-'));
  const demo = await startDemo({
    dataDir,
    port: 0,
    env: {},
    seed: 1,
    size: { days: 7, perHour: 1.2 },
    scheduleEveryMs: 5_000,
    print: () => undefined,
  });
  try {
    await demo.recorded;
    await takeAll(demo.system.url, values);
  } finally {
    await demo.close();
    await rm(dataDir, { recursive: true, maxRetries: 5 });
  }
}

interface Wanted {
  readonly page?: readonly string[] | undefined;
  readonly directory: string;
  readonly docs: boolean;
}

async function takeAll(url: string, { page = [], directory, docs }: Wanted): Promise<void> {
  const target = resolve(repositoryRoot, directory);
  await mkdir(target, { recursive: true });
  const pages = dashboardPages(await findKnownIds(url)).filter(({ name }) => page.length === 0 || page.includes(name));
  const browser = await openBrowser();
  try {
    for (const { name, path } of pages) await takeOne(browser, url, { name, path, target });
    if (docs) await takeDocumented(browser, url, pages);
  } finally {
    await browser.close();
  }
  console.log(`${pages.length * windows.length * schemes.length} pictures in ${target}`);
}

/** Opens a page once, and takes its four pictures. */
async function takeOne(
  browser: TestBrowser,
  url: string,
  { name, path, target }: { readonly name: string; readonly path: string; readonly target: string },
): Promise<void> {
  const visit = await browser.visit(url);
  await visit.open(path);
  for (const size of windows) {
    await visit.page.setViewportSize(size);
    for (const scheme of schemes) {
      await visit.page.emulateMedia({ colorScheme: scheme });
      await visit.settled();
      // Parts outside of the window measure themselves when they come into view, such as the lines of an editor.
      const height = await visit.page.evaluate<number>('document.documentElement.scrollHeight');
      await visit.page.setViewportSize({ width: size.width, height: Math.min(height, maxHeight) });
      await visit.settled();
      const overflow = await visit.overflow();
      if (overflow > 0) console.log(`${name} is ${overflow} px wider than ${size.width} px`);
      await visit.page.screenshot({ path: join(target, `${name}-${size.width}-${scheme}.png`), fullPage: true });
      await visit.page.setViewportSize(size);
    }
  }
  for (const problem of visit.problems()) console.log(`${name}: ${problem}`);
  await visit.context.close();
}

/** Returns the newest run that started something and was refused something, whose page shows the most; null without one. */
async function findPartlyRefusedRun(url: string): Promise<string | null> {
  const response = await fetch(`${url}/api/deliveries?limit=100`);
  const { deliveries } = (await response.json()) as {
    deliveries: { runKey?: string | null; allowed?: number; denied?: number }[];
  };
  return deliveries.find(({ allowed = 0, denied = 0 }) => allowed > 0 && denied > 0)?.runKey ?? null;
}

async function takeDocumented(
  browser: TestBrowser,
  url: string,
  pages: readonly { readonly name: string; readonly path: string }[],
): Promise<void> {
  const runKey = await findPartlyRefusedRun(url);
  const images = join(repositoryRoot, 'docs', 'images');
  await mkdir(images, { recursive: true });
  for (const { page, file, ...window } of documented) {
    const example = pages.find(({ name }) => name === page)?.path;
    const path = page === 'run' && runKey !== null ? `/runs/${runKey}` : example;
    if (path === undefined) continue;
    const visit = await browser.visit(url, window);
    await visit.open(path);
    await visit.page.screenshot({ path: join(images, `${file}.png`) });
    await visit.context.close();
    console.log(`docs/images/${file}.png`);
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
});
