import { type FileCheck, type FileProblem, fullName, type RepositoryContents } from '@dispatcher/contracts';
import { compileFile } from '../compile/compile-file.ts';
import { type CompileCache, compileSnapshot, configPaths } from '../compile/compile-snapshot.ts';
import { warningOfFileName } from '../compile/warnings.ts';
import type { FileError } from '../values/problem.ts';

/** What a commit says in its dispatching.yml, and what is wrong with it. */
export type CheckedFile = Pick<FileCheck, 'state' | 'path' | 'misnamed' | 'problems' | 'warnings'>;

/** More annotations than anyone reads. */
const maxWarnings = 100;
const maxTextLength = 1_000;

/**
 * Checks the dispatching.yml of a commit with the parser and compiler of enforcement. Returns null if a file could not be
 * read.
 * @param commit the repository with the files of the commit
 */
export function checkFile(commit: RepositoryContents, cache?: CompileCache): CheckedFile | null {
  const compiled = compileSnapshot(commit, cache);
  const [misnamed = null] = commit.misnamedFiles ?? [];
  const nothing = { path: null, misnamed, problems: [], warnings: [] };
  const { state } = compiled;
  if (state === 'unknown') return null;
  if (state === 'absent') return { ...nothing, state, warnings: ofFileName(misnamed) };
  if (state === 'ambiguous') return { ...nothing, state, problems: configPaths.map(ambiguousFile) };
  const path = pathOf(commit);
  if (state === 'invalid') return { ...nothing, state, path, problems: compiled.errors.map(toProblem) };
  const warnings = [...warningsOf(commit, path), ...ofFileName(misnamed)];
  return { ...nothing, state, path, warnings: warnings.slice(0, maxWarnings) };
}

/** Returns whether a dispatching.yml, also one with the wrong extension, differs between two commits of a repository. */
export function changesFile(before: RepositoryContents, after: RepositoryContents): boolean {
  return contentOf(before) !== contentOf(after);
}

function contentOf({ files, misnamedFiles = [] }: RepositoryContents): string {
  const contents = configPaths.map((path) => {
    const file = files[path];
    if (file.state === 'read') return file.blobId;
    return file.state === 'not-a-file' ? file.kind : file.state;
  });
  return JSON.stringify([...contents, [...misnamedFiles].sort()]);
}

function pathOf({ files }: RepositoryContents): string {
  return configPaths.find((path) => files[path].state !== 'absent') ?? configPaths[0];
}

/** The cache holds no warnings, because they depend on the repository. */
function warningsOf(commit: RepositoryContents, path: string): FileProblem[] {
  const file = commit.files[path as (typeof configPaths)[number]];
  const text = file.state === 'read' ? (file.text ?? '') : '';
  const compiled = compileFile(text, { path, repository: fullName(commit) });
  return compiled.ok ? compiled.warnings.map(toProblem) : [];
}

function ofFileName(misnamed: string | null): FileProblem[] {
  const warning = misnamed === null ? null : warningOfFileName(misnamed);
  return warning === null ? [] : [toProblem(warning)];
}

function ambiguousFile(file: string): FileProblem {
  const message = 'the repository has both `dispatching.yml` and `.github/dispatching.yml`, and neither is used';
  return { file, line: 1, column: 1, message, fix: 'delete one of the two' };
}

function toProblem({ file, line, column, message, fix }: FileError): FileProblem {
  return { file, line, column, message: message.slice(0, maxTextLength), fix: fix.slice(0, maxTextLength) };
}
