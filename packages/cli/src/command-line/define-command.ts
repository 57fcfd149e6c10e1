import { styleText } from 'node:util';
import { Command as OptionTable, type CommandUnknownOpts, CommanderError } from '@commander-js/extra-typings';
import { type Command, type Invocation, type Terminal, UsageError } from '../command.ts';
import { notesText } from './notes.ts';
import { descriptionOf, summaryOf } from './table-entries.ts';

/**
 * Defines a command by its table: `addTo` adds arguments, options, actions and notes. Parsing, help, completion and the
 * reference all use this table.
 */
export function defineCommand(
  name: string,
  addTo: (table: OptionTable, invocation: Invocation) => CommandUnknownOpts,
): Command {
  const command: Command = {
    name,
    define: (invocation) => {
      const table = new OptionTable(name);
      addTo(table, invocation);
      return table;
    },
    run: (args, terminal) => runProgram(() => createProgram([command]), [name, ...args], terminal),
  };
  return command;
}

/** A program for one invocation. */
export type Program = (invocation: Invocation) => CommandUnknownOpts;

/** Returns the program `dispatcher` with these commands. */
export function createProgram(commands: readonly Command[]): Program {
  return (invocation) => {
    const program: CommandUnknownOpts = new OptionTable('dispatcher');
    for (const { define } of commands) program.addCommand(define(invocation));
    return program;
  };
}

/** Runs the program and returns the exit code. @throws UsageError if the arguments do not fit the table */
export async function runProgram(create: () => Program, argv: readonly string[], terminal: Terminal): Promise<number> {
  let exitCode = 0;
  const program = create()({
    terminal,
    exit: async (code) => {
      exitCode = await code;
    },
  });
  configure(program, terminal);
  checkAmbiguousValues(commandOf(program, argv), argv);
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    // The help or the version was printed.
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    throw error;
  }
}

/** Returns the command that the arguments name: the program itself, a command or its action. */
export function commandOf(program: CommandUnknownOpts, argv: readonly string[]): CommandUnknownOpts {
  const [name, ...rest] = argv;
  const command = program.commands.find((each) => each.name() === name);
  return command === undefined ? program : commandOf(command, rest);
}

/** Returns the whole name of a command: `dispatcher keys create`. */
export function fullNameOf(command: CommandUnknownOpts): string {
  return command.parent === null ? command.name() : `${fullNameOf(command.parent)} ${command.name()}`;
}

const widthWithoutTerminal = 100;

function configure(command: CommandUnknownOpts, terminal: Terminal): void {
  const width = () => terminal.columns ?? widthWithoutTerminal;
  const hasColors = () => terminal.hasColors === true;
  command
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .showSuggestionAfterError(true)
    .exitOverride((error) => {
      throw error.exitCode === 0 ? error : new UsageError(messageOf(command, error), { cause: error });
    })
    .configureOutput({
      writeOut: terminal.out,
      // Errors are thrown; the caller prints them.
      writeErr: () => undefined,
      getOutHelpWidth: width,
      getErrHelpWidth: width,
      getOutHasColors: hasColors,
      getErrHasColors: hasColors,
    })
    .configureHelp({
      minWidthToWrap: 8,
      subcommandTerm: (subcommand) => subcommand.name(),
      subcommandDescription: summaryOf,
      optionDescription: descriptionOf,
      styleTitle: (title) => styleText('bold', title, { validateStream: false }),
    })
    .addHelpText('after', () => notesText(command, width()));
  for (const subcommand of command.commands) configure(subcommand, terminal);
}

/** Turns the parser's message into a sentence: `error: unknown option '--reson'\n(Did you mean --reason?)`. */
function messageOf(command: CommandUnknownOpts, { code, message }: CommanderError): string {
  if (code === 'commander.help') {
    return `Choose an action: ${command.commands.map((subcommand) => subcommand.name()).join(', ')}.`;
  }
  const [problem = '', suggestion] = message.replace(/^error: /, '').split('\n');
  const sentence = `${problem.charAt(0).toUpperCase()}${problem.slice(1).replace(/\.$/, '')}.`;
  return suggestion === undefined ? sentence : `${sentence} ${suggestion.replace(/^\((.*)\)$/, '$1')}`;
}

/**
 * Refuses `--reason --yes`: the parser would take the second option as the value of the first one.
 * @throws UsageError
 */
function checkAmbiguousValues(command: CommandUnknownOpts, argv: readonly string[]): void {
  for (const [at, text] of argv.entries()) {
    if (text === '--') return;
    const option = command.options.find(({ long, required }) => required && long === text);
    const value = argv[at + 1];
    if (option !== undefined && value !== undefined && /^-./.test(value)) {
      throw new UsageError(`${text} needs a value. If ${value} is the value, write ${text}=${value}.`);
    }
  }
}
