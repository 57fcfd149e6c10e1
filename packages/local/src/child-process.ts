import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const preload = new URL('end-with-parent.mjs', import.meta.url).href;

/** Starts a Node program that ends with this process, however this one ends. Its output goes where `output` says. */
export function startNode(
  program: string,
  options: { args?: readonly string[]; env: NodeJS.ProcessEnv; output: [stdout: 'pipe' | number, stderr: number] },
): ChildProcess {
  return spawn(process.execPath, ['--import', preload, program, ...(options.args ?? [])], {
    env: options.env,
    stdio: ['ignore', ...options.output, 'ipc'],
    // A group of its own: Ctrl-C goes to the whole group, and would kill a function in the middle of its work.
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
}

/** Asks the child to end, and kills it where it does not within `graceMs`. Resolves once it is gone. */
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

export function sourceFile(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}
