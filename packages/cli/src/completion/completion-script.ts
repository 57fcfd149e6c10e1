import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { type CommandEntry, entryOf } from '../command-line/table-entries.ts';
import { bashScript } from './bash-script.ts';
import { fishScript } from './fish-script.ts';
import { zshScript } from './zsh-script.ts';

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

const scripts: Readonly<Record<Shell, (root: CommandEntry) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};

/** Returns the script that completes the program in a shell. */
export function completionScript(shell: Shell, program: CommandUnknownOpts): string {
  return scripts[shell](entryOf(program));
}
