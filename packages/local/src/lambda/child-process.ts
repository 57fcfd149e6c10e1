import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const preload = new URL('end-with-parent.mjs', import.meta.url).href;

/** Starts a Node program that exits when this process ends for any reason. `output` are pipes or file descriptors. */
export function startNode(
  program: string,
  options: { args?: readonly string[]; env: NodeJS.ProcessEnv; output: [stdout: 'pipe' | number, stderr: number] },
): ChildProcess {
  return spawn(process.execPath, ['--import', preload, program, ...(options.args ?? [])], {
    env: options.env,
    stdio: ['ignore', ...options.output, 'ipc'],
    // Its own process group: Ctrl-C signals the whole group, and would kill a function during an invocation.
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
}

/** Terminates the child, and kills it if it has not exited after `graceMs`. Resolves once it has exited. */
export async function stopChild(child: ChildProcess, graceMs: number): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
    child.once('exit', () => {
      clearTimeout(timer);
      resolve();
    });
    child.kill('SIGTERM');
  });
}

/** Returns the path of a file of this package. @param name relative to `src` */
export function sourceFile(name: string): string {
  return fileURLToPath(new URL(`../${name}`, import.meta.url));
}
