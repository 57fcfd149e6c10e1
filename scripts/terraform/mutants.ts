// Mutation test of the Terraform files: removes each argument and each block of resources and module calls, and each
// validation of a variable, one at a time, and expects a check to fail. Takes long; run it after a change of the modules:
//   npm run terraform:mutants [-- MODULE…]
// In the dispatcher module and the environments `validate` notices most removals, because the modules below have no
// defaults. The others must change the state of an applied environment.
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { comparisons, statesIn } from './comparisons.ts';
import { pluginDirectory, requireTerraform, terraform } from './command.ts';

const modules = ['secrets', 'queue', 'table', 'bus', 'function', 'api', 'alarms', 'registry', 'bootstrap'];
// The validations of the dispatcher module, which have a test file of their own.
const validations = 'variables';
const compositions = ['dispatcher', 'environments/dev', 'environments/prod'];

// Removals that no check needs to notice, each with its reason.
const harmless: readonly RegExp[] = [
  // It only orders the creation of resources, which does not show in the state.
  /^\s*depends_on = /,
];

interface Mutant {
  readonly file: string;
  readonly line: number;
  readonly text: string;
  readonly without: string;
}

const depth = (line: string) => (line.match(/[{[(]/g) ?? []).length - (line.match(/[}\])]/g) ?? []).length;

const entry = /^\s+("[^"]+"|[\w-]+)\s+(=|\{)|^\s+dynamic "/;
const removable: Readonly<Record<string, RegExp>> = { resource: entry, module: entry, variable: /^ {2}validation \{/ };

/** Returns the file once without each argument and nested block of resources and modules, and each validation. */
function mutantsOf(file: string, text: string): Mutant[] {
  const lines = text.split('\n');
  const mutants: Mutant[] = [];
  let pattern: RegExp | undefined;
  for (const [start, line] of lines.entries()) {
    const [, block] = /^([a-z]+) .*\{$/.exec(line) ?? [];
    if (block !== undefined) pattern = removable[block];
    if (line === '}') pattern = undefined;
    if (!pattern?.test(line) || /^\s+source\s+=/.test(line)) continue;
    let end = start;
    for (let open = depth(line); open > 0 && end + 1 < lines.length; open += depth(lines[end] ?? '')) end += 1;
    if (harmless.some((pattern) => pattern.test(line))) continue;
    mutants.push({
      file,
      line: start + 1,
      text: line.trim(),
      without: lines.toSpliced(start, end - start + 1).join('\n'),
    });
  }
  return mutants;
}

/** Returns the environment through which a composition is checked. */
const environmentFor = (module: string) => (module === 'environments/prod' ? 'prod' : 'dev');

function matchesDescription(directory: string, environment: string): boolean {
  const { succeeded, output } = terraform(join(directory, 'tests'), ['test', '-json', '-verbose']);
  const state = statesIn(output).get(`${environment}.tftest.hcl: apply`);
  if (!succeeded || state === undefined) return false;
  return comparisons(state, `dispatcher-${environment}`).every(({ planned, described }) =>
    isDeepStrictEqual(planned, described),
  );
}

function isMissed(directory: string, module: string): boolean {
  if (compositions.includes(module)) {
    const environment = environmentFor(module);
    const { succeeded } = terraform(join(directory, 'environments', environment), ['validate']);
    return succeeded && matchesDescription(directory, environment);
  }
  return terraform(join(directory, 'tests'), ['test']).succeeded;
}

/** Copies the files and keeps one test file only, because Terraform loads the modules of all test files at each run. */
function prepare(directory: string, module: string): void {
  rmSync(directory, { recursive: true, force: true });
  cpSync(fileURLToPath(new URL('../../infrastructure/terraform', import.meta.url)), directory, { recursive: true });
  const isComposition = compositions.includes(module);
  const kept = `${isComposition ? environmentFor(module) : module}.tftest.hcl`;
  for (const file of readdirSync(join(directory, 'tests'))) {
    if (file.endsWith('.tftest.hcl') && file !== kept) rmSync(join(directory, 'tests', file));
  }
  const plugins = pluginDirectory();
  const from = plugins === null ? [] : [`-plugin-dir=${plugins}`];
  for (const root of isComposition ? ['tests', `environments/${environmentFor(module)}`] : ['tests']) {
    const { succeeded, output } = terraform(join(directory, root), ['init', '-backend=false', ...from]);
    if (!succeeded) throw new Error(output);
  }
}

function folderOf(module: string): string {
  if (module === validations) return 'modules/dispatcher';
  return module.includes('/') || module === 'bootstrap' ? module : `modules/${module}`;
}

/** Returns the names of the files of `folder` that are mutated. */
function mutatedFiles(module: string, folder: string): string[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.tf'));
  if (module === validations) return ['variables.tf'];
  return compositions.includes(module) ? files.filter((file) => file !== 'variables.tf') : files;
}

requireTerraform();
const directory = mkdtempSync(join(tmpdir(), 'terraform-mutants-'));
let made = 0;
let missed = 0;
try {
  const requested = process.argv.slice(2);
  for (const module of requested.length > 0 ? requested : [...modules, validations, ...compositions]) {
    prepare(directory, module);
    const folder = join(directory, folderOf(module));
    if (!isMissed(directory, module)) throw new Error(`The checks of ${module} fail before anything is removed.`);
    for (const name of mutatedFiles(module, folder)) {
      const file = join(folder, name);
      const text = readFileSync(file, 'utf8');
      for (const mutant of mutantsOf(`${folderOf(module)}/${name}`, text)) {
        writeFileSync(file, mutant.without);
        // Any check would notice a syntax error.
        const { succeeded: isReadable } = terraform(folder, ['fmt', '-list=false', name]);
        if (!isReadable) throw new Error(`${mutant.file}:${mutant.line} cannot be removed by itself.`);
        made += 1;
        if (isMissed(directory, module)) {
          missed += 1;
          console.log(`MISSED ${mutant.file}:${mutant.line} ${mutant.text}`);
        }
      }
      writeFileSync(file, text);
    }
    console.log(`${module}: ${made} removed so far, ${missed} missed`);
  }
} finally {
  rmSync(directory, { recursive: true, force: true });
}
console.log(`terraform mutants: ${made} removed, ${made - missed} noticed`);
process.exitCode = missed === 0 ? 0 : 1;
