import { type FileReference, type FileSnapshot, fullName, type RepositoryContents } from '@dispatcher/contracts';
import { compileFile, tooLarge } from './compile-file.ts';
import type { CompiledFile, DispatchingFile } from './compiled-file.ts';
import type { FileError, Problem } from '../values/problem.ts';
import { maxFileBytes } from '../yaml/yaml-document.ts';

export { maxFileBytes };
export const configPaths = ['dispatching.yml', '.github/dispatching.yml'] as const;
type ConfigPath = (typeof configPaths)[number];

/** Compiled files by Git blob id, which identifies the content. */
export interface CompileCache {
  get(blobId: string): CompiledFile | undefined;
  set(blobId: string, file: CompiledFile): void;
}

/** The state of a repository's dispatching.yml. `at` is absent if the default branch is unknown. */
export type DispatchingFileState =
  /** `misnamed`: the path of a file with the wrong extension, if there is one. */
  | { readonly state: 'absent'; readonly misnamed?: string | undefined }
  /** The file must be read again. Never treated as "no rules". */
  | { readonly state: 'unknown'; readonly reason: string }
  | { readonly state: 'ambiguous' }
  | { readonly state: 'invalid'; readonly errors: readonly FileError[]; readonly at?: FileReference }
  | { readonly state: 'valid'; readonly file: DispatchingFile; readonly at?: FileReference };

/** Compiles the dispatching.yml of a snapshot, from whichever of the two allowed paths exists. */
export function compileSnapshot(repository: RepositoryContents, cache?: CompileCache): DispatchingFileState {
  const files = configPaths.map((path) => ({ path, file: repository.files[path] }));
  // Even if the other file was read: both may exist, which is an error.
  for (const { path, file } of files) {
    if (file.state === 'unknown') return { state: 'unknown', reason: `${path}: ${file.reason}` };
  }
  const present = files.filter(({ file }) => file.state !== 'absent');
  if (present.length > 1) return { state: 'ambiguous' };
  const only = present[0];
  if (only === undefined) return { state: 'absent', misnamed: repository.misnamedFiles?.[0] };

  const compiled = compileOne(only.path, only.file, cache);
  const sha = repository.defaultBranch?.sha;
  const at = sha === undefined ? {} : { at: { repository: fullName(repository), sha, path: only.path } };
  return compiled.ok
    ? { state: 'valid', file: compiled.file, ...at }
    : { state: 'invalid', errors: compiled.errors, ...at };
}

function compileOne(path: ConfigPath, file: FileSnapshot, cache: CompileCache | undefined): CompiledFile {
  const problem = problemOfFile(file);
  if (problem) return { ok: false, errors: [{ file: path, line: 1, column: 1, text: '', ...problem }] };
  if (file.state !== 'read' || file.text === null) return compileFile('', { path });

  const cached = cache?.get(file.blobId);
  const compiled = cached ?? compileFile(file.text, { path });
  if (cached === undefined) cache?.set(file.blobId, compiled);
  // The cached errors may name the other path: the same content can exist at both, in different repositories.
  return compiled.ok ? compiled : { ok: false, errors: compiled.errors.map((error) => ({ ...error, file: path })) };
}

/** Returns why a file cannot be parsed at all, or null. */
function problemOfFile(file: FileSnapshot): Problem | null {
  if (file.state === 'not-a-file') {
    return { message: `the path is ${file.kind}, not a regular file`, fix: 'replace it with a regular file' };
  }
  if (file.state !== 'read') return null;
  if (file.isBinary || file.text === null) {
    return { message: 'the file is binary or not UTF-8 (UTF-16, for example)', fix: 'save it as UTF-8 text' };
  }
  return file.isTruncated || file.byteSize > maxFileBytes ? tooLarge : null;
}
