import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { repositoryRoot } from '../app/running-file.ts';
import { inheritedVariables } from './operator.ts';

const exec = promisify(execFile);

/** Returns the shell blocks of a documentation page. @param page relative to `docs` */
export function commandsOf(page: string): string[] {
  const text = readFileSync(join(repositoryRoot, 'docs', page), 'utf8');
  return [...text.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, commands = '']) => commands);
}

/**
 * Runs commands in a shell with only the environment of a local system, and returns their standard output.
 * @throws Error if one of them fails
 */
export async function runInShell(
  dataDir: string,
  commands: string,
  variables: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { stdout } = await exec('sh', ['-euc', `. "$DISPATCHER_DATA_DIR/environment"\n${commands}`], {
    cwd: repositoryRoot,
    env: {
      ...inheritedVariables,
      PATH: `${join(repositoryRoot, 'node_modules/.bin')}:${process.env['PATH']}`,
      HOME: dataDir,
      DISPATCHER_DATA_DIR: dataDir,
      ...variables,
    },
  });
  return stdout;
}
