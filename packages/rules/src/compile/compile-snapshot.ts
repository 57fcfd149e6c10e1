import { type FileReference, type FileSnapshot, fullName, type RepositoryContents } from '@dispatcher/contracts';
import { compileFile } from './compile-file.ts';
import type { CompiledFile, DispatchingFile } from './compiled-file.ts';
import type { FileError } from '../values/problem.ts';
import { maxFileBytes } from '../yaml/yaml-document.ts';

export const configPaths = ['dispatching.yml', '.github/dispatching.yml'] as const;
type ConfigPath = (typeof configPaths)[number];

/** Compiled files by Git blob id: the same id is the same content. */
export interface CompileCache {
  get(blobId: string): CompiledFile | undefined;
  set(blobId: string, file: CompiledFile): void;
}

/** What a repository's dispatching.yml came to. `at` is absent where the default branch is not known. */
export type SourceFileState =
  | { readonly state: 'absent' }
  /** To be read again: never "no rules". */
  | { readonly state: 'unknown'; readonly reason: string }
  | { readonly state: 'ambiguous' }
  | { readonly state: 'invalid'; readonly errors: readonly FileError[]; readonly at?: FileReference }
  | { readonly state: 'valid'; readonly file: DispatchingFile; readonly at?: FileReference };

/** Chooses between the two places a dispatching.yml may stand in, and compiles the one that is there. */
export function compileReading(repository: RepositoryContents, cache?: CompileCache): SourceFileState {
  const readings = configPaths.map((path) => ({ path, reading: repository.files[path] }));
  // Also where the other one was read: which of them counts is not known.
  for (const { path, reading } of readings) {
    if (reading.state === 'unknown') return { state: 'unknown', reason: `${path}: ${reading.reason}` };
  }
  const present = readings.filter(({ reading }) => reading.state !== 'absent');
  if (present.length > 1) return { state: 'ambiguous' };
  const only = present[0];
  if (only === undefined) return { state: 'absent' };

  const compiled = compileOne(only.path, only.reading, cache);
  const sha = repository.defaultBranch?.sha;
  const at = sha === undefined ? {} : { at: { repository: fullName(repository), sha, path: only.path } };
  return compiled.ok
    ? { state: 'valid', file: compiled.file, ...at }
    : { state: 'invalid', errors: compiled.errors, ...at };
}

function compileOne(path: ConfigPath, reading: FileSnapshot, cache: CompileCache | undefined): CompiledFile {
  const refusal = refusalOf(reading);
  if (refusal) return { ok: false, errors: [{ file: path, line: 1, column: 1, text: '', ...refusal }] };
  if (reading.state !== 'read' || reading.text === null) return compileFile('', { path });

  const cached = cache?.get(reading.blobId);
  const compiled = cached ?? compileFile(reading.text, { path });
  if (cached === undefined) cache?.set(reading.blobId, compiled);
  // The same content may stand in the other place, or have been compiled there.
  return compiled.ok ? compiled : { ok: false, errors: compiled.errors.map((error) => ({ ...error, file: path })) };
}

/** Why the blob is not even parsed. */
function refusalOf(reading: FileSnapshot): { message: string; fix: string } | undefined {
  if (reading.state === 'not-a-file') {
    return { message: `this is no file (${reading.kind})`, fix: 'put a plain file in its place' };
  }
  if (reading.state !== 'read') return undefined;
  if (reading.isBinary || reading.text === null) {
    return { message: 'the file is binary', fix: 'write it as UTF-8 text' };
  }
  if (reading.isTruncated || reading.byteSize > maxFileBytes) {
    return { message: `the file is larger than ${maxFileBytes / 1024} KB`, fix: 'split the repository’s rules' };
  }
  return undefined;
}
