import { parseArgs } from 'node:util';
import { UsageError, type Command, orUsageError, readText } from '../command.ts';
import type { Entries } from '../context/secret-entries.ts';
import { processContext, type CommandContext } from '../context/command-context.ts';

const help = `Usage: dispatcher secrets status --name PREFIX
       dispatcher secrets set ENTRY --name PREFIX [--file FILE] [--force]
       dispatcher secrets rotate-webhook --name PREFIX [--environment NAME] [--wait SECONDS]
       dispatcher secrets finish-webhook --name PREFIX [--environment NAME]

Manage the AWS Secrets Manager entries PREFIX/…, which Terraform creates empty. ENTRY is webhook-secret,
webhook-secret-previous, private-key or admin-password. Values are read from the standard input or a file, never from the
command line, and are never printed.

Actions:
  status          prints which entries have a value, and whether a rotation is in progress
  set             sets one entry. webhook-secret is also written to webhook-secret-previous if that is empty; private-key
                  is first verified with GitHub if GITHUB_APP_ID is set
  rotate-webhook  generates a new webhook secret. The old one becomes webhook-secret-previous, so that deliveries signed
                  with either are accepted. Waits until every function has read both, then gives the new one to GitHub.
                  After an interruption, run it again: it continues with the same secret
  finish-webhook  ends the rotation: the old secret is no longer accepted. Run it once GitHub's log shows successful
                  deliveries

Options:
  --name PREFIX       the prefix of the entries' names: dispatcher-dev
  --file FILE         set: read the value from a file instead of the standard input
  --force             set: replace an existing value
  --environment NAME  read GITHUB_APP_ID and GITHUB_API_URL from .env.NAME instead of .env
  --wait SECONDS      rotate-webhook: how long to wait (default: 360); functions cache secrets for 5 minutes

AWS credentials and region are read from the environment, as by the AWS CLI.

Examples:
  openssl rand -hex 32 | dispatcher secrets set webhook-secret --name dispatcher-dev
  dispatcher secrets rotate-webhook --name dispatcher-dev --environment dev

Exit codes: 0 success; 1 AWS or GitHub returned an error; 2 invalid arguments or value.
`;

const options = {
  name: { type: 'string' },
  file: { type: 'string' },
  force: { type: 'boolean', default: false },
  environment: { type: 'string' },
  wait: { type: 'string', default: '360' },
} as const;

type Values = ReturnType<typeof readArguments>['values'] & { readonly name: string };

function readArguments(args: readonly string[]) {
  const { values, positionals } = orUsageError(() => parseArgs({ args: [...args], allowPositionals: true, options }));
  const [action, entry, ...more] = positionals;
  if (more.length > 0 || (entry !== undefined && action !== 'set')) throw new UsageError('Too many arguments.');
  return { action, entry, values };
}

interface SecretsArguments {
  readonly context: CommandContext;
  readonly values: Values;
  readonly entries: Entries;
  readonly print: (line: string) => void;
  /** Reads `--file`, or the standard input. */
  readonly readValue: () => Promise<string>;
}

export function secretsCommand(context: CommandContext = processContext): Command {
  return {
    summary: 'set and rotate an environment’s secrets in AWS Secrets Manager',
    help,
    run: async (args, terminal) => {
      const { action, entry, values } = readArguments(args);
      const runAction = action !== undefined && Object.hasOwn(actions, action) ? actions[action] : undefined;
      if (runAction === undefined) throw new UsageError(`Choose an action: ${Object.keys(actions).join(', ')}.`);
      const { name, file } = values;
      if (name === undefined) throw new UsageError('--name is missing: give the prefix of the entries’ names.');
      const { createEntries, SecretEntryError } = await import('../context/secret-entries.ts');
      const { GitHubError } = await import('@dispatcher/github');
      const resolved: SecretsArguments = {
        context,
        values: { ...values, name },
        entries: createEntries(await context.secretsManager(), name),
        print: (line) => terminal.out(`${line}\n`),
        readValue: async () => (file === undefined ? await context.readInput() : readText(terminal, file)),
      };
      try {
        await runAction(resolved, entry);
        return 0;
      } catch (error) {
        if (!(error instanceof SecretEntryError || error instanceof GitHubError)) throw error;
        terminal.err(`${error.message}\n`);
        return 1;
      }
    },
  };
}

