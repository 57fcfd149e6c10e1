import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, openSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('moto_server.py', import.meta.url));
const version = '5.2.1';

function hasMoto(python: string): boolean {
  return spawnSync(python, ['-c', 'import moto.server, flask'], { stdio: 'ignore' }).status === 0;
}

/** Finds a Python with moto's server, or installs it into `directory`. @returns its path, or why there is none */
export function findMoto(directory: string): { readonly python: string } | { readonly missing: string } {
  for (const python of ['python3', 'python']) if (hasMoto(python)) return { python };
  const installed = join(directory, 'bin/python');
  if (hasMoto(installed)) return { python: installed };
  try {
    if (!existsSync(installed)) execFileSync('python3', ['-m', 'venv', directory], { stdio: 'pipe' });
    execFileSync(installed, ['-m', 'pip', 'install', '--quiet', `moto[server]==${version}`], { stdio: 'pipe' });
    return { python: installed };
  } catch (error) {
    const text = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error);
    return { missing: text.trim().split('\n').at(-1) ?? 'Python is missing' };
  }
}

export interface LocalAws {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts moto's server on a free port. @throws Error if it does not respond within a minute */
export async function startMoto(python: string, logFile: string): Promise<LocalAws> {
  const port = await freePort();
  const log = openSync(logFile, 'w');
  const child = spawn(python, [program, String(port)], { stdio: ['ignore', log, log] });
  const ended = once(child, 'exit');
  const url = `http://127.0.0.1:${port}`;
  for (let tries = 0; tries < 240; tries += 1) {
    if (child.exitCode !== null) throw new Error(`moto did not start: see ${logFile}.`);
    const isUp = await fetch(`${url}/moto-api/`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isUp) {
      return {
        url,
        stop: async () => {
          child.kill();
          await ended;
        },
      };
    }
    await delay(250);
  }
  child.kill();
  throw new Error(`moto did not respond: see ${logFile}.`);
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
