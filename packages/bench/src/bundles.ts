import { existsSync, readFileSync } from 'node:fs';
import type { Figure } from './figures.ts';

interface Metafile {
  readonly outputs: Readonly<
    Record<
      string,
      { readonly bytes: number; readonly inputs: Readonly<Record<string, { readonly bytesInOutput: number }>> }
    >
  >;
}

const goals = { planning: 690, admin: 900 } as const;

/** Returns what an input of a bundle belongs to: a library, or the code of this repository. */
function ownerOf(input: string): string {
  const [, library] = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input) ?? [];
  if (library === undefined) return 'own code';
  return /^@(?:aws|smithy)/.test(library) ? 'the AWS SDK' : library;
}

/** Reads the bundle that `npm run build` wrote. */
function readBundle(name: string): { readonly kilobytes: number; readonly largest: string } {
  const file = new URL(`../../../functions/${name}/dist/meta.json`, import.meta.url);
  if (!existsSync(file)) throw new Error(`Run \`npm run build\` first: functions/${name}/dist/meta.json is missing.`);
  const { outputs } = JSON.parse(readFileSync(file, 'utf8')) as Metafile;
  const [, output] = Object.entries(outputs).find(([path]) => path.endsWith('handler.mjs')) ?? [];
  if (output === undefined) throw new Error(`functions/${name}/dist/meta.json has no output handler.mjs.`);
  const bytes = new Map<string, number>();
  for (const [input, { bytesInOutput }] of Object.entries(output.inputs)) {
    bytes.set(ownerOf(input), (bytes.get(ownerOf(input)) ?? 0) + bytesInOutput);
  }
  const largest = [...bytes].toSorted(([, a], [, b]) => b - a).slice(0, 4);
  return {
    kilobytes: output.bytes / 1_000,
    largest: largest.map(([owner, size]) => `${owner} ${Math.round(size / 1_000)} KB`).join(', '),
  };
}

export function bundleFigure(): Figure {
  const bundles = Object.keys(goals).map((name) => ({ name, ...readBundle(name) }));
  return {
    name: 'bundle KB: planning / admin, without the files of the dashboard',
    before: [735, 1_216],
    goal: Object.values(goals),
    now: bundles.map(({ kilobytes }) => kilobytes),
    command: 'npm run build && npm run budgets',
    reason: `The largest parts: ${bundles.map(({ name, largest }) => `${name}: ${largest}`).join('; ')}. The bundles hold features that the goal did not know of; loading the parts of rare requests only when they are used would lower what a start reads.`,
  };
}
