import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { HistoryFact, RunRevision } from '@dispatcher/store';
import { sourceFile } from '../lambda/child-process.ts';

// Runs the command line as a separate process.

const exec = promisify(execFile);

export const commandLine = sourceFile('../../cli/src/main.ts');

/** What a program of a test takes from this process: where programs are, and where V8's compiled code is kept. */
export const inheritedVariables = {
  PATH: process.env['PATH'],
  NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
};

/** Returns the environment of a process that was started in a shell after `. .dispatcher/environment`. */
export async function operatorEnvironment(dataDir: string): Promise<Readonly<Record<string, string | undefined>>> {
  const text = await readFile(join(dataDir, 'environment'), 'utf8');
  const exported = [...text.matchAll(/^export (\w+)='(.*)'$/gm)].map(([, name = '', value = '']) => [name, value]);
  return { ...inheritedVariables, ...Object.fromEntries(exported) };
}

/** Returns the command's standard output. @throws Error if it fails */
export async function runCommandLine(env: NodeJS.ProcessEnv, ...args: readonly string[]): Promise<string> {
  const { stdout } = await exec(process.execPath, [commandLine, ...args], { env });
  return stdout;
}

/** Returns the facts of a run that the admin API has so far, with their failed checks, oldest revision first. */
export async function factsOfRun(
  url: string,
  runKey: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<HistoryFact[]> {
  const response = await fetch(`${url}/api/runs/${runKey}`, { headers });
  return response.ok ? factsOf(((await response.json()) as { revisions: RunRevision[] }).revisions) : [];
}

/** Returns the facts of the revisions, which are newest first, with the oldest revision first. */
function factsOf(revisions: readonly RunRevision[]): HistoryFact[] {
  return revisions.toReversed().flatMap(({ facts }) => facts);
}

export function ofType<T extends HistoryFact['type']>(
  facts: readonly HistoryFact[],
  type: T,
): Extract<HistoryFact, { type: T }>[] {
  return facts.filter((fact): fact is Extract<HistoryFact, { type: T }> => fact.type === type);
}
