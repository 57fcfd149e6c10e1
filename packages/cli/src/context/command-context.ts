import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** What the commands that look after an installation find around them; a test hands in its own. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The repository's directory, where `.env` and `.dispatcher` are. */
  readonly root: string;
  /** Everything that stands in the standard input. */
  readonly readInput: () => Promise<string>;
  readonly secretsManager: () => Promise<SecretsManagerClient>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly wait: (milliseconds: number) => Promise<void>;
}

export const ownSurroundings: Surroundings = {
  env: process.env,
  root: fileURLToPath(new URL('../../../..', import.meta.url)),
  readInput: async () => {
    const chunks: Buffer[] = [];
    for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks).toString('utf8');
  },
  // Loaded when it is needed: it takes longer to load than all of `validate`.
  secretsManager: async () => {
    const { SecretsManagerClient } = await import('@aws-sdk/client-secrets-manager');
    return new SecretsManagerClient();
  },
  now: Date.now,
  wait: async (milliseconds) => {
    await delay(milliseconds);
  },
};
