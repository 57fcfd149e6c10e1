// Runs jest in ESM mode from the root of the repository. Called in a package's folder, it runs that package's tests.
//
//   npm test                               everything
//   npm test -w @dispatcher/rules          one package
//   npm test -w @dispatcher/rules -- FILE  one file: a path from the package, from where npm was called or from the root,
//                                          or a part of its name; options of jest may follow
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { findNode24, howToGetNode24, repositoryRoot, runsOnNode24 } from './node-24.mjs';
import { pathPatterns } from './test-paths.mjs';

if (!runsOnNode24) {
  const node24 = findNode24();
  console.error(
    node24 === undefined
      ? howToGetNode24()
      : `The tests need Node 24 and this is Node ${process.versions.node}: run \`npm test\`, or ` +
          '`npm test -w PACKAGE -- FILE` for one file; npm uses the Node 24 of node_modules.',
  );
  process.exit(1);
}

if (!existsSync(new URL('../node_modules/jest/package.json', import.meta.url))) {
  console.error(howToGetNode24());
  process.exit(1);
}
// Many tests start processes: each takes what V8 compiled for the ones before it. Coverage would be less exact with it.
const compiled = fileURLToPath(new URL('../node_modules/.cache/compiled', import.meta.url));
const environment = process.argv.includes('--coverage') ? {} : { NODE_COMPILE_CACHE: compiled };
const jest = createRequire(import.meta.url).resolve('jest/bin/jest');
const run = spawnSync(
  process.execPath,
  ['--experimental-vm-modules', '--no-warnings', jest, ...pathPatterns(process.argv.slice(2))],
  { cwd: repositoryRoot, stdio: 'inherit', env: { ...environment, ...process.env } },
);
process.exit(run.status ?? 1);
