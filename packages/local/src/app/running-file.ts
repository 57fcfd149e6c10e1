import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's own directory, whatever directory npm runs the script in. */
export const repositoryRoot = fileURLToPath(new URL('../../../..', import.meta.url));

/** Kept apart from the sources and git-ignored; `DISPATCHER_DATA_DIR` names another one. */
export function dataDirOf(env: NodeJS.ProcessEnv): string {
  return env['DISPATCHER_DATA_DIR'] || join(repositoryRoot, '.dispatcher');
}

/** Where the running system is, for other terminals. */
export interface RunningSystem {
  readonly pid: number;
  readonly url: string;
  readonly emulatorUrl: string | null;
}

const fileName = 'running.json';

export async function writeRunningFile(dataDir: string, running: RunningSystem): Promise<void> {
  await writeFile(join(dataDir, fileName), JSON.stringify(running));
}

export async function deleteRunningFile(dataDir: string): Promise<void> {
  await rm(join(dataDir, fileName), { force: true });
}

/** @throws Error that says how to start it, where nothing runs. */
export async function readRunningFile(dataDir: string): Promise<RunningSystem> {
  const text = await readFile(join(dataDir, fileName), 'utf8').catch(() => null);
  const running = text === null ? null : (JSON.parse(text) as RunningSystem);
  if (running === null || !isAlive(running.pid)) {
    throw new Error('Nothing is running here. Start it in another terminal with: npm start');
  }
  return running;
}

function isAlive(pid: number): boolean {
  try {
    // Signal 0 only asks whether the process is there.
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
