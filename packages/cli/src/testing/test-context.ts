import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { BadInput, type Command } from '../command.ts';
import type { Surroundings } from '../context/command-context.ts';

export interface TestSurroundings extends Surroundings {
  env: Record<string, string | undefined>;
  /** The standard input. */
  input: string;
  client: SecretsManagerClient | null;
  wait: Surroundings['wait'];
  /** Every wait that was asked for, in milliseconds. Nothing waits, but the clock goes on. */
  readonly waits: number[];
  remove(): void;
}

export function testSurroundings(): TestSurroundings {
  let clock = Date.now();
  const root = mkdtempSync(join(tmpdir(), 'dispatcher-cli-'));
  const made: TestSurroundings = {
    root,
    env: {},
    input: '',
    client: null,
    waits: [],
    readInput: async () => made.input,
    secretsManager: async () => {
      if (made.client === null) throw new Error('This test has no Secrets Manager.');
      return made.client;
    },
    now: () => clock,
    wait: async (milliseconds) => {
      made.waits.push(milliseconds);
      clock += milliseconds;
    },
    remove: () => rmSync(root, { recursive: true }),
  };
  return made;
}

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs one command as `runCommand` does; `onOut` sees the output while it comes. */
export async function run(command: Command, args: readonly string[], onOut = (_out: string) => {}): Promise<Ran> {
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
    if (!(error instanceof BadInput)) throw error;
    return { code: 2, out, err: error.message };
  }
}
