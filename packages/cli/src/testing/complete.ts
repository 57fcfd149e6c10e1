import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Shell } from '../completion/completion-script.ts';

/** Returns what a shell that has loaded the script offers at the end of a line. */
export function complete(shell: Shell, script: string, line: string, directory: string): string[] {
  const file = join(directory, `completion.${shell}`);
  writeFileSync(file, script);
  return completers[shell](file, line, directory)
    .split('\n')
    .map((word) => word.split('\t')[0] ?? '')
    .filter((word) => word !== '')
    .sort();
}

const run = (program: string, args: readonly string[], cwd: string): string =>
  execFileSync(program, args, { cwd, encoding: 'utf8', env: { PATH: process.env['PATH'], HOME: cwd, TERM: 'dumb' } });

const completers: Readonly<Record<Shell, (file: string, line: string, directory: string) => string>> = {
  bash: (file, line, directory) =>
    run(
      'bash',
      [
        '-c',
        'source "$1"; COMP_WORDS=("${@:2}"); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _dispatcher; ' +
          'printf "%s\\n" "${COMPREPLY[@]}"',
        'bash',
        file,
        ...line.split(' '),
      ],
      directory,
    ),
  fish: (file, line, directory) =>
    run('fish', ['--no-config', '-c', `source ${file}; complete -C '${line}'`], directory),
  zsh: completeInZsh,
};

/** Presses the tabulator key in an interactive zsh, and reads what its completion adds to the list. */
function completeInZsh(file: string, line: string, directory: string): string {
  const inner = join(directory, 'inner.zsh');
  writeFileSync(
    inner,
    `PROMPT='> '
autoload -Uz compinit; compinit -D -u
source ${file}
bindkey '^I' complete-word
zstyle ':completion:*' insert-tab false
compadd() {
  if [[ \${@[1,(i)(-|--)]} == *-(O|A|D)\\ * ]]; then builtin compadd "$@"; return $?; fi
  typeset -a hits
  builtin compadd -A hits "$@"
  for hit in $hits; do print -r -- "hit:$hit:"; done
  builtin compadd "$@"
}
finished() { print -r -- 'done:' }
comppostfuncs=(finished)
print ready
`,
  );
  const outer = `zmodload zsh/zpty
zpty z zsh -f -i
zpty -w z "source ${inner}"
zpty -r z output '*ready*'
zpty -n -w z "$1"$'\\t'
zpty -r z output '*done:*'
print -r -- "$output"
zpty -d z`;
  const output = run('zsh', ['-f', '-c', outer, 'zsh', line], directory);
  return [...output.matchAll(/hit:([^:]*):/g)].map(([, hit]) => hit).join('\n');
}
