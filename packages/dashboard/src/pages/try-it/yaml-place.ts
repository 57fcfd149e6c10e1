// Where in a dispatching.yml the cursor is, found by indentation: the file is mostly not valid while somebody types.

export interface Place {
  /** The keys above the cursor; `-` is an item of a list. */
  readonly path: readonly string[];
  /** Whether a key or a value is expected. */
  readonly kind: 'key' | 'value';
  /** What is written of it so far. */
  readonly word: string;
}

interface Level {
  readonly indent: number;
  readonly key: string;
}

const keyPattern = /^([\w.-]+):(?:\s+|$)/;

interface ReadLine {
  readonly levels: readonly Level[];
  /** What follows the dashes and, if the line has one, the key. */
  readonly rest: string;
  readonly hasKey: boolean;
}

/** Adds what one line says to the levels above it. */
function readLine(levels: readonly Level[], line: string): ReadLine {
  let indent = line.length - line.trimStart().length;
  let rest = line.slice(indent);
  let open = [...levels];
  const isItem = /^-(\s|$)/.test(rest);
  open = open.filter((level) => level.indent < indent || (level.indent === indent && isItem && level.key !== '-'));
  while (/^-(\s|$)/.test(rest)) {
    open.push({ indent, key: '-' });
    const after = rest.slice(1);
    const spaces = after.length - after.trimStart().length;
    indent += 1 + spaces;
    rest = after.trimStart();
  }
  const match = keyPattern.exec(rest);
  if (match === null) return { levels: open, rest, hasKey: false };
  return { levels: [...open, { indent, key: match[1]! }], rest: rest.slice(match[0].length), hasKey: true };
}

/** Follows `{ a: [b, c` as far as it is written. */
function readFlow(path: readonly string[], text: string): Place {
  const stack: { readonly kind: '[' | '{'; key: string | null }[] = [];
  let word = '';
  for (const character of text) {
    const top = stack.at(-1);
    if (character === '{' || character === '[') {
      stack.push({ kind: character, key: null });
      word = '';
    } else if (character === '}' || character === ']') {
      stack.pop();
      word = '';
    } else if (character === ',' && top !== undefined) {
      top.key = null;
      word = '';
    } else if (character === ':' && top?.kind === '{' && top.key === null) {
      top.key = word.trim();
      word = '';
    } else word += character;
  }
  const inner = stack.flatMap(({ kind, key }) => (kind === '[' ? ['-'] : key === null ? [] : [key]));
  const top = stack.at(-1);
  const kind = top?.kind === '{' && top.key === null ? 'key' : 'value';
  return { path: [...path, ...inner], kind, word: word.trimStart() };
}

/** Returns where a position of the text is. */
export function placeAt(text: string, offset: number): Place {
  const lines = text.slice(0, offset).split('\n');
  const current = lines.pop() ?? '';
  let levels: readonly Level[] = [];
  for (const line of lines) {
    const content = line.replace(/(^|\s)#.*$/, '');
    if (content.trim() !== '') ({ levels } = readLine(levels, content));
  }
  const read = readLine(levels, current);
  const path = read.levels.map(({ key }) => key);
  if (read.hasKey || /^[[{]/.test(read.rest)) return readFlow(path, read.rest);
  // A word alone may become a key, or be an item of a list of values.
  return { path, kind: 'key', word: read.rest };
}

/** Returns the key at a position, with the keys above it; null where no key is. */
export function keyAt(
  text: string,
  offset: number,
): { readonly path: readonly string[]; readonly from: number; readonly to: number } | null {
  const isWord = (index: number) => /[\w.-]/.test(text.charAt(index));
  let from = offset;
  while (from > 0 && isWord(from - 1)) from -= 1;
  let to = offset;
  while (to < text.length && isWord(to)) to += 1;
  if (from === to || text.charAt(to) !== ':') return null;
  const { path, kind } = placeAt(text, from);
  return kind === 'key' ? { path: [...path, text.slice(from, to)], from, to } : null;
}
