import { spawn, spawnSync } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

/** The executable of the command line. */
export const executable = fileURLToPath(new URL('../main.ts', import.meta.url));

/** What a program of a test takes from this process: where programs are, and where V8's compiled code is kept. */
export const inheritedVariables = {
  PATH: process.env['PATH'],
  NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
};

export interface ProcessOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
}

export interface ProcessResult {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the command line as a process, without a terminal. */
export async function runProcess(args: readonly string[], options: ProcessOptions = {}): Promise<ProcessResult> {
  const child = spawn(process.execPath, [executable, ...args], {
    ...optionsOf(options),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, out, err };
}

/** Runs the command line in a pseudo-terminal of this width; `out` has what the terminal receives. */
export async function runInTerminal(
  args: readonly string[],
  { columns = 80, ...options }: ProcessOptions & { readonly columns?: number } = {},
): Promise<ProcessResult> {
  const command = [process.execPath, executable, ...args].map(quoted).join(' ');
  const line = `stty cols ${columns} rows 50; ${command}`;
  // `script` of util-linux takes the command as an option; the one of macOS takes it as arguments.
  const isLinux = process.platform === 'linux';
  const scriptArgs = isLinux ? ['-qec', line, '/dev/null'] : ['-q', '/dev/null', 'sh', '-c', line];
  const child = spawn('script', scriptArgs, { ...optionsOf(options), stdio: ['pipe', 'pipe', 'pipe'] });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, out: out.replaceAll('\r\n', '\n'), err };
}

/** Whether a program can be started. */
export function isInstalled(program: string): boolean {
  return spawnSync(program, ['--version']).status === 0;
}

function optionsOf({ env = {}, cwd }: ProcessOptions) {
  const { HOME } = process.env;
  // The variables of the test's own environment, such as FORCE_COLOR of Jest, must not reach the command.
  return {
    env: { ...inheritedVariables, HOME, TERM: 'xterm-256color', ...env },
    ...(cwd === undefined ? {} : { cwd }),
  };
}

function quoted(argument: string): string {
  return `'${argument.replaceAll("'", String.raw`'\''`)}'`;
}
