// Compares the size of the code of each function with its budgets: what every cold start loads, and all. And what a browser
// loads of the dashboard, compressed.
import { readFileSync, statSync } from 'node:fs';
import { readBundle } from '../packages/bench/src/bundles.ts';

const budgetsInKilobytes = {
  ingress: { start: 265, all: 330 },
  planning: { start: 825, all: 910 },
  dispatch: { start: 780, all: 785 },
  facts: { start: 520, all: 525 },
  admin: { start: 1_165, all: 1_195 },
};

let over = 0;
for (const [name, budgets] of Object.entries(budgetsInKilobytes)) {
  const sizes = readBundle(name);
  for (const kind of ['start', 'all'] as const) {
    const fits = sizes[kind] <= budgets[kind];
    if (!fits) over += 1;
    const size = sizes[kind].toFixed(0).padStart(5);
    console.log(`${fits ? 'ok  ' : 'OVER'} ${name.padEnd(9)} ${kind.padEnd(5)} ${size} KB of ${budgets[kind]}`);
  }
}

interface Chunk {
  readonly file: string;
  readonly isEntry?: true;
  readonly css?: readonly string[];
  readonly imports?: readonly string[];
}

// In KiB, compressed with Brotli: the first load, and what a page may load beyond it (60 where it is not named).
const firstLoadBudgets = { js: 190, css: 40 };
const pageBudgets: Readonly<Record<string, number>> = { 'try-it': 188, graph: 75 };
const defaultPageBudget = 60;

const manifestFile = new URL('../packages/dashboard/dist/manifest.json', import.meta.url);
const manifest = JSON.parse(readFileSync(manifestFile, 'utf8')) as Readonly<Record<string, Chunk>>;
const site = new URL('../functions/admin/dist/image/site/', import.meta.url);
const kibibytesOf = (files: Iterable<string>, extension: string) =>
  [...files]
    .filter((file) => file.endsWith(extension))
    .reduce((sum, file) => sum + statSync(new URL(`${file}.br`, site)).size / 1024, 0);

/** Adds the files of a chunk and of everything that it imports statically. */
function collect(name: string, files = new Set<string>()): Set<string> {
  const chunk = manifest[name];
  if (chunk === undefined || files.has(chunk.file)) return files;
  for (const file of [chunk.file, ...(chunk.css ?? [])]) files.add(file);
  for (const each of chunk.imports ?? []) collect(each, files);
  return files;
}

function report(name: string, size: number, budget: number): void {
  const fits = size <= budget;
  if (!fits) over += 1;
  console.log(`${fits ? 'ok  ' : 'OVER'} ${name.padEnd(34)} ${size.toFixed(0).padStart(5)} KiB of ${budget}`);
}

const entry = Object.keys(manifest).find((name) => manifest[name]?.isEntry === true);
if (entry === undefined) throw new Error('The manifest of the dashboard names no entry. Run: npm run build');
const always = collect(entry);
// The first load is that of Overview, where most visits begin.
const overview = collect('src/pages/overview/overview-page.tsx', new Set(always));
report('dashboard, first load: JavaScript', kibibytesOf(overview, '.js'), firstLoadBudgets.js);
report('dashboard, first load: CSS', kibibytesOf(overview, '.css'), firstLoadBudgets.css);
for (const name of Object.keys(manifest).sort()) {
  const [, page] = /^src\/pages\/([\w-]+)\/[\w-]+-page\.tsx$/.exec(name) ?? [];
  if (page === undefined || page === 'overview') continue;
  const own = [...collect(name)].filter((file) => !overview.has(file));
  report(
    `dashboard, ${page}`,
    kibibytesOf(own, '.js') + kibibytesOf(own, '.css'),
    pageBudgets[page] ?? defaultPageBudget,
  );
}

if (over > 0) {
  console.error(
    `${over} over budget. Open functions/NAME/dist/meta.json at esbuild.github.io/analyze to see the contents of a bundle.`,
  );
  process.exit(1);
}
