// Disables each check of checks.ts in turn and runs the tests. If no test fails, the check is not covered.
import { fileURLToPath } from 'node:url';
import { runCLI } from 'jest';
import { checkNames } from '../src/checks/checks.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const transformer = fileURLToPath(new URL('transform.cjs', import.meta.url));
const unmutated = 'no mutant';
const swc = { jsc: { target: 'es2024', parser: { syntax: 'typescript' } } };

const project = (drop) => ({
  displayName: drop,
  rootDir: root,
  roots: ['<rootDir>/packages/rules/src'],
  testMatch: ['**/*attacks.test.ts'],
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  modulePathIgnorePatterns: ['<rootDir>/.*/dist/'],
  transform: { '\\.ts$': [transformer, { drop, swc }] },
});

// The first project disables nothing: if the tests fail without a mutant, their failures prove nothing.
const projects = ['', ...checkNames].map((name) => project(name === '' ? unmutated : name));
const config = JSON.stringify({ rootDir: root, projects, reporters: [], maxWorkers: 2 });
const { results } = await runCLI({ config, _: [], $0: '' }, [root]);

const failures = new Map();
for (const { displayName, numFailingTests } of results.testResults) {
  failures.set(displayName?.name, (failures.get(displayName?.name) ?? 0) + numFailingTests);
}
const broken = results.testResults.filter((file) => file.testExecError ?? file.numPassingTests === 0);
const survivors = checkNames.filter((name) => !(failures.get(name) > 0));
const killed = checkNames.length - survivors.length;
process.stdout.write(`${killed} of ${checkNames.length} mutants killed: each disables one check and fails a test.\n`);
for (const name of survivors) process.stdout.write(`SURVIVED: no test fails without the check \`${name}\`.\n`);
for (const file of broken)
  process.stdout.write(`BROKEN: ${file.displayName?.name}: ${file.failureMessage ?? 'no test passed'}\n`);
if (failures.get(unmutated) !== 0) process.stdout.write('The tests fail without any mutant: fix them first.\n');

const isProved = survivors.length === 0 && broken.length === 0 && failures.get(unmutated) === 0;
process.exitCode = isProved ? 0 : 1;
