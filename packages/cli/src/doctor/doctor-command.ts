import { join } from 'node:path';
import { addNotes } from '../command-line/notes.ts';
import { defineCommand } from '../command-line/define-command.ts';
import { UsageError, type Command, type Terminal } from '../command.ts';
import { processContext, type CommandContext } from '../context/command-context.ts';

interface DoctorOptions {
  readonly url?: string | undefined;
  readonly environment?: string | undefined;
  readonly secretsManager?: string | undefined;
  readonly user?: string | undefined;
  readonly timeout: number;
  readonly json: boolean;
}

export function doctorCommand(context: CommandContext = processContext): Command {
  return defineCommand('doctor', (table, { terminal, exit }) => {
    const command = table
      .summary('check a running Dispatcher and its GitHub App')
      .description(
        'Check a running Dispatcher from outside, and its GitHub App. Prints each problem with its remedy.\n\n' +
          'Checks the names of the variables, the health, the admin API, a ping signed with the webhook secret, the App’s ' +
          'credentials, permissions, events, webhook and installations, GitHub’s delivery log, and a signed workflow run, ' +
          'until the admin API returns its plan. No rule can match that run, so it starts nothing; it is recorded as ' +
          'delivery doctor-….',
      )
      .option('--url <url>', 'the URL of Dispatcher: http://127.0.0.1:3000, https://dispatcher.example')
      .option('--environment <name>', 'use .env.NAME instead of .env')
      .option(
        '--secrets-manager <prefix>',
        'read secrets that are set neither in the environment nor in the file from Secrets Manager, entries PREFIX/…',
      )
      .option(
        '--user <name>',
        'the user of the admin API; its password is ADMIN_BASIC_PASSWORD. ADMIN_API_KEY works, too',
      )
      .option('--timeout <seconds>', 'how long to wait for the plan of the run', readSeconds, 60)
      .option('--json', 'print {"fine": boolean, "findings": [{"check", "status", "message", "remedy"}]}', false)
      .action((options) => exit(checkInstallation(context, options, terminal)));
    return addNotes(command, {
      more: [
        'The App’s credentials are the variables of .env.example. With the emulator of a running npm start, none need to be set.',
      ],
      examples: [
        'dispatcher doctor --url http://127.0.0.1:3000',
        'dispatcher doctor --url https://dispatcher.example --environment prod --secrets-manager dispatcher-prod',
      ],
      exitCodes: { 0: 'no problem found', 1: 'problems found', 2: 'invalid arguments' },
    });
  });
}

async function checkInstallation(context: CommandContext, options: DoctorOptions, terminal: Terminal): Promise<number> {
  if (options.url === undefined) throw new UsageError('--url is missing: give the URL of Dispatcher.');
  const { findCredentials } = await import('../context/credentials.ts');
  const { readUrl } = await import('../context/urls.ts');
  const { checkAll } = await import('./check-all.ts');
  const { checkVariables } = await import('./check-variables.ts');
  const { readVariableNames } = await import('../context/env-file.ts');
  const { findingsAsJson, findingsAsText, isFine } = await import('../finding.ts');
  const { environment, secretsManager, user, timeout, json } = options;
  const url = readUrl(options.url);
  const credentials = findCredentials(context, { environment, secretsManager, url });
  const { now, wait } = context;
  const known = readVariableNames(join(context.root, '.env.example'));
  const findings = [
    ...checkVariables(credentials.set, known),
    ...(await checkAll(credentials, url, user, { timeoutMs: 1000 * timeout, now, wait })),
  ];
  terminal.out(json ? findingsAsJson(findings) : findingsAsText(findings));
  return isFine(findings) ? 0 : 1;
}

function readSeconds(text: string): number {
  const seconds = Number(text);
  if (Number.isFinite(seconds) && seconds > 0) return seconds;
  throw new UsageError(`--timeout needs a number of seconds, not ${text}.`);
}

export const doctor = doctorCommand();
