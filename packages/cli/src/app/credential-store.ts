import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../command.ts';
import { createEntries, type Entries, type Entry, SecretEntryError } from '../context/secret-entries.ts';
import { readEnvFile, type Values, valuesIn, withValues, writePrivately } from '../context/env-file.ts';
import type { CommandContext } from '../context/command-context.ts';
import type { CreatedApp } from './convert-manifest.ts';

/** Stores the credentials of a new App. */
export interface CredentialStore {
  /** A description for messages. */
  readonly place: string;
  save(app: CreatedApp): Promise<void>;
}

export interface StoreOptions {
  readonly file: string;
  /** Further variables for the file: GitHub's URL if it is not github.com. */
  readonly also: Values;
  readonly force: boolean;
}

const inFile = ['GITHUB_APP_ID', 'GITHUB_APP_SLUG', 'GITHUB_WEBHOOK_SECRET', 'GITHUB_APP_PRIVATE_KEY'];

/** Stores everything in the file. @throws UsageError if the file already has an App */
export function storeInFile({ root }: Pick<CommandContext, 'root'>, options: StoreOptions): CredentialStore {
  const { file, also, force } = options;
  const example = exampleOf(root);
  if (!force) refuseToReplace(file, inFile, valuesIn(example));
  return {
    place: file,
    save: async ({ id, slug, webhookSecret, privateKey, clientId, clientSecret }) => {
      const text = existsSync(file) ? readFileSync(file, 'utf8') : file === join(root, '.env') ? example : '';
      const values = {
        GITHUB_APP_ID: String(id),
        GITHUB_APP_SLUG: slug,
        GITHUB_WEBHOOK_SECRET: webhookSecret,
        GITHUB_APP_PRIVATE_KEY: privateKey,
        GITHUB_CLIENT_ID: clientId,
        GITHUB_CLIENT_SECRET: clientSecret,
        ...also,
      };
      writePrivately(file, withValues(text, values));
    },
  };
}

/**
 * Stores the secrets in Secrets Manager, and their names in the file.
 * @throws UsageError if the file or the entries already have an App; SecretEntryError if the entries do not exist
 */
export async function storeInSecretsManager(
  context: Pick<CommandContext, 'secretsManager'>,
  prefix: string,
  { file, also, force }: StoreOptions,
): Promise<CredentialStore> {
  const entries = createEntries(await context.secretsManager(), prefix);
  // Checked before GitHub creates the App: its credentials could not be stored afterwards.
  for (const entry of ['webhook-secret', 'private-key'] satisfies Entry[]) {
    if ((await entries.read(entry)) !== null && !force) {
      throw new UsageError(`${entries.nameOf(entry)} already has a value. To replace the App, add --force.`);
    }
  }
  if (!force) refuseToReplace(file, ['GITHUB_APP_ID', 'GITHUB_APP_SLUG'], {});
  // Without a password the admin API does not start. With an identity provider nobody uses it.
  if ((await entries.read('admin-password')) === null) {
    await entries.write('admin-password', randomBytes(32).toString('hex'));
  }
  const keepsClientSecret = await hasEntry(entries, 'client-secret');
  return {
    place: `Secrets Manager, ${prefix}/…, and ${file}`,
    save: async ({ id, slug, webhookSecret, privateKey, clientId, clientSecret }) => {
      await entries.write('private-key', privateKey);
      await entries.write('webhook-secret-previous', webhookSecret);
      await entries.write('webhook-secret', webhookSecret);
      if (keepsClientSecret) await entries.write('client-secret', clientSecret);
      const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
      const values = {
        GITHUB_APP_ID: String(id),
        GITHUB_APP_SLUG: slug,
        GITHUB_CLIENT_ID: clientId,
        ...(keepsClientSecret ? { GITHUB_CLIENT_SECRET_ARN: entries.nameOf('client-secret') } : {}),
        GITHUB_WEBHOOK_SECRET_ARN: entries.nameOf('webhook-secret'),
        GITHUB_APP_PRIVATE_KEY_ARN: entries.nameOf('private-key'),
        ...also,
      };
      writePrivately(file, withValues(text, values));
    },
  };
}

/** Only an environment whose people sign in with GitHub or at an identity provider has an entry for the client secret. */
async function hasEntry(entries: Entries, entry: Entry): Promise<boolean> {
  try {
    await entries.read(entry);
    return true;
  } catch (error) {
    if (error instanceof SecretEntryError) return false;
    throw error;
  }
}

function exampleOf(root: string): string {
  const file = join(root, '.env.example');
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

/** Values equal to those in .env.example do not count. */
function refuseToReplace(file: string, names: readonly string[], example: Values): void {
  const values = readEnvFile(file);
  const present = names.filter((name) => values[name] !== undefined && values[name] !== example[name]);
  if (present.length === 0) return;
  throw new UsageError(
    `${file} already has ${present.join(', ')}. For an App of another environment, add --environment NAME. To replace this one, add --force.`,
  );
}
