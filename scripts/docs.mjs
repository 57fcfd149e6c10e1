// Writes every generated file that is committed: `npm run docs`. What such a file holds is known to the test that compares
// it with the code; with UPDATE_DOCS=true that test writes the file first. So a new generated page needs no entry here.
import { execFileSync, spawnSync } from 'node:child_process';
import { repositoryRoot } from './node-24.mjs';

const git = (...args) => execFileSync('git', args, { cwd: repositoryRoot, encoding: 'utf8' });

function run(title, command, args, env = {}) {
  console.log(`== ${title}`);
  const options = { cwd: repositoryRoot, env: { ...process.env, ...env }, shell: process.platform === 'win32' };
  const { status } = spawnSync(command, args, { ...options, stdio: 'inherit' });
  if (status === 0) return;
  console.error(`${title}: failed; see above. Not everything was written.`);
  process.exit(status ?? 1);
}

const tests = git('grep', '--untracked', '-l', 'UPDATE_DOCS', '--', '*.test.ts').trim().split('\n');

// One of the tests sends requests to the bundled functions.
run('build', 'npm', ['run', '--silent', 'build']);
run('what Terraform reads', 'npm', ['run', '--silent', 'terraform:describe']);
// The client of the dashboard is generated from docs/reference/openapi.json, which another test writes.
const isDerived = (test) => test.startsWith('packages/api-types/');
const update = (title, some) => run(title, process.execPath, ['scripts/jest.mjs', ...some], { UPDATE_DOCS: 'true' });
update(
  'docs/reference',
  tests.filter((test) => !isDerived(test)),
);
update('the client of the dashboard', tests.filter(isDerived));

const generated = ['docs/reference', 'infrastructure', 'packages/dashboard/src/api/schema.ts'];
const changed = git('status', '--short', '--', ...generated).trimEnd();
console.log(changed === '' ? '\nNo generated file differs from the commit.' : `\nNot committed yet:\n${changed}`);
