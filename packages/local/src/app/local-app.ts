import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writePrivateFile } from './private-file.ts';

/** The emulator's GitHub App. It is created once and stored, so that signatures stay valid after a restart. */
export interface LocalApp {
  readonly id: number;
  readonly slug: string;
  readonly privateKey: string;
  readonly webhookSecret: string;
}

/** Loads the App of this data directory, or creates it. */
export async function loadLocalApp(dataDir: string): Promise<LocalApp> {
  const file = join(dataDir, 'app.json');
  try {
    return JSON.parse(await readFile(file, 'utf8')) as LocalApp;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const app: LocalApp = { id: 1, slug: 'dispatcher-local', privateKey, webhookSecret: randomBytes(32).toString('hex') };
  await writePrivateFile(file, JSON.stringify(app));
  return app;
}

/** Changes the stored App. */
export async function changeLocalApp(dataDir: string, change: Partial<LocalApp>): Promise<void> {
  const app = { ...(await loadLocalApp(dataDir)), ...change };
  await writePrivateFile(join(dataDir, 'app.json'), JSON.stringify(app));
}
