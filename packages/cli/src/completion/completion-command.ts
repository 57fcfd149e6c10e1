import { Argument } from '@commander-js/extra-typings';
import { defineCommand } from '../command-line/define-command.ts';
import { addNotes } from '../command-line/notes.ts';
import { completionScript, shells } from './completion-script.ts';

export const completion = defineCommand('completion', (table, { terminal, exit }) => {
  const command = table
    .summary('print the completion script for bash, zsh or fish')
    .description(
      'Print a script that completes commands, options and their values. Load it in the shell’s start-up file.',
    )
    .addArgument(new Argument('<shell>', 'the shell').choices(shells))
    .action((shell, _, { parent }) => {
      if (parent !== null) terminal.out(completionScript(shell, parent));
      return exit(0);
    });
  return addNotes(command, {
    more: [
      'bash: add `source <(dispatcher completion bash)` to ~/.bashrc.',
      'zsh: add `source <(dispatcher completion zsh)` to ~/.zshrc, after compinit.',
      'fish: dispatcher completion fish > ~/.config/fish/completions/dispatcher.fish',
      'The scripts complete the command `dispatcher`: put node_modules/.bin of the repository on the PATH.',
    ],
    examples: ['dispatcher completion bash'],
    exitCodes: { 0: 'the script was printed', 2: 'invalid arguments' },
  });
});
