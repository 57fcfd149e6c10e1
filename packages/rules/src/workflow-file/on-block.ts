/** 32 KB: the maximum size of the `on` of a workflow file that is parsed. GitHub allows 25 inputs. */
export const maxOnBlockBytes = 32 * 1024;

/**
 * Returns the lines of a workflow file from the top-level `on:` to the next top-level line, because only they are needed
 * and the rest can be large. Returns the whole text if it has no such line or several of them, for example a file in
 * flow style, and if a line before it may leave something open of which `on:` is a part, for example a quoted text.
 */
export function onBlockOf(text: string): string {
  const starts = [...text.matchAll(/^(?:on|'on'|"on")[ \t]*:/gm)];
  const [only] = starts;
  if (only === undefined || starts.length > 1 || !isComplete(text.slice(0, only.index))) return text;
  const rest = text.slice(only.index + only[0].length);
  // A list may begin in the first column.
  const end = rest.search(/\n(?![\s#-])(?!$)/);
  return end < 0 ? text.slice(only.index) : text.slice(only.index, only.index + only[0].length + end + 1);
}

/**
 * Tells whether a text ends where a top-level key may begin: each of its lines is a comment, or has no quotes and no
 * brackets but balanced ones, or is one key with one quoted value. Other texts may do so too.
 */
function isComplete(text: string): boolean {
  const [, rest = ''] = /^(?:[ \t\r]*(?:#[^\n]*)?\n)*(?:---[ \t]*\r?\n)?([^]*)$/.exec(text) ?? [];
  return !/^(?:---|\.\.\.|%|\?)/m.test(rest) && rest.split('\n').every(isCompleteLine);
}

function isCompleteLine(line: string): boolean {
  const isComment = /^\s*#/.test(line);
  const isQuotedValue = /^ *(?:- +)?\w[\w.-]*:[ \t]+(?:"[^"\\]*"|'[^']*')[ \t\r]*$/.test(line);
  return isComment || isQuotedValue || (!/["']/.test(line) && hasClosedBrackets(line));
}

function hasClosedBrackets(line: string): boolean {
  const count = (bracket: string) => line.split(bracket).length - 1;
  const isBalanced = count('[') === count(']') && count('{') === count('}');
  return isBalanced && line.lastIndexOf('#') <= line.search(/[[{]|$/);
}
