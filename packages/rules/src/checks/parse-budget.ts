import type { FileSnapshot, RepositorySnapshot, TargetSnapshots } from '@dispatcher/contracts';
import { configPaths, maxFileBytes } from '../compile/compile-snapshot.ts';
import { maxOnBlockBytes, onBlockOf } from '../workflow-file/on-block.ts';

/** 512 KB: the maximum size of all that is parsed for one run: source, targets, and the `on` of their workflow files. */
export const maxParsedBytes = 512 * 1024;

/**
 * Returns the targets, by lower-case `owner/name`, whose files exceed what may be parsed for one run. The result depends
 * on the sizes alone, not on caches, so every caller decides the same.
 */
export function targetsOverBudget(source: RepositorySnapshot, targets: TargetSnapshots): ReadonlySet<string> {
  let bytes = parsedBytesOf(source);
  const over = new Set<string>();
  for (const [key, target] of Object.entries(targets)) {
    const more = parsedBytesOf(target);
    if (bytes + more > maxParsedBytes) over.add(key);
    else bytes += more;
  }
  return over;
}

/** Returns how many bytes of a repository's files are parsed. */
export function parsedBytesOf(repository: RepositorySnapshot): number {
  if (repository.state !== 'read') return 0;
  const configs = configPaths.map((path) => bytesOf(repository.files[path], maxFileBytes, (text) => text));
  const workflows = Object.values(repository.workflows).map((file) => bytesOf(file, maxOnBlockBytes, onBlockOf));
  return [...configs, ...workflows].reduce((sum, bytes) => sum + bytes, 0);
}

/** Counts UTF-16 units, which is what the parser reads. A larger file is refused without being parsed. */
function bytesOf(file: FileSnapshot, maxBytes: number, partOf: (text: string) => string): number {
  if (file.state !== 'read' || file.text === null) return 0;
  const { length } = partOf(file.text);
  return length > maxBytes ? 0 : length;
}
