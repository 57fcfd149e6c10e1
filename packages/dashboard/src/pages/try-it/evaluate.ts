// Decides an example as planning decides a run: by the same function.
import {
  defaultGuardRails,
  type FileSnapshot,
  foldName,
  type Plan,
  type RepositoryContents,
  type RunCompleted,
  type TargetSnapshots,
} from '@dispatcher/contracts';
import {
  compileFile,
  decide,
  type FileError,
  problemOfRepository,
  problemOfWorkflow,
  targetsToRead,
} from '@dispatcher/rules';
import type { Example } from './example.ts';

export interface FileResult {
  readonly errors: readonly FileError[];
  readonly warnings: readonly FileError[];
}

export interface Evaluation {
  readonly plan: Plan;
  readonly sourceFile: FileResult;
  readonly targetFile: FileResult;
  /** Targets that the source names and that the example does not have. */
  readonly otherTargets: readonly string[];
}

/** The example cannot be decided, because one of these fields is not filled in correctly. */
export type FieldProblems = Partial<Record<keyof Example, string>>;

const sha = '5f1a9d0c3e7b2846a1d94c6078be35f2d01c7a69';
const time = '2026-01-02T03:04:05.000Z';

const snapshotOf = (blobId: string, text: string): FileSnapshot => {
  if (text.trim() === '') return { state: 'absent' };
  return {
    state: 'read',
    blobId,
    byteSize: new TextEncoder().encode(text).length,
    isBinary: false,
    isTruncated: false,
    text,
  };
};

function partsOf(fullName: string): { readonly owner: string; readonly name: string } {
  const [owner = '', name = ''] = fullName.split('/');
  return { owner, name };
}

/** Returns what is wrong with the fields besides the files. */
export function problemsOfFields({ source, target, workflow, branch }: Example): FieldProblems {
  const problems: FieldProblems = {};
  for (const [field, value] of [
    ['source', source],
    ['target', target],
  ] as const) {
    const problem = value.includes('/')
      ? problemOfRepository(value)
      : { message: 'has no owner', fix: 'write owner/name' };
    if (problem !== null && problem !== undefined) problems[field] = `${capitalized(problem.fix)}.`;
  }
  const problem = problemOfWorkflow(workflow);
  if (problem !== null && problem !== undefined) problems.workflow = `${capitalized(problem.fix)}.`;
  if (branch.trim() === '') problems.branch = 'Write the name of a branch or tag.';
  return problems;
}

const capitalized = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

function runOf({ source, workflow, event, branch, conclusion }: Example): RunCompleted {
  return {
    type: 'run.completed',
    version: 1,
    deliveryId: 'try-it',
    receivedAt: time,
    installationId: 1,
    workflow,
    repository: { id: 1, ...partsOf(source), defaultBranch: 'main' },
    run: {
      id: 1,
      number: 1,
      attempt: 1,
      event,
      conclusion,
      headBranch: branch,
      headSha: sha,
      headRepositoryId: 1,
      htmlUrl: `https://github.com/${source}/actions/runs/1`,
      startedAt: time,
      updatedAt: time,
      actor: 'octocat',
    },
  };
}

function repositoryOf(fullName: string, id: number, file: FileSnapshot): RepositoryContents {
  return {
    state: 'read',
    id,
    ...partsOf(fullName),
    isArchived: false,
    isDisabled: false,
    isLocked: false,
    visibility: 'private',
    defaultBranch: { name: 'main', sha },
    files: { 'dispatching.yml': file, '.github/dispatching.yml': { state: 'absent' } },
    workflows: {},
    refs: {},
    installationId: 1,
  };
}

function headOf({ run }: RunCompleted): NonNullable<RepositoryContents['heads']>[number] {
  const absent = { state: 'absent' } as const;
  const isTag = run.event === 'release';
  return {
    name: run.headBranch ?? '',
    sha: run.headSha,
    branch: isTag ? absent : { state: 'read', sha, comparison: 'identical' },
    tag: isTag ? { state: 'read', sha } : absent,
  };
}

function compile(text: string, repository: string): FileResult {
  const compiled = compileFile(text, { path: 'dispatching.yml', repository });
  return compiled.ok ? { errors: [], warnings: compiled.warnings } : { errors: compiled.errors, warnings: [] };
}

/**
 * Decides an example. Its repositories are private, not archived and on `main`; the App has access to both; every branch
 * that a rule names exists; the workflow that a rule names is the one of the example.
 */
export function evaluate(example: Example): Evaluation {
  const { source, target, workflowFile } = example;
  const run = runOf(example);
  const isSame = foldName(source) === foldName(target);
  const sourceText = snapshotOf('source', example.sourceFile);
  const targetText = isSame ? sourceText : snapshotOf('target', example.targetFile);
  const sourceSnapshot = { ...repositoryOf(source, 1, sourceText), heads: [headOf(run)] };
  const requests = targetsToRead(run, sourceSnapshot, defaultGuardRails);
  const targets: Record<string, TargetSnapshots[string]> = {};
  const otherTargets: string[] = [];
  for (const { owner, name, workflows, refs } of requests) {
    const fullName = `${owner}/${name}`;
    const key = foldName(fullName);
    if (key === foldName(target)) {
      targets[key] = {
        ...repositoryOf(fullName, isSame ? 1 : 2, targetText),
        workflows: Object.fromEntries(workflows.map((each) => [each, snapshotOf('workflow', workflowFile)])),
        refs: Object.fromEntries(refs.map((each) => [each, 'branch' as const])),
      };
    } else {
      otherTargets.push(fullName);
      targets[key] = { state: 'absent' };
    }
  }
  const plan = decide({
    run,
    lineage: { state: 'root' },
    source: sourceSnapshot,
    targets,
    guardRails: defaultGuardRails,
  });
  return {
    plan,
    sourceFile: compile(example.sourceFile, source),
    targetFile: compile(example.targetFile, target),
    otherTargets,
  };
}
