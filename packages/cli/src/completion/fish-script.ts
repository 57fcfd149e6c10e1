import { type CommandEntry, flatten } from '../command-line/table-entries.ts';

/** Returns the script for fish: one `complete` per action and option, with the condition where it applies. */
export function fishScript(root: CommandEntry): string {
  return [
    '# Completion of dispatcher for fish: dispatcher completion fish > ~/.config/fish/completions/dispatcher.fish',
    'complete -c dispatcher -f',
    ...flatten(root).flatMap(linesOf),
    '',
  ].join('\n');
}

function linesOf(entry: CommandEntry): string[] {
  const condition = `-n ${quoted(conditionOf(entry))}`;
  return [
    ...entry.subcommands.map(
      ({ path, summary }) => `complete -c dispatcher ${condition} -a ${path.at(-1) ?? ''} -d ${quoted(summary)}`,
    ),
    ...entry.argumentChoices.map((choice) => `complete -c dispatcher ${condition} -a ${choice}`),
    ...(entry.takesFiles ? [`complete -c dispatcher ${condition} -F`] : []),
    ...entry.options.map(({ names, description, takesValue, choices, valueName }) => {
      const flags = names.map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`));
      const value = !takesValue
        ? []
        : choices.length > 0
          ? [`-x -a ${quoted(choices.join(' '))}`]
          : [valueName.endsWith('file') ? '-r -F' : '-x'];
      return ['complete -c dispatcher', condition, ...flags, ...value, `-d ${quoted(description)}`].join(' ');
    }),
  ];
}

/** Returns the condition that the cursor is after this command, and before or in no action of it. */
function conditionOf({ path, subcommands }: CommandEntry): string {
  const after = path.map((name) => `__fish_seen_subcommand_from ${name}`);
  const names = subcommands.map((each) => each.path.at(-1) ?? '');
  if (path.length === 0) return '__fish_use_subcommand';
  return [...after, ...(names.length === 0 ? [] : [`not __fish_seen_subcommand_from ${names.join(' ')}`])].join(
    '; and ',
  );
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", String.raw`\'`)}'`;
}
