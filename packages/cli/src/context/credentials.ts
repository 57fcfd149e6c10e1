import { BadInput } from '../command.ts';
import { createEntries, entries, entryNames, readSecret } from './secret-entries.ts';
import { emulatedApp, isLoopback } from './emulated-app.ts';
import { envFileOf, readEnvFile, type Values } from './env-file.ts';
import type { Surroundings } from './command-context.ts';

/** Where to look for the App's credentials. */
export interface CredentialOptions {
  /** Reads `.env.NAME` instead of `.env`. */
  readonly environment?: string | undefined;
  /** Prefix of the entries in Secrets Manager, for what neither the environment nor the file says. */
  readonly secretsManager?: string | undefined;
  /** Where Dispatcher listens: a running `npm start` there knows the credentials of its emulated App. */
  readonly url?: URL | undefined;
}

export interface Credentials {
  /** For people: where they were looked for. */
  readonly from: string;
  /** The value of a variable; undefined where it is not set. @throws EntryUnusable for a secret that cannot be read. */
  value(name: string): Promise<string | undefined>;
}

/**
 * The variables of `.env.example`, as the functions take them: `NAME`, or `NAME_ARN` with the name or ARN of an entry
 * of Secrets Manager. What the environment says goes before what the file says.
 */
export function findCredentials(surroundings: Surroundings, options: CredentialOptions): Credentials {
  const { env, root } = surroundings;
  const file = envFileOf(root, options.environment);
  const set: Values = { ...readEnvFile(file), ...withoutEmpty(env) };
  const isApp = set['GITHUB_APP_ID'] !== undefined || options.environment !== undefined;
  const emulated = isApp || options.url === undefined ? null : emulatedApp({ env: set, root }, options.url);
  const values = { ...set, ...emulated };
  return {
    from: emulated === null ? `the environment and ${file}` : 'the emulator that npm start runs',
    value: async (name) => {
      const value = values[name];
      const id = values[`${name}_ARN`];
      if (value !== undefined) return value;
      if (id !== undefined) return await readSecret(await surroundings.secretsManager(), id);
      return await fromEntry(surroundings, name, options.secretsManager);
    },
  };
}

async function fromEntry(
  surroundings: Surroundings,
  name: string,
  prefix: string | undefined,
): Promise<string | undefined> {
  const entry = entryNames.find((one) => entries[one].variable === name);
  if (entry === undefined || prefix === undefined) return undefined;
  return (await createEntries(await surroundings.secretsManager(), prefix).read(entry)) ?? undefined;
}

function withoutEmpty(env: Surroundings['env']): Values {
  return Object.fromEntries(Object.entries(env).flatMap(([name, value]) => (value ? [[name, value]] : [])));
}

/** @throws BadInput for an address that is none, and for one over which credentials would travel in the clear. */
export function readUrl(text: string): URL {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new BadInput(`--url ${text} is no address: write https://HOST, or http://127.0.0.1:3000 for this machine.`);
  }
  if (url.protocol === 'http:' && !isLoopback(url)) {
    throw new BadInput(`--url ${text}: use https, since the password of the admin API would travel in the clear.`);
  }
  return new URL(url.href.replace(/[?#].*$/, '').replace(/\/*$/, '/'));
}
