import { matchesRepository, type RepositoryPattern } from '../values/names.ts';
import { defaultConclusions, defaultEvents, isQueuePattern } from '../values/events.ts';
import { matchesGlob, matchesPatterns, type Pattern } from '../values/pattern.ts';
import type { AcceptedInput, Conditions } from './compiled-file.ts';

/**
 * Compares what rules accept. Each function returns true only if the first value certainly accepts all that the second
 * one accepts; false can also mean that this was not found out.
 */
export interface Coverage {
  patterns(wide: readonly Pattern[], narrow: readonly Pattern[]): boolean;
  /** Returns whether every name that the pattern accepts also matches the other pattern. */
  pattern(wide: Pattern, narrow: Pattern): boolean;
  conditions(wide: Conditions, narrow: Conditions): boolean;
  inputs(wide: readonly AcceptedInput[], narrow: readonly AcceptedInput[]): boolean;
  repository(wide: RepositoryPattern, narrow: RepositoryPattern, fileOwner: string | null): boolean;
}

/** Characters of patterns times characters of names that are compared for one file. Bounds the time of a malicious one. */
const maxComparisons = 200_000;

/** Creates the comparison for one file. After {@link maxComparisons}, only equal patterns count as covered. */
export function createCoverage(): Coverage {
  let comparisons = 0;
  const isAffordable = (patterns: readonly Pattern[], name: string): boolean => {
    comparisons += name.length * patterns.reduce((sum, { glob }) => sum + glob.length, 0);
    return comparisons <= maxComparisons;
  };
  const pattern: Coverage['pattern'] = (wide, narrow) => {
    if (bodyOf(wide) === bodyOf(narrow)) return true;
    if (isQueuePattern(narrow.text) !== isQueuePattern(wide.text)) return false;
    if (wide.glob.length === 1 && wide.glob[0]?.kind === 'any') return true;
    const name = literalOf(narrow);
    return name !== null && isAffordable([wide], name) && matchesGlob(wide.glob, name);
  };
  const patterns: Coverage['patterns'] = (wide, narrow) => {
    if (sameTexts(wide, narrow)) return true;
    const included = narrow.filter(({ negated }) => !negated);
    if (wide.every(({ negated }) => !negated)) {
      const texts = new Set(wide.map(({ text }) => text));
      return included.every((one) => texts.has(one.text) || wide.some((other) => pattern(other, one)));
    }
    return included.every((one) => {
      const name = literalOf(one);
      const comparable = wide.filter(
        ({ text, negated }) => negated || isQueuePattern(text) === isQueuePattern(one.text),
      );
      return name !== null && isAffordable(comparable, name) && matchesPatterns(comparable, name);
    });
  };
  return {
    pattern,
    patterns,
    conditions: (wide, narrow) =>
      coversBranches(patterns, wide, narrow) &&
      (narrow.tags === null || (wide.tags !== null && patterns(wide.tags, narrow.tags))) &&
      includesAll(wide.events ?? defaultEvents, narrow.events ?? defaultEvents) &&
      includesAll(wide.conclusions ?? defaultConclusions, narrow.conclusions ?? defaultConclusions) &&
      (wide.attempts === null || (narrow.attempts !== null && includesAll(wide.attempts, narrow.attempts))) &&
      (wide.environments === null ||
        (narrow.environments !== null && includesAll(wide.environments, narrow.environments))),
    inputs: (wide, narrow) =>
      narrow.every(({ name, values }) => {
        const same = wide.find((input) => input.name === name);
        if (same === undefined) return false;
        return same.values === null || (values !== null && patterns(same.values, values));
      }),
    repository: (wide, narrow, fileOwner) => {
      if (wide.text.toLowerCase() === narrow.text.toLowerCase()) return true;
      const [wideOwner, narrowOwner] = [wide.owner ?? fileOwner, narrow.owner ?? fileOwner];
      // Without the owner of the file, two bare names belong to the same, unknown owner.
      if (wideOwner !== narrowOwner) return false;
      const name = narrow.text.split('/').at(-1) ?? '';
      return !name.includes('*') && matchesRepository({ ...wide, owner: null }, 'owner', 'owner', name);
    },
  };
}

/** Returns whether the branches are covered. Without branches and tags, a rule accepts the default branch, whose name is unknown. */
function coversBranches(patterns: Coverage['patterns'], wide: Conditions, narrow: Conditions): boolean {
  if (narrow.branches !== null) return wide.branches !== null && patterns(wide.branches, narrow.branches);
  if (narrow.tags !== null) return true;
  if (wide.branches === null) return wide.tags === null;
  return wide.branches.some(({ text }) => text === '**') && wide.branches.every(({ negated }) => !negated);
}

/** Returns the one name that a pattern matches; null if it matches several. */
export function literalOf({ glob }: Pattern): string | null {
  const isLiteral = glob.every(
    (piece) => piece.kind === 'chars' && piece.repeat === 'once' && Array.from(piece.chars).length === 1,
  );
  return isLiteral ? glob.map((piece) => (piece.kind === 'chars' ? piece.chars : '')).join('') : null;
}

function bodyOf({ text, negated }: Pattern): string {
  return negated ? text.slice(1) : text;
}

function sameTexts(left: readonly Pattern[], right: readonly Pattern[]): boolean {
  return left.length === right.length && left.every(({ text }, index) => text === right[index]?.text);
}

function includesAll<Value>(wide: readonly Value[], narrow: readonly Value[]): boolean {
  return narrow.every((value) => wide.includes(value));
}
