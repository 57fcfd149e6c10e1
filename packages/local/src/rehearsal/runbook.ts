import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { repositoryRoot } from '../app/running-file.ts';

const exec = promisify(execFile);

/** What an operator runs in an outage: `dispatcher status`, and one bulk replay after its dry run. */
const operatorCommands = /dispatcher (?:status|replay --outcome)\b/;

/** Returns these commands of the runbook `github-down.md`, in its order. */
export function outageCommands(): readonly string[] {
  const page = readFileSync(join(repositoryRoot, 'docs/runbooks/github-down.md'), 'utf8');
  const blocks = [...page.matchAll(/^ *```sh\n([\s\S]*?)^ *```$/gm)].map(([, commands = '']) => commands);
  return blocks.flatMap((block) =>
    block
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => operatorCommands.test(line)),
  );
}

/** Runs a command in a shell with the environment of the local system of this directory, and returns its output. */
export async function runOperatorCommand(dataDir: string, command: string): Promise<string> {
  const { stdout } = await exec('sh', ['-euc', `. "$DISPATCHER_DATA_DIR/environment"\n${command}`], {
    cwd: repositoryRoot,
    env: {
      NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
      PATH: `${join(repositoryRoot, 'node_modules/.bin')}:${process.env['PATH']}`,
      HOME: dataDir,
      DISPATCHER_DATA_DIR: dataDir,
    },
  });
  return stdout;
}
