// Runs tests and prints the CPU time of each test file, the largest first: `npm run test:cpu -- FILE…`. Without a file it runs
// `npm test`, the build included. With --json it prints JSON. CPU time hardly depends on what else the machine does.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { childSeconds } from './cpu-seconds.mjs';
import { isEndToEnd } from './end-to-end-tests.mjs';
import { repositoryRoot } from './node-24.mjs';

const isJson = process.argv.includes('--json');
const files = process.argv.slice(2).filter((argument) => argument !== '--json');
const directory = mkdtempSync(join(tmpdir(), 'dispatcher-test-cpu-'));
const times = join(directory, 'times');
const environment = '--env=./scripts/cpu-environment.mjs';
const [command, args] =
  files.length === 0
    ? ['npm', ['test', '--', environment]]
    : [process.execPath, ['scripts/jest.mjs', ...files, environment]];

const before = childSeconds();
const { status } = spawnSync(command, args, {
  cwd: repositoryRoot,
  stdio: ['ignore', isJson ? 2 : 'inherit', 'inherit'],
  env: { ...process.env, CPU_TIMES: times },
});
const total = childSeconds() - before;
const rows = readFileSync(times, 'utf8')
  .split('\n')
  .filter(Boolean)
  .map((text) => JSON.parse(text))
  .map(([file, seconds]) => [file, seconds, isEndToEnd(join(repositoryRoot, file))])
  .sort(([, one], [, other]) => other - one);
rmSync(directory, { recursive: true });

if (isJson) console.log(JSON.stringify({ total, files: rows }));
else {
  console.log('\nCPU seconds, processes that the tests started included:');
  for (const [file, seconds] of rows) console.log(`${seconds.toFixed(1).padStart(7)}  ${file}`);
  console.log(`${total.toFixed(1).padStart(7)}  all, with what jest and the build take besides`);
}
process.exitCode = status ?? 1;
