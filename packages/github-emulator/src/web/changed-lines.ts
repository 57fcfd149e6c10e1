export interface Line {
  readonly sign: '+' | '-' | ' ';
  readonly text: string;
}

const CONTEXT_LINES = 3;

/** Returns the lines from the first to the last difference of two texts, with three lines around them. */
export function changedLines(before: string, after: string): Line[] {
  const removed = linesOf(before);
  const added = linesOf(after);
  let start = 0;
  while (start < Math.min(removed.length, added.length) && removed[start] === added[start]) start += 1;
  let end = 0;
  const shorter = Math.min(removed.length, added.length) - start;
  while (end < shorter && removed.at(-1 - end) === added.at(-1 - end)) end += 1;
  const signed = (sign: Line['sign'], lines: readonly string[]) => lines.map((text) => ({ sign, text }));
  return [
    ...signed(' ', added.slice(Math.max(0, start - CONTEXT_LINES), start)),
    ...signed('-', removed.slice(start, removed.length - end)),
    ...signed('+', added.slice(start, added.length - end)),
    ...signed(' ', added.slice(added.length - end, added.length - end + CONTEXT_LINES)),
  ];
}

function linesOf(text: string): string[] {
  return text === '' ? [] : text.replace(/\r?\n$/, '').split(/\r?\n/);
}
