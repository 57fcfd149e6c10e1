import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { inheritedVariables } from './run-process.ts';
import { createEmulatorControl, type EmulatorControl } from '@dispatcher/github-emulator';

/** A running `npm start`, as a process of its own. */
export interface LocalSystem {
  readonly url: string;
  readonly dataDir: string;
  /** The environment of a shell in which only the data directory is set. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The environment of a shell after `. .dispatcher/environment`: the variables of direct access to AWS. */
  readonly directEnv: Readonly<Record<string, string | undefined>>;
  readonly github: EmulatorControl;
  /** The address of the run with which the system started. */
  readonly firstRunUrl: string;
  close(): Promise<void>;
}

const program = fileURLToPath(new URL('../../../local/src/start.ts', import.meta.url));

/** Starts the system without any configuration and waits for the end of its first run. */
export async function startLocalSystem(): Promise<LocalSystem> {
  const dataDir = mkdtempSync(join(tmpdir(), 'dispatcher-cli-system-'));
  const env = { ...inheritedVariables, DISPATCHER_DATA_DIR: dataDir };
  const system = spawn(process.execPath, [program], { cwd: dataDir, env: { ...env, PORT: '0' } });
  let output = '';
  for (const stream of [system.stdout, system.stderr]) {
    stream.on('data', (data: Buffer) => (output += data.toString()));
  }
  const runningFile = join(dataDir, 'running.json');
  while (!(existsSync(runningFile) && output.includes('Stop '))) {
    if (system.exitCode !== null) throw new Error(`The system did not start: ${output}`);
    await delay(50);
  }
  const running = JSON.parse(readFileSync(runningFile, 'utf8')) as Running;
  const exported = readFileSync(join(dataDir, 'environment'), 'utf8').matchAll(/^export (\w+)='(.*)'$/gm);
  return {
    url: running.url,
    dataDir,
    env,
    directEnv: { ...env, ...Object.fromEntries([...exported].map(([, name = '', value = '']) => [name, value])) },
    github: createEmulatorControl(running.emulatorUrl, running.emulatorToken),
    firstRunUrl: /https?:\/\/\S+\/octo-org\/app\/actions\/runs\/\d+/.exec(output)?.[0] ?? '',
    close: () => close(system, dataDir),
  };
}

interface Running {
  readonly url: string;
  readonly emulatorUrl: string;
  readonly emulatorToken: string;
}

async function close(system: ChildProcess, dataDir: string): Promise<void> {
  const ended = once(system, 'exit');
  if (system.exitCode === null && system.kill('SIGTERM')) await ended;
  rmSync(dataDir, { recursive: true });
}
