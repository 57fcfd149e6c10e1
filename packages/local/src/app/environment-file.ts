import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from './running-file.ts';

/** Loads the repository's `.env`, if it exists. Variables that are already set are kept. */
export function loadEnvironmentFile(): void {
  const file = join(repositoryRoot, '.env');
  if (existsSync(file)) process.loadEnvFile(file);
}
