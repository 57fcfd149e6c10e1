import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { UsageError } from '../command.ts';
import type { CommandContext } from '../context/command-context.ts';
import { readEnvFile } from '../context/env-file.ts';
import { readUrl } from '../context/urls.ts';

/** Where the API is, and how requests are authenticated. */
export interface ApiAddress {
  /** Ends in a slash. */
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** What to write instead, if the API cannot be reached. */
  readonly found: 'DISPATCHER_URL' | 'npm start';
  /** The variable with the credentials; null without credentials. */
  readonly credentials: 'DISPATCHER_API_KEY' | 'DISPATCHER_TOKEN' | 'ADMIN_BASIC_PASSWORD' | null;
}

const Running = z.object({ pid: z.number(), url: z.string() });

/**
 * Finds the API: `DISPATCHER_URL`, or the system that `npm start` runs on this machine.
 * @throws UsageError if there is neither, or if credentials would be sent unencrypted over a network
 */
export function findApi({ env, root }: Pick<CommandContext, 'env' | 'root'>): ApiAddress {
  const configured = env['DISPATCHER_URL'];
  if (configured) return { url: readUrl(configured, 'DISPATCHER_URL'), found: 'DISPATCHER_URL', ...credentialsIn(env) };
  const file = join(env['DISPATCHER_DATA_DIR'] || join(root, '.dispatcher'), 'running.json');
  const running = existsSync(file) ? Running.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data : undefined;
  if (running === undefined || !isAlive(running.pid)) {
    throw new UsageError(
      'No Dispatcher is named and none runs on this machine. Set DISPATCHER_URL and DISPATCHER_API_KEY, or start one: npm start.',
    );
  }
  const credentials = credentialsIn({ ...readEnvFile(join(root, '.env')), ...env });
  return { url: readUrl(running.url, 'running.json'), found: 'npm start', ...credentials };
}

function credentialsIn(env: Readonly<Record<string, string | undefined>>): Pick<ApiAddress, 'headers' | 'credentials'> {
  const { DISPATCHER_API_KEY: key, DISPATCHER_TOKEN: token } = env;
  const { ADMIN_BASIC_USER: user, ADMIN_BASIC_PASSWORD: password } = env;
  if (key) return { headers: { 'x-api-key': key }, credentials: 'DISPATCHER_API_KEY' };
  if (token) return { headers: { authorization: `Bearer ${token}` }, credentials: 'DISPATCHER_TOKEN' };
  if (!user || !password) return { headers: {}, credentials: null };
  const basic = Buffer.from(`${user}:${password}`).toString('base64');
  return { headers: { authorization: `Basic ${basic}` }, credentials: 'ADMIN_BASIC_PASSWORD' };
}

function isAlive(pid: number): boolean {
  try {
    // Signal 0 only checks whether the process exists.
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
