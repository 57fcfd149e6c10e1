import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { UsageError, type Command } from '../command.ts';
import type { CommandContext } from '../context/command-context.ts';

export interface TestContext extends CommandContext {
  env: Record<string, string | undefined>;
  /** The standard input. */
  input: string;
  client: SecretsManagerClient | null;
  wait: CommandContext['wait'];
  /** Every requested wait, in milliseconds. Nothing waits; the clock advances. */
  readonly waits: number[];
  remove(): void;
}

export function createTestContext(): TestContext {
  let clock = Date.now();
  const root = mkdtempSync(join(tmpdir(), 'dispatcher-cli-'));
  const context: TestContext = {
    root,
    env: {},
    input: '',
    client: null,
    waits: [],
    readInput: async () => context.input,
    secretsManager: async () => {
      if (context.client === null) throw new Error('This test has no Secrets Manager.');
      return context.client;
    },
    now: () => clock,
    wait: async (milliseconds) => {
      context.waits.push(milliseconds);
      clock += milliseconds;
    },
    remove: () => rmSync(root, { recursive: true }),
  };
  return context;
}

export interface CommandResult {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs one command as `runCommand` does; `onOut` receives the output so far. */
export async function run(
  command: Command,
  args: readonly string[],
  onOut = (_out: string) => {},
): Promise<CommandResult> {
  let out = '';
  let err = '';
  try {
    const code = await command.run(args, {
      out: (text) => {
        out += text;
        onOut(out);
      },
      err: (text) => void (err += text),
      readFile: (path) => readFileSync(path),
    });
    return { code, out, err };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return { code: 2, out, err: error.message };
  }
}
