import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The files of the dashboard's build, as they lay in its directory at the start. */
export interface DashboardFiles {
  readonly directory: string;
  /** Names in the root, such as `theme.js`, without `index.html` and without compressed copies. */
  readonly rootFiles: readonly string[];
  /** Names in `assets`. Each contains a hash of its content, so it never changes. */
  readonly assets: ReadonlySet<string>;
}

/** Returns null if the directory has no dashboard. */
export function findDashboardFiles(directory: string): DashboardFiles | null {
  const rootFiles = filesIn(directory);
  if (!rootFiles.includes('index.html')) return null;
  return {
    directory,
    rootFiles: rootFiles.filter((name) => name !== 'index.html'),
    assets: new Set(filesIn(join(directory, 'assets'))),
  };
}

function filesIn(directory: string): string[] {
  try {
    const entries = readdirSync(directory, { withFileTypes: true });
    return entries.filter((entry) => entry.isFile() && !/\.(br|gz)$/.test(entry.name)).map(({ name }) => name);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw error;
  }
}

/** Paths of the API and of other functions. Every other GET shows the dashboard. */
const reserved = new Set(['api', 'assets', 'auth', 'dispatch', 'health']);

/** The addresses of webhooks stand below the page that lists them. */
const webhookAddress = /^\/webhooks\/./i;

/** The page that describes the API stands below its address. */
const apiDocs = /^\/api\/docs\/?$/i;

/** Returns whether a path without a route of its own is a page of the dashboard. */
export function isDashboardPage(method: string, url: string): boolean {
  const [path = ''] = url.split(/[?#]/);
  const [, first = ''] = path.split('/');
  if (method !== 'GET' && method !== 'HEAD') return false;
  return apiDocs.test(path) || !(reserved.has(first.toLowerCase()) || webhookAddress.test(path));
}