const actions: Readonly<Record<string, (args: SecretsArguments, entry: string | undefined) => Promise<void>>> = {
  status: async ({ entries, print }) => {
    const { printStatus } = await import('./rotate-webhook-secret.ts');
    await printStatus(entries, print);
  },
  set: async (args, entry) => {
    const { entryNames } = await import('../context/secret-entries.ts');
    const { setEntry } = await import('./set-entry.ts');
    const name = entryNames.find((one) => one === entry);
    if (name === undefined) throw new UsageError(`Choose an entry: ${entryNames.join(', ')}.`);
    const { entries, print, values } = args;
    const verify = name === 'private-key' ? await createKeyVerification(args) : async () => undefined;
    await setEntry(entries, name, await args.readValue(), { force: values.force, verify, print });
  },
  'rotate-webhook': async (args) => {
    const { rotateWebhook } = await import('./rotate-webhook-secret.ts');
    const { entries, print, context, values } = args;
    const waitMs = 1000 * secondsOf(values.wait);
    await rotateWebhook(entries, {
      setGitHubSecret: await createSecretSetter(args),
      wait: context.wait,
      waitMs,
      print,
    });
  },
  'finish-webhook': async (args) => {
    const { finishWebhook } = await import('./rotate-webhook-secret.ts');
    await finishWebhook(args.entries, { setGitHubSecret: await createSecretSetter(args), print: args.print });
  },
};

/** Creates a function that verifies a private key with GitHub: a wrong key would make every function fail. */
async function createKeyVerification(args: SecretsArguments) {
  const { appId, createAppRegistration } = await findApp(args);
  return async (privateKey: string) => {
    if (appId === undefined) {
      args.print('GITHUB_APP_ID is not set, so the key was not verified with GitHub.');
      return;
    }
    const { slug } = await createAppRegistration(appId, privateKey).app();
    args.print(`GitHub accepts the key for the App ${slug}.`);
  };
}

/**
 * Creates a function that sets the App's webhook secret on GitHub. It uses the private key of the entries: the key in
 * `.env` may belong to another App.
 */
async function createSecretSetter(args: SecretsArguments) {
  const { appId, from, createAppRegistration } = await findApp(args);
  const privateKey = await args.entries.read('private-key');
  if (appId === undefined) throw new UsageError(`GITHUB_APP_ID is not set in ${from}.`);
  if (privateKey === null) throw new UsageError(`${args.entries.nameOf('private-key')} is empty: set it first.`);
  const registration = createAppRegistration(appId, privateKey);
  // Verifies the credentials before anything is changed: the rotation would otherwise fail at its last step.
  await registration.app();
  return (secret: string) => registration.setWebhookSecret(secret);
}

/** Reads the id of the App and the URL of its GitHub. */
async function findApp({ context, values: { environment } }: SecretsArguments) {
  const { findCredentials } = await import('../context/credentials.ts');
  const { createAppRegistration } = await import('@dispatcher/github');
  const credentials = findCredentials(context, { environment });
  const apiUrl = await credentials.value('GITHUB_API_URL');
  return {
    appId: await credentials.value('GITHUB_APP_ID'),
    from: credentials.from,
    createAppRegistration: (appId: string, privateKey: string) =>
      createAppRegistration({ appId, privateKey, ...(apiUrl ? { apiUrl } : {}) }),
  };
}

function secondsOf(text: string): number {
  const seconds = Number(text);
  if (Number.isFinite(seconds) && seconds >= 0) return seconds;
  throw new UsageError(`--wait needs a number of seconds, not ${text}.`);
}

export const secrets = secretsCommand();
