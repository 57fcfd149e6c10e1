// Checks the Terraform files without an AWS account: format, validity, tests with mock providers, and whether the
// resources match the description that the local system is created from.
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { realPlanProblem } from './offline-plan.ts';
import { comparisons, statesIn, type StateModule } from './comparisons.ts';
import { pluginDirectory, requireTerraform, terraform } from './command.ts';

const source = fileURLToPath(new URL('../../infrastructure/terraform', import.meta.url));
const roots = ['bootstrap', 'environments/dev', 'environments/prod'];
// The states of these are compared with the description.
const environments = ['dev', 'prod'];

let checks = 0;
let passed = 0;
function check(name: string, problem: string | null): void {
  checks += 1;
  if (problem === null) passed += 1;
  console.log(problem === null ? `ok    ${name}` : `FAIL  ${name}\n${problem.trim().replace(/^/gm, '      ')}`);
}

interface TestLine {
  readonly type: string;
  readonly '@testfile'?: string;
  readonly '@testrun'?: string;
  readonly test_run?: { readonly run: string; readonly status?: string; readonly progress: string };
  readonly diagnostic?: { readonly severity: string; readonly summary: string; readonly detail: string };
}

/** Runs test files and counts each run as a check. @returns the final states by file and run if `verbose` */
function test(directory: string, files: readonly string[], verbose: boolean): ReadonlyMap<string, StateModule> {
  const filters = files.map((file) => `-filter=${file}`);
  const { succeeded, output } = terraform(directory, ['test', '-json', ...(verbose ? ['-verbose'] : []), ...filters]);
  const lines = output.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as TestLine] : []));
  let failures = 0;
  for (const line of lines) {
    const name = `${line['@testfile']}: ${line['@testrun']}`;
    if (line.test_run?.progress !== 'complete') continue;
    const ofThisRun = lines.filter(
      (other) => other['@testfile'] === line['@testfile'] && other['@testrun'] === line['@testrun'],
    );
    const failed = line.test_run.status !== 'pass';
    if (failed) failures += 1;
    check(name, failed ? `${line.test_run.status}\n${errorsOf(ofThisRun)}` : null);
  }
  // A file with a syntax error ends the command before any run starts, so no run fails.
  if (!succeeded && failures === 0) check(`terraform test ${files.join(' ')}`, errorsOf(lines) || output.slice(-4_000));
  return statesIn(output);
}

function errorsOf(lines: readonly TestLine[]): string {
  const errors = lines.flatMap(({ diagnostic }) => (diagnostic?.severity === 'error' ? [diagnostic] : []));
  return errors.map(({ summary, detail }) => `${summary}: ${detail}`).join('\n');
}

function run(directory: string): void {
  const format = terraform(directory, ['fmt', '-check', '-recursive', '-diff']);
  check('format', format.succeeded ? null : `Run terraform fmt -recursive.\n${format.output}`);

  const plugins = pluginDirectory();
  const from = plugins === null ? [] : [`-plugin-dir=${plugins}`];
  console.log(`      providers from ${plugins ?? 'the public registry'}`);
  const init = (root: string) => terraform(join(directory, root), ['init', '-backend=false', '-no-color', ...from]);
  for (const root of roots) {
    const initialised = init(root);
    const ended = initialised.succeeded ? terraform(join(directory, root), ['validate', '-no-color']) : initialised;
    check(`validate ${root}`, ended.succeeded ? null : ended.output);
  }
  for (const environment of environments) {
    const problem = realPlanProblem(join(directory, 'environments', environment), environment, from);
    check(`plan ${environment} with the real provider, cost tags on every resource`, problem);
    // The tests use the environment without these files.
    for (const file of ['offline_override.tf', 'offline.auto.tfvars.json']) {
      rmSync(join(directory, 'environments', environment, file));
    }
  }

  const tests = join(directory, 'tests');
  const initialised = init('tests');
  if (!initialised.succeeded) {
    check('init tests', initialised.output);
    return;
  }
  const environmentTests = environments.map((environment) => `${environment}.tftest.hcl`);
  const files = readdirSync(tests).filter((file) => file.endsWith('.tftest.hcl') && !environmentTests.includes(file));
  test(tests, files, false);
  const states = test(tests, environmentTests, true);
  for (const environment of environments) {
    const state = states.get(`${environment}.tftest.hcl: apply`);
    if (state === undefined) check(`${environment}: compared`, 'The test run produced no state to compare.');
    for (const { name, planned, described } of state ? comparisons(state, `dispatcher-${environment}`) : []) {
      const difference = `planned:   ${JSON.stringify(planned)}\ndescribed: ${JSON.stringify(described)}`;
      check(`${environment}: ${name} match the description`, isDeepStrictEqual(planned, described) ? null : difference);
    }
  }
}

// Runs in a copy, because Terraform writes its lock file and modules next to the files.
const directory = mkdtempSync(join(tmpdir(), 'terraform-'));
try {
  requireTerraform();
  cpSync(source, directory, { recursive: true, filter: (file) => !/\.terraform(\.lock\.hcl)?$/.test(file) });
  run(directory);
} catch (error) {
  check('terraform', error instanceof Error ? error.message : String(error));
} finally {
  rmSync(directory, { recursive: true, force: true });
}
console.log(`terraform: ${checks} checks, ${passed} passed`);
process.exitCode = checks === passed ? 0 : 1;
