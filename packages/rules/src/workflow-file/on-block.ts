/** 32 KB: the maximum size of the `on` of a workflow file that is parsed. GitHub allows 25 inputs. */
export const maxOnBlockBytes = 32 * 1024;

/**
 * Returns the lines of a workflow file from the top-level `on:` to the next top-level line, because only they are needed
 * and the rest can be large. Returns the whole text if it has no such line or several of them, for example a file in
 * flow style.
 */
export function onBlockOf(text: string): string {
  const starts = [...text.matchAll(/^(?:on|'on'|"on")[ \t]*:/gm)];
  const [only] = starts;
  if (only === undefined || starts.length > 1) return text;
  const rest = text.slice(only.index + only[0].length);
  // A list may begin in the first column.
  const end = rest.search(/\n(?![\s#-])(?!$)/);
  return end < 0 ? text.slice(only.index) : text.slice(only.index, only.index + only[0].length + end + 1);
}
