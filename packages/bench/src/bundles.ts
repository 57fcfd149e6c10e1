import { existsSync, readFileSync } from 'node:fs';
import type { Figure } from './figures.ts';

interface Output {
  readonly bytes: number;
  readonly inputs: Readonly<Record<string, { readonly bytesInOutput: number }>>;
  readonly imports: readonly { readonly path: string; readonly kind: string }[];
}

type Outputs = Readonly<Record<string, Output>>;

const goals = { planning: 690, admin: 900 } as const;

/** Returns what an input of a bundle belongs to: a library, or the code of this repository. */
function ownerOf(input: string): string {
  const [, library] = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input) ?? [];
  if (library === undefined) return 'own code';
  return /^@(?:aws|smithy)/.test(library) ? 'the AWS SDK' : library;
}

/** Sizes of the code of a function, in kilobytes. */
export interface BundleSizes {
  /** `handler.mjs` and what it imports: what every start loads. */
  readonly start: number;
  /** With the chunks that are loaded by the first request that needs them. */
  readonly all: number;
}

/** Returns what `npm run build` wrote for a function: the files of its code by path. */
export function readOutputs(name: string): Outputs {
  const file = new URL(`../../../functions/${name}/dist/meta.json`, import.meta.url);
  if (!existsSync(file)) throw new Error(`Run \`npm run build\` first: functions/${name}/dist/meta.json is missing.`);
  const { outputs } = JSON.parse(readFileSync(file, 'utf8')) as { readonly outputs: Outputs };
  return Object.fromEntries(Object.entries(outputs).filter(([path]) => path.endsWith('.mjs')));
}

/** Returns the paths of the files that every start loads: `handler.mjs`, and what is imported statically. */
export function collectStart(outputs: Outputs): Set<string> {
  const files = new Set(Object.keys(outputs).filter((path) => path.endsWith('handler.mjs')));
  // A set also visits what is added to it on the way.
  for (const file of files) {
    for (const { path, kind } of outputs[file]?.imports ?? []) {
      if (kind === 'import-statement') files.add(path);
    }
  }
  return files;
}

/** @returns the sizes, and the owners of the largest parts */
export function readBundle(name: string): BundleSizes & { readonly largest: string } {
  const outputs = readOutputs(name);
  const code = Object.keys(outputs);
  const kilobytesOf = (paths: Iterable<string>) =>
    [...paths].reduce((sum, path) => sum + (outputs[path]?.bytes ?? 0), 0) / 1_000;
  const bytes = new Map<string, number>();
  for (const [input, { bytesInOutput }] of code.flatMap((path) => Object.entries(outputs[path]?.inputs ?? {}))) {
    bytes.set(ownerOf(input), (bytes.get(ownerOf(input)) ?? 0) + bytesInOutput);
  }
  const largest = [...bytes].toSorted(([, a], [, b]) => b - a).slice(0, 4);
  return {
    start: kilobytesOf(collectStart(outputs)),
    all: kilobytesOf(code),
    largest: largest.map(([owner, size]) => `${owner} ${Math.round(size / 1_000)} KB`).join(', '),
  };
}

export function bundleFigures(): Figure[] {
  const bundles = Object.keys(goals).map((name) => ({ name, ...readBundle(name) }));
  const figureOf = (name: string, kind: keyof BundleSizes, reason: string): Figure => ({
    name,
    before: [735, 1_216],
    goal: Object.values(goals),
    now: bundles.map((bundle) => bundle[kind]),
    command: 'npm run build && npm run budgets',
    reason,
  });
  return [
    figureOf(
      'bundle KB: planning / admin, without the files of the dashboard',
      'all',
      `The largest parts: ${bundles.map(({ name, largest }) => `${name}: ${largest}`).join('; ')}. The bundles hold features that were added after the goal was set.`,
    ),
    figureOf(
      'bundle KB that every start loads: planning / admin',
      'start',
      'The requests that most starts never get are chunks of their own: in planning all but completed runs, in admin the ' +
        'sign-in with OpenID Connect. esbuild assigns whole files to chunks, so what one package exports from one index ' +
        'stays together. Planning needs the rest for any run; in admin, the routes and their schemas are registered at the start.',
    ),
  ];
}
