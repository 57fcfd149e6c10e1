import type { CommandUnknownOpts, Option } from '@commander-js/extra-typings';

/** One option as completion and reference show it. */
export interface OptionEntry {
  /** `--name`, and `-n` if it has a short form. */
  readonly names: readonly string[];
  /** As written in the help: `--name <value>`. */
  readonly flags: string;
  readonly description: string;
  readonly takesValue: boolean;
  readonly choices: readonly string[];
  /** What the value is: `file`, `name`; empty without a value. */
  readonly valueName: string;
}

/** One command or action as completion and reference show it. */
export interface CommandEntry {
  /** Its names below `dispatcher`: empty for `dispatcher` itself, `['keys', 'create']` for an action. */
  readonly path: readonly string[];
  readonly summary: string;
  readonly command: CommandUnknownOpts;
  readonly options: readonly OptionEntry[];
  /** The names of its actions. */
  readonly subcommands: readonly CommandEntry[];
  /** The values of its arguments, where they are listed. */
  readonly argumentChoices: readonly string[];
  readonly takesFiles: boolean;
}

/** Returns the table of a command and of everything below it. */
export function entryOf(command: CommandUnknownOpts, path: readonly string[] = []): CommandEntry {
  return {
    path,
    summary: summaryOf(command),
    command,
    options: command
      .createHelp()
      .visibleOptions(command)
      .map((option) => ({
        names: [option.short, option.long].filter((name) => name !== undefined),
        flags: option.flags,
        description: descriptionOf(option),
        takesValue: option.required || option.optional,
        choices: option.argChoices ?? [],
        valueName: /[<[]([^>\]]*)[>\]]/.exec(option.flags)?.[1] ?? '',
      })),
    subcommands: command.commands.map((each) => entryOf(each, [...path, each.name()])),
    argumentChoices: command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []),
    takesFiles: command.registeredArguments.some((argument) => /^files?$/.test(argument.name())),
  };
}

/** Returns the entry and everything below it. */
export function flatten(entry: CommandEntry): readonly CommandEntry[] {
  return [entry, ...entry.subcommands.flatMap(flatten)];
}

/** Returns the summary of a command, or the first sentence of its description. */
export function summaryOf(command: CommandUnknownOpts): string {
  return command.summary() || (/^.*?(?=[.:](\s|$))/s.exec(command.description())?.[0] ?? command.description());
}

/** Returns the description of an option with its choices and its default, if it has one that means something. */
export function descriptionOf({ description, argChoices, defaultValue }: Option): string {
  const isNothing = defaultValue === undefined || typeof defaultValue === 'boolean' || String(defaultValue) === '';
  const notes = [
    ...(argChoices === undefined || argChoices.every((choice) => description.includes(`${choice}:`))
      ? []
      : [argChoices.join(', ')]),
    ...(isNothing ? [] : [`default: ${String(defaultValue)}`]),
  ];
  return notes.length === 0 ? description : `${description} (${notes.join('; ')})`;
}
