import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writePrivateFile } from './private-file.ts';

/** The root directory of the repository, independent of the working directory. */
export const repositoryRoot = fileURLToPath(new URL('../../../..', import.meta.url));

/** Returns the data directory: `DISPATCHER_DATA_DIR`, or the git-ignored `.dispatcher`. */
export function dataDirOf(env: NodeJS.ProcessEnv): string {
  return env['DISPATCHER_DATA_DIR'] || join(repositoryRoot, '.dispatcher');
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

export async function deleteRunningFile(dataDir: string): Promise<void> {
  await rm(join(dataDir, fileName), { force: true });
}

/** Reads where the system runs. @throws Error that says how to start it, if it does not run */
export async function readRunningFile(dataDir: string): Promise<RunningSystem> {
  const text = await readFile(join(dataDir, fileName), 'utf8').catch(() => null);
  const running = text === null ? null : (JSON.parse(text) as RunningSystem);
  if (running === null || !isAlive(running.pid)) {
    throw new Error('Dispatcher is not running. Start it in another terminal with: npm start');
  }
  return running;
}

function isAlive(pid: number): boolean {
  try {
    // Signal 0 only checks whether the process exists.
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
