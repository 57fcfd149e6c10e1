import { sameName } from '@dispatcher/contracts';
import { literalOf } from '../compile/coverage.ts';
import type { Conditions } from '../compile/compiled-file.ts';
import { defaultConclusions, defaultEvents } from '../values/events.ts';
import { matchesPatterns, type Pattern } from '../values/pattern.ts';

// Whether two rules can accept the same run. Without a run nothing is decided: each function returns false only if no run
// can be accepted by both sides.

/** Names that a list accepts, or the one default branch; null if that is not known. */
type Accepted = readonly Pattern[] | { readonly name: string } | null;

/** Returns whether both rules accept some branch or tag. @param defaultBranch the source's; null if it is not known */
export function overlapInRefs(left: Conditions, right: Conditions, defaultBranch: string | null): boolean {
  const [leftBranches, rightBranches] = [left, right].map((conditions) => branchesOf(conditions, defaultBranch));
  if (leftBranches === undefined || rightBranches === undefined) return true;
  return overlapInNames(leftBranches, rightBranches) || overlapInNames(left.tags ?? [], right.tags ?? []);
}

function branchesOf({ branches, tags }: Conditions, defaultBranch: string | null): Accepted {
  if (branches !== null) return branches;
  if (tags !== null) return [];
  return defaultBranch === null ? null : { name: defaultBranch };
}

function overlapInNames(left: Accepted, right: Accepted): boolean {
  if (left === null || right === null) return !isEmpty(left) && !isEmpty(right);
  const names = namesOf(left) ?? namesOf(right);
  // Two patterns with wildcards: some name may match both.
  return names === null ? true : names.some((name) => accepts(left, name) && accepts(right, name));
}

const isEmpty = (accepted: Accepted): boolean => Array.isArray(accepted) && accepted.length === 0;

/** Returns every name that is accepted; null if there can be more than are listed. */
function namesOf(accepted: Exclude<Accepted, null>): readonly string[] | null {
  if ('name' in accepted) return [accepted.name];
  const names = accepted.filter(({ negated }) => !negated).map(literalOf);
  return names.every((name) => name !== null) ? names : null;
}

function accepts(accepted: Exclude<Accepted, null>, name: string): boolean {
  return 'name' in accepted ? accepted.name === name : matchesPatterns(accepted, name);
}

/** Returns the events that both rules accept. */
export function sharedEvents(left: Conditions, right: Conditions): readonly string[] {
  return shared(left.events ?? defaultEvents, right.events ?? defaultEvents);
}

/** Returns the conclusions that both rules accept. */
export function sharedConclusions(left: Conditions, right: Conditions): readonly string[] {
  return shared(left.conclusions ?? defaultConclusions, right.conclusions ?? defaultConclusions);
}

/** Returns whether both rules accept the same attempt of some run. */
export function overlapInAttempts({ attempts: left }: Conditions, { attempts: right }: Conditions): boolean {
  return left === null || right === null || shared(left, right).length > 0;
}

/** Returns whether both rules accept the same environment of some job. */
export function overlapInEnvironments(
  { environments: left }: Conditions,
  { environments: right }: Conditions,
): boolean {
  return left === null || right === null || left.some((name) => right.some((other) => sameName(name, other)));
}

function shared<Value>(left: readonly Value[], right: readonly Value[]): readonly Value[] {
  return left.filter((value) => right.includes(value));
}
