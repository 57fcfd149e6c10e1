import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from './running-file.ts';

/** Loads `.env` of the repository where there is one. What the environment says already stays. */
export function loadEnvironmentFile(): void {
  const file = join(repositoryRoot, '.env');
  if (existsSync(file)) process.loadEnvFile(file);
}
