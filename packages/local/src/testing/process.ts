import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { sourceFile } from '../lambda/child-process.ts';

// Starts programs of this package as separate processes, as `npm start` does.

export interface Started {
  readonly child: ChildProcess;
  /** Returns standard output and standard error so far. */
  readonly output: () => string;
}

export interface StartOptions {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Turns the command line into the one to start. Default: the same. */
  readonly wrap?: (command: readonly string[]) => readonly string[];
}

const started: ChildProcess[] = [];

/** Starts a program without the variables of a GitHub App, on any free port. @param program relative to `src`, or absolute */
export function startProgram(program: string, options: StartOptions = {}): Started {
  const { args = [], env = {}, wrap = (command) => command } = options;
  const file = program.startsWith('/') ? program : sourceFile(program);
  const [command = '', ...rest] = wrap([process.execPath, '--disable-warning=ExperimentalWarning', file, ...args]);
  const inherited = Object.entries(process.env).filter(([name]) => !/^(?:GITHUB_|DISPATCHER_|PORT$)/.test(name));
  const child = spawn(command, rest, {
    env: { ...Object.fromEntries(inherited), PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  started.push(child);
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return { child, output: () => text };
}

/** Returns the exit code and signal, once all output was read. */
export async function exitOf({ child }: Started): Promise<unknown[]> {
  return child.exitCode !== null || child.signalCode !== null
    ? [child.exitCode, child.signalCode]
    : once(child, 'close');
}

/** Kills what is still running. Call it after each test. */
export async function killStarted(): Promise<void> {
  for (const child of started.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
}

/** Runs a command in a terminal of its own: `script` of Linux or macOS. It ends with the exit code of the command. */
export function inTerminal(command: readonly string[]): readonly string[] {
  const quoted = command.map((part) => `'${part.replaceAll("'", "'\\''")}'`).join(' ');
  return process.platform === 'darwin'
    ? ['script', '-q', '/dev/null', ...command]
    : ['script', '-qefc', quoted, '/dev/null'];
}
