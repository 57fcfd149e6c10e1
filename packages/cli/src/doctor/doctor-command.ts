import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { UsageError, type Command, orUsageError } from '../command.ts';
import { processContext, type CommandContext } from '../context/command-context.ts';

const help = `Usage: dispatcher doctor --url URL [options]

Check a running Dispatcher from outside, and its GitHub App. Prints each problem with its remedy.

Checks the names of the variables, the health, the admin API, a ping signed with the webhook secret, the App's credentials, permissions, events,
webhook and installations, GitHub's delivery log, and a signed workflow run, until the admin API returns its plan. No
rule can match that run, so it starts nothing; it is recorded as delivery doctor-….

Options:
  --url URL                 the URL of Dispatcher: http://127.0.0.1:3000, https://dispatcher.example
  --environment NAME        use .env.NAME instead of .env
  --secrets-manager PREFIX  read secrets that are set neither in the environment nor in the file from Secrets Manager,
                            entries PREFIX/…
  --user NAME               the user of the admin API; its password is ADMIN_BASIC_PASSWORD. ADMIN_API_KEY works, too
  --timeout SECONDS         how long to wait for the plan of the run (default: 60)
  --json                    print {"fine": boolean, "findings": [{"check", "status", "message", "remedy"}]}

The App's credentials are the variables of .env.example. With the emulator of a running npm start, none need to be set.

Examples:
  dispatcher doctor --url http://127.0.0.1:3000
  dispatcher doctor --url https://dispatcher.example --environment prod --secrets-manager dispatcher-prod

Exit codes: 0 no problem found; 1 problems found; 2 invalid arguments.
`;

export function doctorCommand(context: CommandContext = processContext): Command {
  return {
    summary: 'check a running Dispatcher and its GitHub App',
    help,
    run: async (args, terminal) => {
      const { values } = orUsageError(() => parseArgs({ args: [...args], options }));
      if (values.url === undefined) throw new UsageError('--url is missing: give the URL of Dispatcher.');
      const timeoutMs = 1000 * readSeconds(values.timeout);
      const { findCredentials } = await import('../context/credentials.ts');
      const { readUrl } = await import('../context/urls.ts');
      const { checkAll } = await import('./check-all.ts');
      const { checkVariables } = await import('./check-variables.ts');
      const { readVariableNames } = await import('../context/env-file.ts');
      const { findingsAsJson, findingsAsText, isFine } = await import('../finding.ts');
      const url = readUrl(values.url);
      const credentials = findCredentials(context, {
        environment: values.environment,
        secretsManager: values['secrets-manager'],
        url,
      });
      const { now, wait } = context;
      const known = readVariableNames(join(context.root, '.env.example'));
      const findings = [
        ...checkVariables(credentials.set, known),
        ...(await checkAll(credentials, url, values.user, { timeoutMs, now, wait })),
      ];
      terminal.out(values.json ? findingsAsJson(findings) : findingsAsText(findings));
      return isFine(findings) ? 0 : 1;
    },
  };
}

const options = {
  url: { type: 'string' },
  environment: { type: 'string' },
  'secrets-manager': { type: 'string' },
  user: { type: 'string' },
  timeout: { type: 'string', default: '60' },
  json: { type: 'boolean', default: false },
} as const;

function readSeconds(text: string): number {
  const seconds = Number(text);
  if (Number.isFinite(seconds) && seconds > 0) return seconds;
  throw new UsageError(`--timeout needs a number of seconds, not ${text}.`);
}

export const doctor = doctorCommand();
