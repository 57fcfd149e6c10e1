import { UsageError, type Command, type Terminal } from './command.ts';
import { app } from './app/app-command.ts';
import { confirm } from './confirm/confirm-command.ts';
import { deadLetters } from './dead-letters/dead-letters-command.ts';
import { doctor } from './doctor/doctor-command.ts';
import { explain } from './explain/explain-command.ts';
import { keys } from './keys/keys-command.ts';
import { pause, resume } from './pause/pause-command.ts';
import { replay } from './replay/replay-command.ts';
import { secrets } from './secrets/secrets-command.ts';
import { validate } from './validate/validate-command.ts';

/** Every command by its name. To add one, add its folder and one line here. */
const commands: Readonly<Record<string, Command>> = {
  app,
  confirm,
  'dead-letters': deadLetters,
  doctor,
  explain,
  keys,
  pause,
  replay,
  resume,
  secrets,
  validate,
};

/** Runs `dispatcher <command> …` and returns the exit code: 2 for invalid arguments or files. */
export async function runCommand(argv: readonly string[], terminal: Terminal): Promise<number> {
  const [name, ...args] = argv;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    terminal.out(overview());
    return name === undefined ? 2 : 0;
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) {
    terminal.err(`Unknown command \`${name}\`.\n\n${overview()}`);
    return 2;
  }
  if (args.includes('--help') || args.includes('-h')) {
    terminal.out(command.help);
    return 0;
  }
  try {
    return await command.run(args, terminal);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    terminal.err(`${error.message}\nSee \`dispatcher ${name} --help\`.\n`);
    return 2;
  }
}

function overview(): string {
  const width = Math.max(...Object.keys(commands).map((name) => name.length));
  const lines = Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`);
  return `Usage: dispatcher <command> [options]\n\n${lines.join('\n')}\n\nSee \`dispatcher <command> --help\` for details.\n`;
}
