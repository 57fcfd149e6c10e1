import { parseArgs } from 'node:util';
import { BadInput, type Command, parsed, readText } from '../command.ts';
import type { Entries } from '../context/secret-entries.ts';
import { ownSurroundings, type Surroundings } from '../context/command-context.ts';

const help = `Usage: dispatcher secrets status --name NAME
       dispatcher secrets set ENTRY --name NAME [--file FILE] [--force]
       dispatcher secrets rotate-webhook --name NAME [--environment NAME] [--wait SECONDS]
       dispatcher secrets finish-webhook --name NAME [--environment NAME]

Fills the entries NAME/… of AWS Secrets Manager, which Terraform creates empty. ENTRY is webhook-secret,
webhook-secret-previous, private-key or admin-password. Values come from the standard input or a file, never from the
command line, and are never shown.

status          which entries have a value, and whether a rotation is under way
set             writes one entry; a webhook-secret goes to webhook-secret-previous too where that is empty, and a
                private-key is shown to GitHub first where GITHUB_APP_ID is set
rotate-webhook  makes a new webhook secret: the old one becomes webhook-secret-previous, so that deliveries signed with
                either are taken; waits until every function has read both; then gives the new one to GitHub. Begun again
                after an interruption, it goes on with the same secret
finish-webhook  afterwards: the old secret is no longer taken. Begin it when GitHub's log shows deliveries arriving

  --name NAME         what the entries' names begin with: dispatcher-dev
  --file FILE         the value, instead of the standard input
  --force             set: replace a value
  --environment NAME  read GITHUB_APP_ID and GITHUB_API_URL from .env.NAME instead of .env
  --wait SECONDS      rotate-webhook: functions keep a secret for 5 minutes (360)

AWS credentials and region are those of the environment, as for the AWS command line.

Exit code: 0 done; 1 AWS or GitHub refused; 2 the arguments or the value cannot be used.
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
  const { values, positionals } = parsed(() => parseArgs({ args: [...args], allowPositionals: true, options }));
  const [action, entry, ...more] = positionals;
  if (more.length > 0 || (entry !== undefined && action !== 'set')) throw new BadInput('There are too many words.');
  return { action, entry, values };
}

interface SecretsArguments {
  readonly surroundings: Surroundings;
  readonly values: Values;
  readonly entries: Entries;
  readonly say: (line: string) => void;
  /** The text of `--file`, else of the standard input. */
  readonly readValue: () => Promise<string>;
}

export function secretsCommand(surroundings: Surroundings = ownSurroundings): Command {
  return {
    summary: 'fill and rotate an environment’s secrets in AWS Secrets Manager',
    help,
    run: async (args, terminal) => {
      const { action, entry, values } = readArguments(args);
      const runAction = action !== undefined && Object.hasOwn(actions, action) ? actions[action] : undefined;
      if (runAction === undefined) throw new BadInput(`Say what to do: ${Object.keys(actions).join(', ')}.`);
      const { name, file } = values;
      if (name === undefined) throw new BadInput('--name is missing: what do the entries’ names begin with?');
      const { createEntries, EntryUnusable } = await import('../context/secret-entries.ts');
      const { GitHubError } = await import('@dispatcher/github');
      const asked: SecretsArguments = {
        surroundings,
        values: { ...values, name },
        entries: createEntries(await surroundings.secretsManager(), name),
        say: (line) => terminal.out(`${line}\n`),
        readValue: async () => (file === undefined ? await surroundings.readInput() : readText(terminal, file)),
      };
      try {
        await runAction(asked, entry);
        return 0;
      } catch (error) {
        if (!(error instanceof EntryUnusable || error instanceof GitHubError)) throw error;
        terminal.err(`${error.message}\n`);
        return 1;
      }
    },
  };
}

const actions: Readonly<Record<string, (asked: SecretsArguments, entry: string | undefined) => Promise<void>>> = {
  status: async ({ entries, say }) => {
    const { tellStatus } = await import('./rotate-webhook-secret.ts');
    await tellStatus(entries, say);
  },
  set: async (asked, entry) => {
    const { entryNames } = await import('../context/secret-entries.ts');
    const { setEntry } = await import('./set-entry.ts');
    const known = entryNames.find((one) => one === entry);
    if (known === undefined) throw new BadInput(`Say which entry: ${entryNames.join(', ')}.`);
    const { entries, say, values } = asked;
    const confirm = known === 'private-key' ? await askGitHub(asked) : async () => undefined;
    await setEntry(entries, known, await asked.readValue(), { force: values.force, confirm, say });
  },
  'rotate-webhook': async (asked) => {
    const { rotateWebhook } = await import('./rotate-webhook-secret.ts');
    const { entries, say, surroundings, values } = asked;
    const waitMs = 1000 * secondsOf(values.wait);
    await rotateWebhook(entries, { giveToGitHub: await giveTo(asked), wait: surroundings.wait, waitMs, say });
  },
  'finish-webhook': async (asked) => {
    const { finishWebhook } = await import('./rotate-webhook-secret.ts');
    await finishWebhook(asked.entries, { giveToGitHub: await giveTo(asked), say: asked.say });
  },
};

/** Whether GitHub takes the key as one of the App: otherwise every function would fail with it. */
async function askGitHub({ surroundings, values: { environment }, say }: SecretsArguments) {
  const { findCredentials } = await import('../context/credentials.ts');
  const { createRegistration } = await import('@dispatcher/github');
  const credentials = findCredentials(surroundings, { environment });
  const appId = await credentials.value('GITHUB_APP_ID');
  const apiUrl = await credentials.value('GITHUB_API_URL');
  return async (privateKey: string) => {
    if (appId === undefined) {
      say('GITHUB_APP_ID is not set, so GitHub was not asked whether it takes the key.');
      return;
    }
    const { slug } = await createRegistration({ appId, privateKey, ...(apiUrl ? { apiUrl } : {}) }).app();
    say(`GitHub takes the key as one of the App ${slug}.`);
  };
}

/**
 * Gives GitHub the new webhook secret, as the App whose private key stands in the entries: with the key of `.env`, the
 * secret of one App could be given to another.
 */
async function giveTo({ surroundings, values: { environment }, entries }: SecretsArguments) {
  const { findCredentials } = await import('../context/credentials.ts');
  const { createRegistration } = await import('@dispatcher/github');
  const credentials = findCredentials(surroundings, { environment });
  const appId = await credentials.value('GITHUB_APP_ID');
  const apiUrl = await credentials.value('GITHUB_API_URL');
  const privateKey = await entries.read('private-key');
  if (appId === undefined) throw new BadInput(`GITHUB_APP_ID is not set in ${credentials.from}.`);
  if (privateKey === null) throw new BadInput(`${entries.nameOf('private-key')} is empty: fill it first.`);
  const registration = createRegistration({ appId, privateKey, ...(apiUrl ? { apiUrl } : {}) });
  // Before anything is changed: a rotation that GitHub would refuse at its end is not begun.
  await registration.app();
  return (secret: string) => registration.setHookSecret(secret);
}

function secondsOf(text: string): number {
  const seconds = Number(text);
  if (Number.isFinite(seconds) && seconds >= 0) return seconds;
  throw new BadInput(`--wait takes a number of seconds, not ${text}.`);
}

export const secrets = secretsCommand();
