import { locate, readYaml } from './read-yaml.ts';

/** Lines of a text; both start at 1 and are inclusive. */
export interface Lines {
  readonly first: number;
  readonly last: number;
}

/**
 * Returns the lines of a rule in a dispatching.yml, such as those of `outbound[0].targets[1]`. Returns null if the text has
 * nothing there: it is not the text that the rule was read from.
 */
export function placeOf(text: string, label: string): Lines | null {
  const path = [...label.matchAll(/([A-Za-z-]+)|\[(\d{1,6})\]/g)].map(([, key, index]) => key ?? Number(index));
  const { contents, lines } = readYaml(text);
  const { offset, end, found } = locate(contents, path, 'value');
  if (!found || path.length === 0) return null;
  const first = lines.linePos(offset).line;
  // A value ends where the next one begins: blank lines and the indentation after it do not belong to it.
  const value = text.slice(offset, end).trimEnd();
  return { first, last: lines.linePos(offset + Math.max(0, value.length - 1)).line };
}
