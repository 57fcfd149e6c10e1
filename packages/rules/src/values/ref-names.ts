import { type Glob, parsePattern, type Pattern, type Piece } from './pattern.ts';
import { type Problem, quote } from './problem.ts';

// Git's rules for the name of a branch or tag (git-check-ref-format), as an automaton over the characters of the name.
// Rules that only some clients enforce, such as a leading `-`, are left out: a name that breaks them can exist.
const states = ['start', 'slash', 'dot', '.l', '.lo', '.loc', '.lock', 'at', 'other'] as const;
type State = (typeof states)[number];

const forbidden = /^[\0-\x20\x7f~^:?*[\\]$/;

/** Characters that stand for all others that `*` and `**` accept. */
const samples = ['.', '@', '{', 'l', 'o', 'c', 'k', 'x'];

/** Returns the state after a character, or why no name can continue with it. */
function next(state: State, character: string): State | { readonly reason: string } {
  if (forbidden.test(character)) return { reason: `${shown(character)} cannot be in the name of a branch or tag` };
  const startsPart = state === 'start' || state === 'slash';
  if (character === '/') {
    if (state === 'start') return { reason: 'a branch or tag name cannot begin with `/`' };
    if (state === 'slash') return { reason: 'a branch or tag name cannot contain `//`' };
    if (state === '.lock') return { reason: 'no part of a branch or tag name can end with `.lock`' };
    return 'slash';
  }
  if (character === '.') {
    if (startsPart) return { reason: 'no part of a branch or tag name can begin with `.`' };
    return state === 'dot' ? { reason: 'a branch or tag name cannot contain `..`' } : 'dot';
  }
  if (character === '@') return 'at';
  if (character === '{' && state === 'at') return { reason: 'a branch or tag name cannot contain `@{`' };
  const continued = states.find(
    (name) => name.startsWith('.') && name === `${state === 'dot' ? '.' : state}${character}`,
  );
  return continued ?? 'other';
}

function reasonAtEnd(state: State): string | null {
  if (state === 'slash') return 'a branch or tag name cannot end with `/`';
  if (state === 'dot') return 'a branch or tag name cannot end with `.`';
  return state === '.lock' ? 'no part of a branch or tag name can end with `.lock`' : null;
}

function shown(character: string): string {
  return character === ' ' ? 'a space' : `\`${quote(character)}\``;
}

/** By state, the states after any number of characters, with and without `/`. Computed once. */
const closures = { segment: closureOf(samples), any: closureOf([...samples, '/']) };

function closureOf(characters: readonly string[]): ReadonlyMap<State, ReadonlySet<State>> {
  return new Map(states.map((state) => [state, reachable(new Set([state]), characters)]));
}

function reachable(from: ReadonlySet<State>, characters: Iterable<string>): ReadonlySet<State> {
  const reached = new Set(from);
  // A set that grows while it is iterated also yields the new members.
  for (const state of reached) {
    for (const character of characters) {
      const after = next(state, character);
      if (typeof after === 'string') reached.add(after);
    }
  }
  return reached;
}

/**
 * Returns why no branch or tag can match a pattern, or null. Decides exactly: it walks the pattern and Git's rules for
 * names together, in time proportional to the pattern.
 */
export function reasonWhyNothingMatches(glob: Glob): string | null {
  let reached: ReadonlySet<State> = new Set<State>(['start']);
  for (const piece of glob) {
    const step = advance(reached, piece);
    if (typeof step === 'string') return step;
    reached = step;
  }
  const [first, ...rest] = [...reached].map(reasonAtEnd);
  return first === undefined || first === null || rest.includes(null) ? null : first;
}

function advance(reached: ReadonlySet<State>, piece: Piece): ReadonlySet<State> | string {
  if (piece.kind !== 'chars') {
    return new Set([...reached].flatMap((state) => [...(closures[piece.kind].get(state) ?? [])]));
  }
  const characters = representatives(piece.chars);
  const after = new Set<State>(piece.repeat === 'optional' ? reached : []);
  let reason = '';
  for (const state of reached) {
    for (const character of characters) {
      const step = next(state, character);
      if (typeof step === 'string') after.add(step);
      else reason ||= step.reason;
    }
  }
  if (after.size === 0) return reason;
  return piece.repeat === 'many' ? reachable(after, characters) : after;
}

/** Returns the characters of a set without those that the automaton does not tell apart. */
function representatives(chars: string): readonly string[] {
  const characters = Array.from(chars);
  return characters.length === 1
    ? characters
    : [...new Set(characters.map((one) => (/[a-zA-Z0-9]/.test(one) && !samples.includes(one) ? 'x' : one)))];
}

/**
 * Returns the problem of a branch or tag pattern that no name can match, or null. The usual cause is a regular
 * expression, such as `^release/.*$`, so the fix shows the filter pattern that was probably meant.
 */
export function problemOfImpossiblePattern({ text, glob }: Pattern): Problem | null {
  const reason = reasonWhyNothingMatches(glob);
  if (reason === null) return null;
  const meant = text
    .replace(/^(!?)\^/, '$1')
    .replace(/\$$/, '')
    .replaceAll(/\.[*+]/g, '**');
  const parsed = parsePattern(meant);
  const isPossible = meant !== text && 'value' in parsed && reasonWhyNothingMatches(parsed.value.glob) === null;
  return {
    message: reason,
    fix: isPossible
      ? `these are filter patterns, not regular expressions: write \`${quote(meant)}\``
      : 'write a name that can exist, or a filter pattern such as `release/**`',
  };
}
