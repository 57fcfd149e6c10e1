import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** The environment of the commands that manage an installation; a test provides its own. */
export interface CommandContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The directory with `.env` and `.dispatcher`: that of the repository, or the current one of the published file. */
  readonly root: string;
  /** Reads the standard input to its end. */
  readonly readInput: () => Promise<string>;
  readonly secretsManager: () => Promise<SecretsManagerClient>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly wait: (milliseconds: number) => Promise<void>;
}

/** The published file is not in a repository. scripts/bundle-cli.ts replaces the expression. */
function isPublished(): boolean {
  return (globalThis as { readonly isPublished?: boolean }).isPublished ?? false;
}

export const processContext: CommandContext = {
  env: process.env,
  root: isPublished() ? process.cwd() : fileURLToPath(new URL('../../../..', import.meta.url)),
  readInput: async () => {
    const chunks: Buffer[] = [];
    for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks).toString('utf8');
  },
  // Loaded on demand: loading the client takes longer than running `validate`.
  secretsManager: async () => {
    const { SecretsManagerClient } = await import('@aws-sdk/client-secrets-manager');
    return new SecretsManagerClient();
  },
  now: Date.now,
  wait: async (milliseconds) => {
    await delay(milliseconds);
  },
};
