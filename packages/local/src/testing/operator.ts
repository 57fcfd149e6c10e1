import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Fact } from '@dispatcher/contracts';
import { sourceFile } from '../lambda/child-process.ts';

/** The command line of an operator, as its own process. */

const exec = promisify(execFile);

export const commandLine = sourceFile('../../cli/src/main.ts');

/** What a process knows that was started in a shell which has read the environment of this local system. */
export async function operatorEnvironment(dataDir: string): Promise<Readonly<Record<string, string | undefined>>> {
  const text = await readFile(join(dataDir, 'environment'), 'utf8');
  const exported = [...text.matchAll(/^export (\w+)='(.*)'$/gm)].map(([, name = '', value = '']) => [name, value]);
  return { PATH: process.env['PATH'], ...Object.fromEntries(exported) };
}

/** @returns what the command wrote to its standard output. @throws Error where it fails */
export async function runCommandLine(env: NodeJS.ProcessEnv, ...args: readonly string[]): Promise<string> {
  const { stdout } = await exec(process.execPath, [commandLine, ...args], { env });
  return stdout;
}

/** Every fact of a run that the admin API has by now. */
export async function factsOfRun(url: string, runKey: string): Promise<Fact[]> {
  const response = await fetch(`${url}/api/runs/${runKey}`);
  return response.ok ? ((await response.json()) as { facts: Fact[] }).facts : [];
}

export function ofType<T extends Fact['type']>(facts: readonly Fact[], type: T): Extract<Fact, { type: T }>[] {
  return facts.filter((fact): fact is Extract<Fact, { type: T }> => fact.type === type);
}
