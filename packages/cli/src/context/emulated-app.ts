import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as z from 'zod';
import { readEnvFile, type Values } from './env-file.ts';
import type { CommandContext } from './command-context.ts';
import { isLoopback } from './urls.ts';

/** The files that `npm start` writes to its data directory. */
const Running = z.object({ url: z.string(), emulatorUrl: z.string().nullable() });
const App = z.object({ id: z.number(), slug: z.string(), privateKey: z.string(), webhookSecret: z.string() });

/** Returns the variables of the emulated App of a running `npm start`; null if none serves this URL. */
export function findEmulatedApp(context: Pick<CommandContext, 'env' | 'root'>, url: URL): Values | null {
  return findApp(context, (running) => isSameServer(running, url));
}

/** Returns the variables of the emulated App of a running `npm start`; null if none runs. */
export function findRunningApp(context: Pick<CommandContext, 'env' | 'root'>): Values | null {
  return findApp(context, () => true);
}

function findApp(
  { env, root }: Pick<CommandContext, 'env' | 'root'>,
  isMeant: (running: URL) => boolean,
): Values | null {
  const inFile = readEnvFile(join(root, '.env'))['DISPATCHER_DATA_DIR'];
  const directory = resolve(root, env['DISPATCHER_DATA_DIR'] || inFile || '.dispatcher');
  const running = read(join(directory, 'running.json'), Running);
  if (running === null || running.emulatorUrl === null || !isMeant(new URL(running.url))) return null;
  const app = read(join(directory, 'app.json'), App);
  if (app === null) return null;
  return {
    GITHUB_APP_ID: String(app.id),
    GITHUB_APP_SLUG: app.slug,
    GITHUB_APP_PRIVATE_KEY: app.privateKey,
    GITHUB_WEBHOOK_SECRET: env['GITHUB_WEBHOOK_SECRET'] || app.webhookSecret,
    GITHUB_API_URL: running.emulatorUrl,
  };
}

function read<Content>(file: string, schema: z.ZodType<Content>): Content | null {
  if (!existsSync(file)) return null;
  const { data } = schema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  return data ?? null;
}

function isSameServer(left: URL, right: URL): boolean {
  return left.port === right.port && (left.hostname === right.hostname || (isLoopback(left) && isLoopback(right)));
}
