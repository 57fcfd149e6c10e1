import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Fact } from '@dispatcher/contracts';
import { sourceFile } from '../lambda/child-process.ts';

// Runs the command line as a separate process.

const exec = promisify(execFile);

export const commandLine = sourceFile('../../cli/src/main.ts');

/** Returns the environment of a process that was started in a shell after `. .dispatcher/environment`. */
export async function operatorEnvironment(dataDir: string): Promise<Readonly<Record<string, string | undefined>>> {
  const text = await readFile(join(dataDir, 'environment'), 'utf8');
  const exported = [...text.matchAll(/^export (\w+)='(.*)'$/gm)].map(([, name = '', value = '']) => [name, value]);
  return { PATH: process.env['PATH'], ...Object.fromEntries(exported) };
}

/** Returns the command's standard output. @throws Error if it fails */
export async function runCommandLine(env: NodeJS.ProcessEnv, ...args: readonly string[]): Promise<string> {
  const { stdout } = await exec(process.execPath, [commandLine, ...args], { env });
  return stdout;
}

/** Returns the facts of a run that the admin API has so far. */
export async function factsOfRun(url: string, runKey: string): Promise<Fact[]> {
  const response = await fetch(`${url}/api/runs/${runKey}`);
  return response.ok ? ((await response.json()) as { facts: Fact[] }).facts : [];
}

export function ofType<T extends Fact['type']>(facts: readonly Fact[], type: T): Extract<Fact, { type: T }>[] {
  return facts.filter((fact): fact is Extract<Fact, { type: T }> => fact.type === type);
}
