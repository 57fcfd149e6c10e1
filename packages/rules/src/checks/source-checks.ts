import type { Check, FileReference, RepositorySnapshot, RunTrigger } from '@dispatcher/contracts';
import { type CompileCache, compileSnapshot } from '../compile/compile-snapshot.ts';
import type { DispatchingFile } from '../compile/compiled-file.ts';
import { check } from './checks.ts';
import { fileChecks } from './file-checks.ts';
import { blobIdOf } from './repository-ids.ts';
import { type HeadState, headStateOf } from './run-head.ts';

/** The source's compiled file and the checks that led to it. `file` is absent if one of them failed. */
export type CheckedSource =
  | { readonly checks: readonly Check[]; readonly at?: FileReference | undefined; readonly file?: undefined }
  | {
      readonly checks: readonly Check[];
      readonly at: FileReference;
      readonly file: DispatchingFile;
      /** The Git blob of the file. */
      readonly blobId: string;
      readonly defaultBranch: string;
      readonly head: HeadState;
    };

/** Checks the source repository and compiles its dispatching.yml. */
export function checkSource(
  run: RunTrigger,
  source: RepositorySnapshot,
  cache: CompileCache | undefined,
): CheckedSource {
  const isReadable = source.state !== 'unknown';
  const readable = check(
    'source-readable',
    isReadable,
    'a response from GitHub',
    isReadable ? 'a response' : source.reason,
  );
  if (!isReadable) return { checks: [readable] };
  const isVisible = source.state === 'read';
  const visible = check('source-visible', isVisible, 'visible to the App', isVisible ? 'visible' : 'not visible');
  if (!isVisible) return { checks: [readable, visible] };

  const { id, defaultBranch } = source;
  const isSame = id === run.repository.id;
  const checks = [
    readable,
    visible,
    check('source-identity', isSame, `repository ${run.repository.id}`, `repository ${id}`),
    check('source-default-branch', defaultBranch !== null, 'a default branch', defaultBranch?.name ?? 'none'),
  ];
  if (!isSame || defaultBranch === null) return { checks };
  const file = compileSnapshot(source, cache);
  checks.push(...fileChecks('source', file));
  if (file.state === 'invalid') return { checks, at: file.at };
  if (file.state !== 'valid' || file.at === undefined) return { checks };
  const head = headStateOf(run, source);
  return { checks, at: file.at, file: file.file, blobId: blobIdOf(source), defaultBranch: defaultBranch.name, head };
}
