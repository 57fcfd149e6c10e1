// Applies each mutant in turn and runs the tests that must notice it. If no test fails, what it breaks is not covered.
// `npm run test:mutants -- TEXT` runs only the mutants whose name contains the text.
import { fileURLToPath } from 'node:url';
import { runCLI } from 'jest';
import { mutants } from './mutants.mjs';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const transformer = fileURLToPath(new URL('transform.cjs', import.meta.url));
const unmutated = 'no mutant';
const swc = { jsc: { target: 'es2024', parser: { syntax: 'typescript' } } };
const text = process.argv[2] ?? '';
const selected = mutants.filter(({ name }) => name.includes(text));

const project = (displayName, testMatch, mutant) => ({
  displayName,
  rootDir: root,
  roots: ['<rootDir>/packages/rules/src'],
  testMatch,
  testEnvironment: 'node',
  // A test that is slow on a busy machine notices no mutant.
  testTimeout: 300_000,
  setupFilesAfterEnv: [fileURLToPath(new URL('first-failure.mjs', import.meta.url))],
  extensionsToTreatAsEsm: ['.ts'],
  modulePathIgnorePatterns: ['<rootDir>/.*/dist/'],
  transform: { '\\.ts$': [transformer, { mutant, swc }] },
});

// The first project mutates nothing: if the tests fail without a mutant, their failures prove nothing.
const projects = [
  project(unmutated, [...new Set(selected.map(({ tests }) => tests))]),
  ...selected.map((mutant) => project(mutant.name, [mutant.tests], mutant)),
];
const config = JSON.stringify({ rootDir: root, projects, reporters: [], maxWorkers: 2 });
const { results } = await runCLI({ config, _: [], $0: '' }, [root]);

const failures = new Map();
for (const { displayName, numFailingTests } of results.testResults) {
  failures.set(displayName?.name, (failures.get(displayName?.name) ?? 0) + numFailingTests);
}
const broken = results.testResults.filter((file) => file.testExecError ?? file.numPassingTests === 0);
const survivors = selected.filter(({ name }) => !(failures.get(name) > 0));
const killed = selected.length - survivors.length;
process.stdout.write(`${killed} of ${selected.length} mutants killed: each breaks one thing and fails a test.\n`);
for (const { name } of survivors) process.stdout.write(`SURVIVED: no test fails with this mutant: ${name}.\n`);
for (const file of broken)
  process.stdout.write(`BROKEN: ${file.displayName?.name}: ${file.failureMessage ?? 'no test passed'}\n`);
if (failures.get(unmutated) !== 0) process.stdout.write('The tests fail without any mutant: fix them first.\n');

const isProved = selected.length > 0 && survivors.length === 0 && broken.length === 0 && failures.get(unmutated) === 0;
process.exitCode = isProved ? 0 : 1;
