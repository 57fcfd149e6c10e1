import { createEntries, entries, entryNames, readSecret } from './secret-entries.ts';
import { findEmulatedApp } from './emulated-app.ts';
import { envFileOf, readEnvFile, type Values } from './env-file.ts';
import type { CommandContext } from './command-context.ts';

/** Where to read the App's credentials. */
export interface CredentialOptions {
  /** Reads `.env.NAME` instead of `.env`. */
  readonly environment?: string | undefined;
  /** Prefix of the Secrets Manager entries, for variables set neither in the environment nor in the file. */
  readonly secretsManager?: string | undefined;
  /** The URL of Dispatcher: if `npm start` serves it, its emulated App's credentials are used. */
  readonly url?: URL | undefined;
}

export interface Credentials {
  /** A description of the source, for messages. */
  readonly from: string;
  /** Whether they belong to the emulated App of `npm start`. */
  readonly isEmulated: boolean;
  /** The variables that are set in the environment and in the file. */
  readonly set: Values;
  /** Returns the value of a variable; undefined if it is not set. @throws SecretEntryError if a secret cannot be read */
  value(name: string): Promise<string | undefined>;
}

/**
 * Finds the variables of `.env.example` as the functions do: `NAME`, or `NAME_ARN` with the name or ARN of a Secrets
 * Manager entry. The environment takes precedence over the file.
 */
export function findCredentials(context: CommandContext, options: CredentialOptions): Credentials {
  const { env, root } = context;
  const file = envFileOf(root, options.environment);
  const set: Values = { ...readEnvFile(file), ...withoutEmpty(env) };
  const isConfigured = set['GITHUB_APP_ID'] !== undefined || options.environment !== undefined;
  const emulated = isConfigured || options.url === undefined ? null : findEmulatedApp({ env: set, root }, options.url);
  const values = { ...set, ...emulated };
  return {
    from: emulated === null ? `the environment and ${file}` : 'the emulator started by npm start',
    isEmulated: emulated !== null,
    set,
    value: async (name) => {
      const value = values[name];
      const id = values[`${name}_ARN`];
      if (value !== undefined) return value;
      if (id !== undefined) return await readSecret(await context.secretsManager(), id);
      return await readEntryOf(context, name, options.secretsManager);
    },
  };
}

async function readEntryOf(
  context: CommandContext,
  name: string,
  prefix: string | undefined,
): Promise<string | undefined> {
  const entry = entryNames.find((one) => entries[one].variable === name);
  if (entry === undefined || prefix === undefined) return undefined;
  return (await createEntries(await context.secretsManager(), prefix).read(entry)) ?? undefined;
}

function withoutEmpty(env: CommandContext['env']): Values {
  return Object.fromEntries(Object.entries(env).flatMap(([name, value]) => (value ? [[name, value]] : [])));
}
