import { readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writePrivateFile } from './private-file.ts';

/** The root directory of the repository, independent of the working directory. */
export const repositoryRoot = fileURLToPath(new URL('../../../..', import.meta.url));

/**
 * Returns the data directory: `DISPATCHER_DATA_DIR`, or the git-ignored `.dispatcher`. A relative path starts at the root of
 * the repository, so that every command means the same directory.
 */
export function dataDirOf(env: NodeJS.ProcessEnv): string {
  return resolve(repositoryRoot, env['DISPATCHER_DATA_DIR'] || '.dispatcher');
}

/** Describes the running system for commands in other terminals. */
export interface RunningSystem {
  readonly pid: number;
  readonly url: string;
  readonly emulatorUrl: string | null;
  /** The token of the emulator's control API. */
  readonly emulatorToken: string;
}

const fileName = 'running.json';

export async function writeRunningFile(dataDir: string, running: RunningSystem): Promise<void> {
  await writePrivateFile(join(dataDir, fileName), JSON.stringify(running));
}

/** Deletes the file if this process wrote it: that of another running system stays. */
export async function deleteRunningFile(dataDir: string): Promise<void> {
  if ((await readFileOf(dataDir))?.pid === process.pid) await rm(join(dataDir, fileName), { force: true });
}

/** Reads where the system runs. @throws Error that says how to start it, if it does not run */
export async function readRunningFile(dataDir: string): Promise<RunningSystem> {
  const running = await readFileOf(dataDir);
  if (running === null || !isAlive(running.pid)) {
    throw new Error('Dispatcher is not running. Start it in another terminal with: npm start');
  }
  return running;
}

async function readFileOf(dataDir: string): Promise<RunningSystem | null> {
  const text = await readFile(join(dataDir, fileName), 'utf8').catch(() => null);
  return text === null ? null : (JSON.parse(text) as RunningSystem);
}

function isAlive(pid: number): boolean {
  try {
    // Signal 0 only checks whether the process exists.
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
