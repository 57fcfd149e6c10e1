import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import type { Values } from './env-file.ts';
import type { Surroundings } from './command-context.ts';

/** What `npm start` writes into its data directory. */
const Running = z.object({ url: z.string(), emulatorUrl: z.string().nullable() });
const App = z.object({ id: z.number(), slug: z.string(), privateKey: z.string(), webhookSecret: z.string() });

/** The variables of the App that the emulator of a running `npm start` knows; null where none serves this address. */
export function emulatedApp({ env, root }: Pick<Surroundings, 'env' | 'root'>, url: URL): Values | null {
  const directory = env['DISPATCHER_DATA_DIR'] || join(root, '.dispatcher');
  const running = read(join(directory, 'running.json'), Running);
  if (running === null || running.emulatorUrl === null || !sameAddress(new URL(running.url), url)) return null;
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

const loopback = new Set(['127.0.0.1', 'localhost', '[::1]']);

export function isLoopback({ hostname }: URL): boolean {
  return loopback.has(hostname);
}

function sameAddress(left: URL, right: URL): boolean {
  return left.port === right.port && (left.hostname === right.hostname || (isLoopback(left) && isLoopback(right)));
}
