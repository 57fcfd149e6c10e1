import { BadInput, type Command, type Terminal } from './command.ts';
import { app } from './app/app-command.ts';
import { deadLetters } from './dead-letters/dead-letters-command.ts';
import { doctor } from './doctor/doctor-command.ts';
import { explain } from './explain/explain-command.ts';
import { keys } from './keys/keys-command.ts';
import { replay } from './replay/replay-command.ts';
import { secrets } from './secrets/secrets-command.ts';
import { validate } from './validate/validate-command.ts';

/** Every command by its name: a further one is one file and one line here. */
const commands: Readonly<Record<string, Command>> = {
  app,
  'dead-letters': deadLetters,
  doctor,
  explain,
  keys,
  replay,
  secrets,
  validate,
};

/** Runs `dispatcher <command> …` and gives the exit code: 2 where the arguments or the files named cannot be used. */
export async function runCommand(argv: readonly string[], terminal: Terminal): Promise<number> {
  const [name, ...args] = argv;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    terminal.out(overview());
    return name === undefined ? 2 : 0;
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) {
    terminal.err(`There is no command \`${name}\`.\n\n${overview()}`);
    return 2;
  }
  if (args.includes('--help') || args.includes('-h')) {
    terminal.out(command.help);
    return 0;
  }
  try {
    return await command.run(args, terminal);
  } catch (error) {
    if (!(error instanceof BadInput)) throw error;
    terminal.err(`${error.message}\nSee \`dispatcher ${name} --help\`.\n`);
    return 2;
  }
}

function overview(): string {
  const width = Math.max(...Object.keys(commands).map((name) => name.length));
  const lines = Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`);
  return `Usage: dispatcher <command> [options]\n\n${lines.join('\n')}\n\n\`dispatcher <command> --help\` says more.\n`;
}
