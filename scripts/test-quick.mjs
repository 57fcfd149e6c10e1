// Runs the unit and property tests of what was changed since main: `npm run test:quick`.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { isEndToEnd } from './end-to-end-tests.mjs';
import { repositoryRoot, runsOnNode24 } from './node-24.mjs';

// What `npm test` runs and this does not: end-to-end tests, and thousands of histories, which take a minute or more.
const isQuick = (file) => !file.endsWith('/histories.test.ts') && !isEndToEnd(file);

const git = (...args) => execFileSync('git', args, { cwd: repositoryRoot, encoding: 'utf8', stdio: 'pipe' }).trim();

/** Returns the commit that the working tree is compared with: where it left main, or HEAD where there is no main. */
function base() {
  for (const main of ['origin/main', 'main']) {
    try {
      return git('merge-base', 'HEAD', main);
    } catch {
      // A clone of one branch has no such name.
    }
  }
  return 'HEAD';
}

/** Returns the folder whose tests concern a file: its package, or `scripts` for everything that belongs to none. */
const folderOf = (file) => /^(?:packages|functions)\/[^/]+/.exec(file)?.[0] ?? 'scripts';

if (!runsOnNode24) {
  console.error(`The tests need Node 24 and this is Node ${process.versions.node}: run \`npm run test:quick\`.`);
  process.exit(1);
}
const from = base();
const changed = `${git('diff', '--name-only', from)}\n${git('ls-files', '--others', '--exclude-standard')}`;
const folders = [...new Set(changed.split('\n').filter(Boolean).map(folderOf))]
  .filter((folder) => existsSync(join(repositoryRoot, folder)))
  .sort();
const tests = folders.flatMap((folder) =>
  readdirSync(join(repositoryRoot, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts') && !name.includes('node_modules'))
    .map((name) => join(repositoryRoot, folder, name)),
);
const quick = tests.filter(isQuick);

console.log(`Changed since ${from.slice(0, 8)}: ${folders.join(', ') || 'nothing'}`);
console.log(
  `${quick.length} test files; ${tests.length - quick.length} that take longer (end-to-end) are left to npm test.`,
);
if (quick.length === 0) process.exit(0);
// By folder, with the others left out: jest repeats all patterns in its last lines.
const leftOut = tests
  .filter((file) => !quick.includes(file))
  .map((file) => `--testPathIgnorePatterns=/${relative(repositoryRoot, file).replaceAll(sep, '/')}$`);
const run = spawnSync(process.execPath, ['scripts/jest.mjs', ...folders, ...leftOut, ...process.argv.slice(2)], {
  cwd: repositoryRoot,
  stdio: 'inherit',
});
process.exit(run.status ?? 1);
