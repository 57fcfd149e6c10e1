// Finds the dispatcher commands in the pages, and compares them with the tables of the command line.
import type { Program } from '../packages/cli/src/command-line/define-command.ts';

type Table = ReturnType<Program>;

export interface DocumentedCommand {
  readonly page: string;
  readonly args: readonly string[];
}

/** Returns the commands of the code blocks and of the inline code in the pages. */
export function documentedCommands(
  pages: readonly { readonly page: string; readonly text: string }[],
): readonly DocumentedCommand[] {
  return pages.flatMap(({ page, text }) =>
    codeOf(text).flatMap((code) => commandsIn(code).map((args) => ({ page, args }))),
  );
}

function codeOf(text: string): readonly string[] {
  const blocks = [...text.matchAll(/^ *```\w*\n([\s\S]*?)^ *```/gm)].map(([, block = '']) => block);
  const inline = [...text.replaceAll(/^ *```[\s\S]*?^ *```/gm, '').matchAll(/`([^`\n]+)`/g)].map(
    ([, code = '']) => code,
  );
  return [...blocks.map((block) => block.replaceAll(/\\\n\s*/g, ' ')), ...inline].flatMap((code) => code.split('\n'));
}

/** Returns the arguments of each dispatcher command in a line; only `dispatcher` at the start of a command counts. */
function commandsIn(line: string): readonly (readonly string[])[] {
  const starts = /(?:^|\$\(|\||&&|;|<\()\s*(?:npx --no-install )?dispatcher ((?:"[^"]*"|'[^']*'|[^|;&)#])*)/g;
  return [...line.matchAll(starts)].map(([, text = '']) => wordsOf(text));
}

function wordsOf(text: string): readonly string[] {
  const words = text.matchAll(/(?:[^\s"']|"[^"]*"|'[^']*')+/g);
  return [...words].map(([word]) => word.replaceAll(/"([^"]*)"|'([^']*)'/g, '$1$2'));
}

/** Returns why arguments do not fit the table; null if they fit. Placeholders such as `…` and `[options]` are allowed. */
export function problemOf(program: Table, args: readonly string[]): string | null {
  const [first, ...rest] = args;
  const command = program.commands.find((each) => each.name() === first);
  if (command !== undefined) return problemOf(command, rest);
  if (program.commands.length > 0 && first !== undefined && !/^(--help|--version|<.*>|\[.*\]|help|…)$/.test(first)) {
    return `unknown command ${first}`;
  }
  const known = new Set(['--help', '-h', ...program.options.map(({ long }) => long ?? '')]);
  const unknown = args
    .map((word) => word.split('=')[0] ?? '')
    .find((word) => /^--[a-z]/.test(word) && !known.has(word));
  return unknown === undefined ? null : `unknown option ${unknown}`;
}
