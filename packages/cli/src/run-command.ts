import { UsageError, type Command, type Terminal } from './command.ts';
import { app } from './app/app-command.ts';
import { completion } from './completion/completion-command.ts';
import { commandOf, createProgram, fullNameOf, type Program, runProgram } from './command-line/define-command.ts';
import { confirm } from './confirm/confirm-command.ts';
import { deadLetters } from './dead-letters/dead-letters-command.ts';
import { deploy } from './deploy/deploy-command.ts';
import { doctor } from './doctor/doctor-command.ts';
import { explain } from './explain/explain-command.ts';
import { graph } from './graph/graph-command.ts';
import { listCommands } from './lists/list-commands.ts';
import { keys } from './keys/keys-command.ts';
import { pause, resume } from './pause/pause-command.ts';
import { projections } from './projections/projections-command.ts';
import { bulkReplays } from './replay/bulk-replays-command.ts';
import { replay } from './replay/replay-command.ts';
import { schedules } from './schedules/schedules-command.ts';
import { secrets } from './secrets/secrets-command.ts';
import { status } from './status/status-command.ts';
import { validate } from './validate/validate-command.ts';
import { webhooks } from './webhooks/webhooks-command.ts';
import { version } from './version.ts';
import { why } from './why/why-command.ts';

/** Every command. To add one, add its folder and one line here. */
const commands: readonly Command[] = [
  app,
  bulkReplays,
  completion,
  confirm,
  deadLetters,
  deploy,
  doctor,
  explain,
  graph,
  keys,
  ...listCommands,
  pause,
  projections,
  replay,
  resume,
  schedules,
  secrets,
  status,
  validate,
  webhooks,
  why,
].toSorted((left, right) => (left.name < right.name ? -1 : 1));

/** The program `dispatcher` with every command. */
export const program: Program = (invocation) =>
  createProgram(commands)(invocation)
    .usage('<command> [options]')
    .description('Operates Dispatcher and explains its decisions.')
    .version(version, '--version', 'print the version')
    .addHelpText('after', '\nSee `dispatcher <command> --help` for details.');

/** Runs `dispatcher <command> …` and returns the exit code: 2 for invalid arguments or files. */
export async function runCommand(argv: readonly string[], terminal: Terminal): Promise<number> {
  const [first, ...rest] = argv;
  if (first === undefined) {
    await runProgram(() => program, ['--help'], terminal);
    return 2;
  }
  try {
    return await runProgram(() => program, first === 'help' ? [...rest, '--help'] : argv, terminal);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    terminal.err(`${error.message}\nSee \`${helpCommand(argv, terminal)}\`.\n`);
    return 2;
  }
}

function helpCommand(argv: readonly string[], terminal: Terminal): string {
  const named = commandOf(program({ terminal, exit: async () => undefined }), argv);
  return `${fullNameOf(named)} --help`;
}
