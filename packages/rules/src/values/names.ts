import { foldName, sameName } from '@dispatcher/contracts';
import { matchesGlob, type Glob, parseGlob } from './pattern.ts';

export function sameWorkflow(
  a: { readonly repository: string; readonly workflow: string },
  b: { readonly repository: string; readonly workflow: string },
): boolean {
  return a.workflow === b.workflow && sameName(a.repository, b.repository);
}

/** A repository as it stands in a file; `owner` is null where only a bare name stands there. Both parts lower-case. */
export interface RepositoryPattern {
  readonly text: string;
  readonly owner: string | null;
  readonly name: Glob;
}

/** A bare name means the owner of the file it stands in. */
export function matchesRepository(pattern: RepositoryPattern, fileOwner: string, owner: string, name: string): boolean {
  return sameName(pattern.owner ?? fileOwner, owner) && matchesGlob(pattern.name, foldName(name));
}

/** `ci.yml` and `.github/workflows/ci.yml` are the same workflow. */
export function bareWorkflow(text: string): string {
  const folder = '.github/workflows/';
  return text.startsWith(folder) ? text.slice(folder.length) : text;
}

/**
 * Whether an operator's allowlist names the value; an empty list names everything. An entry that is no glob names
 * nothing: a slip in the list must not open it.
 */
export function allowlisted(list: readonly string[], value: string): boolean {
  return list.length === 0 || list.some((entry) => entryMatches(entry, value));
}

function entryMatches(entry: string, value: string): boolean {
  const glob = parseGlob(entry.trim());
  return 'value' in glob && matchesGlob(glob.value, value);
}
