import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { nodePackages } from './node-24.mjs';

// docs/adr/0053-install-from-the-lock.md

interface Entry {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly hasInstallScript?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const read = (file: string): string => readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');
const { packages } = JSON.parse(read('package-lock.json')) as { packages: Readonly<Record<string, Entry>> };
const installed = Object.entries(packages).filter(
  ([folder, { link }]) => folder.includes('node_modules/') && link !== true,
);

/** Returns whether the lock has a package where Node looks for it: in the folder itself or in one above it. */
function has(folder: string, name: string): boolean {
  const below = folder === '' ? '' : `${folder}/`;
  if (Object.hasOwn(packages, `${below}node_modules/${name}`)) return true;
  if (folder === '') return false;
  const above = folder.lastIndexOf('node_modules/');
  return has(above <= 0 ? '' : folder.slice(0, above - 1), name);
}

describe('package-lock.json', () => {
  test('has the packages of every platform, so that npm ci accepts it everywhere', () => {
    const missing = Object.entries(packages).flatMap(([folder, { dependencies, optionalDependencies }]) =>
      Object.keys({ ...dependencies, ...optionalDependencies })
        .filter((name) => !has(folder, name))
        .map((name) => `${folder} needs ${name}`),
    );
    expect(missing).toEqual([]);
  });

  test('has the hash of every package and names no registry', () => {
    expect(installed.filter(([, { integrity }]) => integrity === undefined)).toEqual([]);
    expect(installed.filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
  });

  test('has Node 24 for every platform that scripts/node-24.mjs lists', () => {
    const versions = nodePackages.map((name) => packages[`node_modules/${name}`]?.version ?? `${name} is missing`);
    expect(versions).toEqual(nodePackages.map(() => expect.stringMatching(/^24\./)));
  });

  test('has no package with an install script, except those that work without it', () => {
    expect(read('.npmrc')).toMatch(/^ignore-scripts=true$/m);
    const withScript = installed.filter(([, { hasInstallScript }]) => hasInstallScript === true);
    expect(withScript.map(([folder]) => folder.replace(/^.*node_modules\//, '')).sort()).toEqual([
      '@parcel/watcher',
      '@swc/core',
      'classic-level',
      'esbuild',
    ]);
  });
});
