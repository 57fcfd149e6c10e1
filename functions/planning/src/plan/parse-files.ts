import type { RepositorySnapshot, TargetSnapshots } from '@dispatcher/contracts';
import {
  type CompileCache,
  compileSnapshot,
  parsedBytesOf,
  readWorkflowFile,
  targetsOverBudget,
} from '@dispatcher/rules';
import type { CallOptions } from '@dispatcher/lambda';

/** Waits until other messages were worked on. Called before files of that size are parsed. */
export type WaitToParse = (bytes: number, options: CallOptions) => Promise<void>;

/**
 * Parses the dispatching.yml of a repository and the workflow files that were read, so that `decide` finds them parsed.
 * Parsing blocks the process, so other messages are worked on before each repository, and an attempt whose deadline
 * has passed ends.
 */
export async function parseRepository(
  { waitToParse, cache }: { readonly waitToParse: WaitToParse; readonly cache: CompileCache },
  repository: RepositorySnapshot,
  options: CallOptions,
): Promise<void> {
  if (repository.state !== 'read' || isParsed(repository, cache)) return;
  await waitToParse(parsedBytesOf(repository), options);
  options.signal?.throwIfAborted();
  compileSnapshot(repository, cache);
  for (const file of Object.values(repository.workflows)) {
    await waitToParse(0, options);
    options.signal?.throwIfAborted();
    readWorkflowFile(file);
  }
}

function isParsed({ files, workflows }: Extract<RepositorySnapshot, { state: 'read' }>, cache: CompileCache): boolean {
  const isCached = Object.values(files).every((file) => file.state !== 'read' || cache.get(file.blobId) !== undefined);
  return isCached && Object.keys(workflows).length === 0;
}

/** Parses the files of the targets that do not exceed the budget of the run. */
export async function parseTargets(
  deps: { readonly waitToParse: WaitToParse; readonly cache: CompileCache },
  source: RepositorySnapshot,
  targets: TargetSnapshots,
  options: CallOptions,
): Promise<void> {
  const overBudget = targetsOverBudget(source, targets);
  for (const [key, target] of Object.entries(targets)) {
    if (!overBudget.has(key)) await parseRepository(deps, target, options);
  }
}

/** Returns a cache that keeps what one run has parsed, even if the shared cache evicts it. */
export function keepParsed(shared: CompileCache): CompileCache {
  const kept = new Map<string, NonNullable<ReturnType<CompileCache['get']>>>();
  return {
    get: (blobId) => {
      const file = kept.get(blobId) ?? shared.get(blobId);
      if (file !== undefined) kept.set(blobId, file);
      return file;
    },
    set: (blobId, file) => {
      kept.set(blobId, file);
      shared.set(blobId, file);
    },
  };
}
