import { type Problem, quote } from './problem.ts';

/**
 * One piece of a pattern. `chars` lists the accepted characters; `repeat` says whether `?` or `+` follows.
 * `segment` is `*` (any characters except `/`), `any` is `**` (any characters).
 * Plain data, so that a compiled file can be stored as JSON.
 */
export type Piece =
  | { readonly kind: 'chars'; readonly chars: string; readonly repeat: 'once' | 'optional' | 'many' }
  | { readonly kind: 'segment' }
  | { readonly kind: 'any' };

export type Glob = readonly Piece[];

/** One entry of a branch or ref list. */
export interface Pattern {
  readonly text: string;
  readonly negated: boolean;
  /** What every matching name starts with. Compared first, because most names differ from most patterns there. */
  readonly start: string;
  readonly glob: Glob;
}

export type Parsed<Value> = { readonly value: Value } | { readonly problem: Problem };

const maxLength = 255;

/** Parses a glob that knows `*` and `**` only, as in repository names and allowlists. */
export function parseGlob(text: string): Parsed<Glob> {
  const special = /[?+[\]!\\{}]/.exec(text);
  if (special) {
    return problem(
      `pattern \`${quote(text)}\` contains \`${special[0]}\`, which is not supported here`,
      'use `*` (within a name) or `**` (across `/`)',
    );
  }
  return parsePieces(text);
}

/**
 * Parses a branch or ref pattern in GitHub's filter syntax: `*`, `**`, `?` and `+` (after a character), `[a-z0-9]`, `\`
 * before a special character, and a leading `!` to exclude what an earlier pattern included.
 * Source: GitHub's "Filter pattern cheat sheet".
 */
export function parsePattern(text: string): Parsed<Pattern> {
  const negated = text.startsWith('!');
  const parsed = parsePieces(negated ? text.slice(1) : text);
  return 'problem' in parsed ? parsed : { value: { text, negated, start: startOf(parsed.value), glob: parsed.value } };
}

function startOf(glob: Glob): string {
  let start = '';
  for (const piece of glob) {
    if (piece.kind !== 'chars' || piece.repeat !== 'once' || Array.from(piece.chars).length > 1) break;
    start += piece.chars;
  }
  return start;
}

function problem(message: string, fix: string): { readonly problem: Problem } {
  return { problem: { message, fix } };
}

function parsePieces(text: string): Parsed<Glob> {
  if (text === '') return problem('the pattern is empty', 'write a name, `*` or `**`');
  if (text.length > maxLength) return problem(`the pattern is longer than ${maxLength} characters`, 'shorten it');
  if (/\p{Cc}/u.test(text)) return problem('the pattern contains control characters', 'remove them');
  const characters = Array.from(text);
  const pieces: Piece[] = [];
  let at = 0;
  while (at < characters.length) {
    const step = parsePiece(characters, at, pieces);
    if ('problem' in step) return step;
    at = step.value;
  }
  return { value: pieces };
}

/** Parses one piece and returns the index of the next one. */
function parsePiece(characters: readonly string[], at: number, pieces: Piece[]): Parsed<number> {
  const character = characters[at] ?? '';
  if (character === '*') {
    const double = characters[at + 1] === '*';
    if (characters[at + (double ? 2 : 1)] === '*' && double) {
      return problem('`***` is not supported', 'use `*` (within a name) or `**` (across `/`)');
    }
    pieces.push({ kind: double ? 'any' : 'segment' });
    return { value: at + (double ? 2 : 1) };
  }
  if (character === '?' || character === '+') return parseRepeat(character, at, pieces);
  if (character === '[') return parseClass(characters, at, pieces);
  if (character === '\\') {
    const escaped = characters[at + 1];
    if (escaped === undefined) return problem('the pattern ends with `\\`', 'write the escaped character after it');
    pieces.push({ kind: 'chars', chars: escaped, repeat: 'once' });
    return { value: at + 2 };
  }
  if (character === '!')
    return problem('`!` is allowed only at the start of a pattern', 'move it there, or escape it: `\\!`');
  if (character === ']') return problem('`]` has no matching `[`', 'write `[…]`, or escape it: `\\]`');
  pieces.push({ kind: 'chars', chars: character, repeat: 'once' });
  return { value: at + 1 };
}

function parseRepeat(character: '?' | '+', at: number, pieces: Piece[]): Parsed<number> {
  const last = pieces.pop();
  if (last?.kind !== 'chars' || last.repeat !== 'once') {
    return problem(
      `\`${character}\` does not follow a character`,
      `it repeats the preceding character; to match the character itself, write \`\\${character}\``,
    );
  }
  pieces.push({ ...last, repeat: character === '?' ? 'optional' : 'many' });
  return { value: at + 1 };
}

function parseClass(characters: readonly string[], at: number, pieces: Piece[]): Parsed<number> {
  const end = characters.indexOf(']', at);
  const body = end < 0 ? '' : characters.slice(at + 1, end).join('');
  const chars = /^(?:[a-z]-[a-z]|[A-Z]-[A-Z]|[0-9]-[0-9]|[a-zA-Z0-9])+$/.test(body) ? expandRanges(body) : '';
  if (chars === '') {
    return problem(`\`[${body}\` is not a valid character set`, 'use letters, digits or ranges, such as `[a-z0-9]`');
  }
  pieces.push({ kind: 'chars', chars, repeat: 'once' });
  return { value: end + 1 };
}

function expandRanges(body: string): string {
  let chars = '';
  for (let at = 0; at < body.length; at += 1) {
    const isRange = body[at + 1] === '-';
    const last = body.charCodeAt(isRange ? at + 2 : at);
    for (let code = body.charCodeAt(at); code <= last; code += 1) chars += String.fromCharCode(code);
    if (isRange) at += 2;
  }
  return chars;
}

/**
 * Returns whether the whole text matches, in time proportional to pattern × text: all positions of the pattern are
 * tracked at once, so no pattern causes backtracking. No regular expression is built from a pattern.
 */
export function matchesGlob(glob: Glob, text: string): boolean {
  let reached = skipOptional(glob, new Uint8Array(glob.length + 1).fill(1, 0, 1));
  for (const character of text) {
    const next = new Uint8Array(glob.length + 1);
    let isAlive = false;
    for (const [index, piece] of glob.entries()) {
      if (reached[index] !== 1 || !accepts(piece, character)) continue;
      isAlive = true;
      if (piece.kind !== 'chars' || piece.repeat === 'many') next[index] = 1;
      if (piece.kind === 'chars') next[index + 1] = 1;
    }
    if (!isAlive) return false;
    reached = skipOptional(glob, next);
  }
  return reached[glob.length] === 1;
}

function accepts(piece: Piece, character: string): boolean {
  if (piece.kind === 'any') return true;
  if (piece.kind === 'segment') return character !== '/';
  return piece.chars.includes(character);
}

function skipOptional(glob: Glob, reached: Uint8Array): Uint8Array {
  glob.forEach((piece, index) => {
    if (reached[index] === 1 && (piece.kind !== 'chars' || piece.repeat === 'optional')) reached[index + 1] = 1;
  });
  return reached;
}

/** Returns whether a list of patterns accepts a name. As at GitHub, the last pattern that matches decides. */
export function matchesPatterns(patterns: readonly Pattern[], name: string): boolean {
  let accepted = false;
  for (const pattern of patterns) {
    if (pattern.negated !== accepted || !name.startsWith(pattern.start)) continue;
    if (matchesGlob(pattern.glob, name)) accepted = !pattern.negated;
  }
  return accepted;
}
