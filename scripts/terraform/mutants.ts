// Removes each argument and each block of the resources, one after the other, and expects a check to fail: a promise
// that nothing holds is found by being broken. Takes long; run it by hand after a change of the modules:
//   npm run terraform:mutants [-- MODULE…]
// In the whole (dispatcher and the environments) `validate` misses most of what is removed, as the modules below it
// have no defaults; the rest must show in the state of an applied environment.
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { comparisons, statesIn } from './comparisons.ts';
import { pluginDirectory, requireTerraform, terraform } from './command.ts';

const modules = ['secrets', 'queue', 'table', 'bus', 'function', 'api', 'alarms', 'ecr'];
const composition = ['dispatcher', 'environments/dev', 'environments/prod'];

// What may go without harm, each for a reason.
const harmless: readonly RegExp[] = [
  // Terraform waits for the policy; nothing in the result shows in what order it was made.
  /^\s*depends_on = /,
];

interface Mutant {
  readonly file: string;
  readonly line: number;
  readonly text: string;
  readonly without: string;
}

const depth = (line: string) => (line.match(/[{[(]/g) ?? []).length - (line.match(/[}\])]/g) ?? []).length;

/** Every argument and nested block within `resource` and `module` blocks, each left out once. */
function mutantsOf(file: string, text: string): Mutant[] {
  const lines = text.split('\n');
  const mutants: Mutant[] = [];
  let inside = false;
  for (const [start, line] of lines.entries()) {
    if (/^(resource|module) /.test(line)) inside = true;
    if (line === '}') inside = false;
    const isEntry = /^\s+("[^"]+"|[\w-]+)\s+(=|\{)/.test(line) || /^\s+dynamic "/.test(line);
    if (!inside || !isEntry || /^\s+source\s+=/.test(line)) continue;
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

/** The dispatcher module is looked at through dev. */
const environmentFor = (module: string) => (module === 'environments/prod' ? 'prod' : 'dev');

function isAsDescribed(directory: string, environment: string): boolean {
  const { succeeded, output } = terraform(join(directory, 'tests'), ['test', '-json', '-verbose']);
  const state = statesIn(output).get(`${environment}.tftest.hcl: apply`);
  if (!succeeded || state === undefined) return false;
  return comparisons(state, `dispatcher-${environment}`).every(({ planned, described }) =>
    isDeepStrictEqual(planned, described),
  );
}

function isMissed(directory: string, module: string): boolean {
  if (composition.includes(module)) {
    const environment = environmentFor(module);
    const { succeeded } = terraform(join(directory, 'environments', environment), ['validate']);
    return succeeded && isAsDescribed(directory, environment);
  }
  return terraform(join(directory, 'tests'), ['test']).succeeded;
}

/** Leaves one test file alone: Terraform reads whatever all of them name, at each run. */
function prepare(directory: string, module: string): void {
  rmSync(directory, { recursive: true, force: true });
  cpSync(fileURLToPath(new URL('../../infrastructure/terraform', import.meta.url)), directory, { recursive: true });
  const isWhole = composition.includes(module);
  const kept = `${isWhole ? environmentFor(module) : module}.tftest.hcl`;
  for (const file of readdirSync(join(directory, 'tests'))) {
    if (file.endsWith('.tftest.hcl') && file !== kept) rmSync(join(directory, 'tests', file));
  }
  const plugins = pluginDirectory();
  const from = plugins === null ? [] : [`-plugin-dir=${plugins}`];
  for (const root of isWhole ? ['tests', `environments/${environmentFor(module)}`] : ['tests']) {
    const { succeeded, output } = terraform(join(directory, root), ['init', '-backend=false', ...from]);
    if (!succeeded) throw new Error(output);
  }
}

const folderOf = (module: string) => (module.includes('/') || module === 'ecr' ? module : `modules/${module}`);

requireTerraform();
const directory = mkdtempSync(join(tmpdir(), 'terraform-mutants-'));
let made = 0;
let missed = 0;
try {
  const asked = process.argv.slice(2);
  for (const module of asked.length > 0 ? asked : [...modules, ...composition]) {
    prepare(directory, module);
    const folder = join(directory, folderOf(module));
    if (!isMissed(directory, module)) throw new Error(`The checks of ${module} fail before anything is removed.`);
    for (const name of readdirSync(folder).filter((file) => file.endsWith('.tf') && file !== 'variables.tf')) {
      const file = join(folder, name);
      const text = readFileSync(file, 'utf8');
      for (const mutant of mutantsOf(`${folderOf(module)}/${name}`, text)) {
        writeFileSync(file, mutant.without);
        // What is no Terraform any more would be noticed whatever the tests say.
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
