import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BadInput } from '../command.ts';
import { createEntries, type Entry } from '../context/secret-entries.ts';
import { readEnvFile, type Values, valuesIn, withValues, writePrivately } from '../context/env-file.ts';
import type { Surroundings } from '../context/command-context.ts';
import type { CreatedApp } from './convert-manifest.ts';

/** Where the credentials of a new App go. */
export interface Keeper {
  /** For people. */
  readonly place: string;
  keep(app: CreatedApp): Promise<void>;
}

export interface KeepOptions {
  readonly file: string;
  /** Further variables for the file: GitHub's address where it is not github.com. */
  readonly also: Values;
  readonly force: boolean;
}

const inFile = ['GITHUB_APP_ID', 'GITHUB_APP_SLUG', 'GITHUB_WEBHOOK_SECRET', 'GITHUB_APP_PRIVATE_KEY'];

/** Everything goes into the file. @throws BadInput where it has an App already. */
export function keepInFile({ root }: Pick<Surroundings, 'root'>, options: KeepOptions): Keeper {
  const { file, also, force } = options;
  const example = exampleOf(root);
  if (!force) refuseToReplace(file, inFile, valuesIn(example));
  return {
    place: file,
    keep: async ({ id, slug, webhookSecret, privateKey }) => {
      const text = existsSync(file) ? readFileSync(file, 'utf8') : file === join(root, '.env') ? example : '';
      const values = {
        GITHUB_APP_ID: String(id),
        GITHUB_APP_SLUG: slug,
        GITHUB_WEBHOOK_SECRET: webhookSecret,
        GITHUB_APP_PRIVATE_KEY: privateKey,
        ...also,
      };
      writePrivately(file, withValues(text, values));
    },
  };
}

/**
 * The secrets go to Secrets Manager, and the file says where they are.
 * @throws BadInput where the file or the entries have an App already; EntryUnusable where there are no such entries.
 */
export async function keepInSecretsManager(
  surroundings: Pick<Surroundings, 'secretsManager'>,
  prefix: string,
  { file, also, force }: KeepOptions,
): Promise<Keeper> {
  const entries = createEntries(await surroundings.secretsManager(), prefix);
  // Before GitHub makes an App: afterwards its credentials would have nowhere to go.
  for (const entry of ['webhook-secret', 'private-key'] satisfies Entry[]) {
    if ((await entries.read(entry)) !== null && !force) {
      throw new BadInput(`${entries.nameOf(entry)} has a value already. To replace the App: --force.`);
    }
  }
  if (!force) refuseToReplace(file, ['GITHUB_APP_ID', 'GITHUB_APP_SLUG'], {});
  return {
    place: `Secrets Manager, ${prefix}/…, and ${file}`,
    keep: async ({ id, slug, webhookSecret, privateKey }) => {
      await entries.write('private-key', privateKey);
      await entries.write('webhook-secret-previous', webhookSecret);
      await entries.write('webhook-secret', webhookSecret);
      const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
      const values = {
        GITHUB_APP_ID: String(id),
        GITHUB_APP_SLUG: slug,
        GITHUB_WEBHOOK_SECRET_ARN: entries.nameOf('webhook-secret'),
        GITHUB_APP_PRIVATE_KEY_ARN: entries.nameOf('private-key'),
        ...also,
      };
      writePrivately(file, withValues(text, values));
    },
  };
}

function exampleOf(root: string): string {
  const file = join(root, '.env.example');
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

/** What the example says is nobody's own value. */
function refuseToReplace(file: string, names: readonly string[], example: Values): void {
  const values = readEnvFile(file);
  const taken = names.filter((name) => values[name] !== undefined && values[name] !== example[name]);
  if (taken.length === 0) return;
  throw new BadInput(
    `${file} has ${taken.join(', ')} already. Another App for another environment: --environment NAME. To replace it: --force.`,
  );
}
