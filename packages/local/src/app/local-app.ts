import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The App that the emulator knows: made once and kept, so that what was signed before a restart stays valid. */
export interface LocalApp {
  readonly id: number;
  readonly slug: string;
  readonly privateKey: string;
  readonly webhookSecret: string;
}

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
  const app = { id: 1, slug: 'dispatcher-local', privateKey, webhookSecret: randomBytes(32).toString('hex') };
  // Renamed into place: half a file would keep every later start from working.
  await writeFile(`${file}.new`, JSON.stringify(app), { mode: 0o600 });
  await rename(`${file}.new`, file);
  return app;
}
