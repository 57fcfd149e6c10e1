import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { exitCodesText, notesOf } from './notes.ts';
import { type CommandEntry, entryOf, flatten } from './table-entries.ts';

/** Returns the page of all commands: their arguments, options, examples and exit codes. */
export function referencePage(program: CommandUnknownOpts): string {
  const root = entryOf(program);
  const overview = root.subcommands.map(({ path, summary }) => {
    const name = path.join(' ');
    return `| [\`${name}\`](#${anchorOf(path)}) | ${cell(summary)} |`;
  });
  return `# Commands

Generated from the tables from which the command line prints its help and its completion. Start a command with
\`npx --no-install dispatcher\` in the repository, or put \`node_modules/.bin\` on the PATH. \`--help\` prints the section of a command;
\`dispatcher completion\` prints a completion script for bash, zsh or fish.

- Results are printed on the standard output, messages and progress on the standard error output. \`--json\` prints JSON for programs.
- On a terminal, tables fit its width, and colors show what needs attention; \`NO_COLOR\` turns colors off.
- The exit code is 0 for success, 1 for a failure, and 2 for invalid arguments, unless the command says otherwise.

| command | does |
| --- | --- |
${overview.join('\n')}
${flatten(root)
  .filter(({ path }) => path.length > 0)
  .map(sectionOf)
  .join('')}`;
}

function anchorOf(path: readonly string[]): string {
  return ['dispatcher', ...path].join('-');
}

function sectionOf(entry: CommandEntry): string {
  const { path, command, options } = entry;
  const { more = [], examples = [], exitCodes } = notesOf(command);
  const usage = command.createHelp().commandUsage(command);
  const rows = [
    ...command.registeredArguments.map((argument) => [`\`${argument.name()}\``, argument.description]),
    ...options
      .filter(({ names }) => !names.includes('--help'))
      .map(({ flags, description }) => [`\`${flags}\``, description]),
  ];
  return [
    `\n${'#'.repeat(path.length + 1)} dispatcher ${path.join(' ')}\n`,
    `${command.description()}\n`,
    `\`\`\`\n${usage}\n\`\`\`\n`,
    ...(rows.length === 0
      ? []
      : [
          `| argument or option | meaning |\n| --- | --- |\n${rows.map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n')}\n`,
        ]),
    ...more.map((paragraph) => `${paragraph}\n`),
    ...(examples.length === 0 ? [] : [`\`\`\`sh\n${examples.join('\n')}\n\`\`\`\n`]),
    ...(exitCodes === undefined ? [] : [`Exit codes: ${exitCodesText(exitCodes)}.\n`]),
  ].join('\n');
}

/** Escapes what would end a cell or be read as HTML or markup. */
function cell(text: string): string {
  return /^`[^`]*`$/.test(text) ? text.replaceAll('|', String.raw`\|`) : text.replace(/[|<]/g, String.raw`\$&`);
}
