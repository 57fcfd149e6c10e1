import { parseArgs } from 'node:util';
import { BadInput, type Command, parsed } from '../command.ts';
import { ownSurroundings, type Surroundings } from '../context/command-context.ts';

const help = `Usage: dispatcher doctor --url URL [options]

Looks at a Dispatcher from outside, and at its GitHub App, and says what is not as it should be and what to do about it:
health, the API, a ping signed with the webhook secret, the App's credentials, permissions, events, webhook and
installations, GitHub's delivery log, and a signed run that is followed until the API tells its plan. The run is of a
workflow that no rule names, so it starts nothing; it stays on record as delivery doctor-….

  --url URL               where Dispatcher listens: http://127.0.0.1:3000, https://dispatcher.example
  --environment NAME      read .env.NAME instead of .env
  --secrets-manager NAME  read what neither the environment nor the file says from Secrets Manager, entries NAME/…
  --user NAME             user of the admin API; its password is ADMIN_BASIC_PASSWORD. ADMIN_API_KEY opens it too
  --timeout SECONDS       how long the plan of the run may take (60)
  --json                  {"fine": boolean, "findings": [{"check", "status", "message", "remedy"}]}

The App's credentials are the variables of .env.example. With the emulator of a running npm start nothing need be set.

Exit code: 0 everything is fine; 1 there are problems; 2 the arguments cannot be used.
`;

export function doctorCommand(surroundings: Surroundings = ownSurroundings): Command {
  return {
    summary: 'look whether a Dispatcher and its GitHub App are as they should be',
    help,
    run: async (args, terminal) => {
      const { values } = parsed(() => parseArgs({ args: [...args], options }));
      if (values.url === undefined) throw new BadInput('--url is missing: where does Dispatcher listen?');
      const limitMs = 1000 * readSeconds(values.timeout);
      const { findCredentials, readUrl } = await import('../context/credentials.ts');
      const { examineAll } = await import('./check-all.ts');
      const { findingsAsJson, findingsAsText, isFine } = await import('../finding.ts');
      const url = readUrl(values.url);
      const credentials = findCredentials(surroundings, {
        environment: values.environment,
        secretsManager: values['secrets-manager'],
        url,
      });
      const { now, wait } = surroundings;
      const findings = await examineAll(credentials, url, values.user, { limitMs, now, wait });
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
  throw new BadInput(`--timeout takes a number of seconds, not ${text}.`);
}

export const doctor = doctorCommand();
