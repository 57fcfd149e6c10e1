import type { CommandUnknownOpts } from '@commander-js/extra-typings';

/** What the help says after the options. */
export interface Notes {
  /** Paragraphs. */
  readonly more?: readonly string[];
  /** Complete commands, without `npx --no-install`. */
  readonly examples?: readonly string[];
  /** The meaning of each exit code, without the code. */
  readonly exitCodes?: Readonly<Record<number, string>>;
}

const notes = new WeakMap<object, Notes>();

/** Adds notes to a command's help and reference. */
export function addNotes<Table extends CommandUnknownOpts>(command: Table, added: Notes): Table {
  notes.set(command, added);
  return command;
}

/** Returns the notes of a command; an action has those of its command for what it does not say itself. */
export function notesOf(command: CommandUnknownOpts): Notes {
  const own = notes.get(command) ?? {};
  if (command.parent === null) return own;
  const { exitCodes } = notesOf(command.parent);
  return exitCodes === undefined ? own : { exitCodes, ...own };
}

/** Returns the text after the options in the help. */
export function notesText(command: CommandUnknownOpts, width: number): string {
  const { more = [], examples = [], exitCodes } = notesOf(command);
  const wrap = (text: string) => command.createHelp().boxWrap(text, width);
  return [
    ...more.map(wrap),
    ...(examples.length === 0 ? [] : [`Examples:\n${examples.map((example) => `  ${example}`).join('\n')}`]),
    ...(exitCodes === undefined ? [] : [wrap(`Exit codes: ${exitCodesText(exitCodes)}.`)]),
  ]
    .map((section) => `\n${section}`)
    .join('\n');
}

export function exitCodesText(exitCodes: NonNullable<Notes['exitCodes']>): string {
  return Object.entries(exitCodes)
    .map(([code, meaning]) => `${code} ${meaning}`)
    .join('; ');
}
