import { foldName, sameName } from '@dispatcher/contracts';
import { matchesGlob, type Glob, parseGlob } from './pattern.ts';

/** Returns whether two references name the same workflow of the same repository. */
export function sameWorkflow(
  a: { readonly repository: string; readonly workflow: string },
  b: { readonly repository: string; readonly workflow: string },
): boolean {
  return a.workflow === b.workflow && sameName(a.repository, b.repository);
}

/** A repository pattern of a file, in lower case. `owner` is null for a bare name. */
export interface RepositoryPattern {
  readonly text: string;
  readonly owner: string | null;
  readonly name: Glob;
}

/** Returns whether the repository of an outbound target is a pattern. */
export function isTargetPattern(text: string): boolean {
  return text.includes('*');
}

/** Returns whether a repository matches. A bare name in the pattern means the owner of the file that contains it. */
export function matchesRepository(pattern: RepositoryPattern, fileOwner: string, owner: string, name: string): boolean {
  return sameName(pattern.owner ?? fileOwner, owner) && matchesGlob(pattern.name, foldName(name));
}

/** Returns the file name of a workflow: `ci.yml` for `.github/workflows/ci.yml`. */
export function workflowFileName(text: string): string {
  const folder = '.github/workflows/';
  return text.startsWith(folder) ? text.slice(folder.length) : text;
}

/**
 * Returns whether an operator's allowlist contains the value. An empty list allows everything. An entry that is not a
 * valid glob matches nothing, so that a typing error cannot widen the list.
 */
export function isAllowlisted(list: readonly string[], value: string): boolean {
  return list.length === 0 || list.some((entry) => entryMatches(entry, value));
}

function entryMatches(entry: string, value: string): boolean {
  const glob = parseGlob(entry.trim());
  return 'value' in glob && matchesGlob(glob.value, value);
}
