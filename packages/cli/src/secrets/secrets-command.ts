import type { Command as OptionTable, OptionValues } from '@commander-js/extra-typings';
import { addNotes } from '../command-line/notes.ts';
import { defineCommand } from '../command-line/define-command.ts';
import { UsageError, type Command, readText, type Terminal } from '../command.ts';
import type { Entries } from '../context/secret-entries.ts';
import { processContext, type CommandContext } from '../context/command-context.ts';

interface SecretsOptions {
  readonly name?: string | undefined;
  readonly file?: string | undefined;
  readonly force?: boolean;
  readonly environment?: string | undefined;
  readonly wait?: number;
}

type Values = SecretsOptions & { readonly name: string };

interface SecretsArguments {
  readonly context: CommandContext;
  readonly values: Values;
  readonly entries: Entries;
  readonly print: (line: string) => void;
  /** Reads `--file`, or the standard input. */
  readonly readValue: () => Promise<string>;
}

const entryList = 'webhook-secret, webhook-secret-previous, private-key, admin-password or client-secret';

export function secretsCommand(context: CommandContext = processContext): Command {
  return defineCommand('secrets', (table, { terminal, exit }) => {
    table
      .summary('set and rotate an environment’s secrets in AWS Secrets Manager')
      .description(
        'Manage the AWS Secrets Manager entries PREFIX/…, which Terraform creates empty: ' +
          `${entryList}. Values are read from the standard input or a file, never from the command line, and are never ` +
          'printed.',
      );
    const run = (action: Action, options: SecretsOptions, entry?: string) =>
      exit(runAction(action, { context, terminal, options, entry }));
    withPrefix(table.command('status'))
      .description('Prints which entries have a value, and whether a rotation is in progress.')
      .action((options) => run(actions.status, options));
    const set = withEnvironment(withPrefix(table.command('set')))
      .description(
        'Sets one entry. webhook-secret is also written to webhook-secret-previous if that is empty; private-key is first ' +
          'verified with GitHub if GITHUB_APP_ID is set.',
      )
      .argument('[entry]', entryList)
      .option('--file <file>', 'read the value from a file instead of the standard input')
      .option('--force', 'replace an existing value', false)
      .action((entry, options) => run(actions.set, options, entry));
    const rotate = withEnvironment(withPrefix(table.command('rotate-webhook')))
      .description(
        'Generates a new webhook secret. The old one becomes webhook-secret-previous, so that deliveries signed with ' +
          'either are accepted. Waits until every function has read both, then gives the new one to GitHub. After an ' +
          'interruption, run it again: it continues with the same secret.',
      )
      .option('--wait <seconds>', 'how long to wait; functions cache secrets for 5 minutes', secondsOf, 360)
      .action((options) => run(actions.rotateWebhook, options));
    withEnvironment(withPrefix(table.command('finish-webhook')))
      .description(
        'Ends the rotation: the old secret is no longer accepted. Run it once GitHub’s log shows successful deliveries.',
      )
      .action((options) => run(actions.finishWebhook, options));
    addNotes(set, {
      examples: ['openssl rand -hex 32 | dispatcher secrets set webhook-secret --name dispatcher-dev'],
    });
    addNotes(rotate, { examples: ['dispatcher secrets rotate-webhook --name dispatcher-dev --environment dev'] });
    return addNotes(table, {
      more: ['AWS credentials and region are read from the environment, as by the AWS CLI.'],
      exitCodes: { 0: 'success', 1: 'AWS or GitHub returned an error', 2: 'invalid arguments or value' },
    });
  });
}

function withPrefix(table: OptionTable) {
  return table.option('--name <prefix>', 'the prefix of the entries’ names: dispatcher-dev');
}

function withEnvironment<Options extends OptionValues>(table: OptionTable<[], Options>) {
  return table.option('--environment <name>', 'read GITHUB_APP_ID and GITHUB_API_URL from .env.NAME instead of .env');
}

type Action = (args: SecretsArguments, entry: string | undefined) => Promise<void>;

interface ActionInvocation {
  readonly context: CommandContext;
  readonly terminal: Terminal;
  readonly options: SecretsOptions;
  readonly entry: string | undefined;
}

async function runAction(action: Action, { context, terminal, options, entry }: ActionInvocation): Promise<number> {
  const { name, file } = options;
  if (name === undefined) throw new UsageError('--name is missing: give the prefix of the entries’ names.');
  const { createEntries, SecretEntryError } = await import('../context/secret-entries.ts');
  const { GitHubError } = await import('@dispatcher/github');
  const resolved: SecretsArguments = {
    context,
    values: { ...options, name },
    entries: createEntries(await context.secretsManager(), name),
    print: (line) => terminal.out(`${line}\n`),
    readValue: async () => (file === undefined ? await context.readInput() : readText(terminal, file)),
  };
  try {
    await action(resolved, entry);
    return 0;
  } catch (error) {
    if (!(error instanceof SecretEntryError || error instanceof GitHubError)) throw error;
    terminal.err(`${error.message}\n`);
    return 1;
  }
}

const actions = {
  status: async ({ entries, print }: SecretsArguments) => {
    const { printStatus } = await import('./rotate-webhook-secret.ts');
    await printStatus(entries, print);
  },
  set: async (args: SecretsArguments, entry: string | undefined) => {
    const { entryNames } = await import('../context/secret-entries.ts');
    const { setEntry } = await import('./set-entry.ts');
    const name = entryNames.find((one) => one === entry);
    if (name === undefined) throw new UsageError(`Choose an entry: ${entryNames.join(', ')}.`);
    const { entries, print, values } = args;
    const verify = name === 'private-key' ? await createKeyVerification(args) : async () => undefined;
    await setEntry(entries, name, await args.readValue(), { force: values.force === true, verify, print });
  },
  rotateWebhook: async (args: SecretsArguments) => {
    const { rotateWebhook } = await import('./rotate-webhook-secret.ts');
    const { entries, print, context, values } = args;
    const waitMs = 1000 * (values.wait ?? 0);
    await rotateWebhook(entries, {
      setGitHubSecret: await createSecretSetter(args),
      wait: context.wait,
      waitMs,
      print,
    });
  },
  finishWebhook: async (args: SecretsArguments) => {
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
