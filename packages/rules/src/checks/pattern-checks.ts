import type { Check, RepositorySnapshot } from '@dispatcher/contracts';
import { check } from './checks.ts';
import type { MatchedRoute } from './matched-route.ts';

/**
 * Returns the check of a target that a pattern means: what a source hands to a public repository is public, so a source that
 * is not decides that for itself. Returns none for a target that the file names.
 */
export function patternChecks(
  { pattern }: MatchedRoute,
  source: RepositorySnapshot,
  target: RepositorySnapshot,
): Check[] {
  if (pattern == null || source.state !== 'read' || target.state !== 'read') return [];
  const isMeant = pattern.isPublic || source.visibility === 'public' || target.visibility !== 'public';
  return [check('pattern-visibility', isMeant, pattern.text, target.visibility)];
}
