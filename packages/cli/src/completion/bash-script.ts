import { type CommandEntry, flatten } from '../command-line/table-entries.ts';

/**
 * Returns the script for bash. It follows the words to the command, then completes the value of the option before the
 * cursor, an option, or an action.
 */
export function bashScript(root: CommandEntry): string {
  const entries = flatten(root);
  return `# Completion of dispatcher for bash: source <(dispatcher completion bash)
_dispatcher() {
  local word="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD - 1]}" path='' index
  for ((index = 1; index < COMP_CWORD; index++)); do
    case "$path/\${COMP_WORDS[index]}" in
${caseLines(entries.filter(({ path }) => path.length > 0).map(({ path }) => [`/${path.join('/')}`, `path='/${path.join('/')}'`]))}
    esac
  done
  COMPREPLY=()
  case "$path $previous" in
${caseLines(entries.flatMap(valueCases))}
  esac
  case "$path" in
${caseLines(entries.map((entry) => [`/${entry.path.join('/')}`.replace(/^\/$/, ''), wordsReply(entry)]))}
  esac
}
complete -F _dispatcher dispatcher
`;
}

function caseLines(cases: readonly (readonly [pattern: string, action: string])[]): string {
  return cases.map(([pattern, action]) => `    '${pattern}') ${action} ;;`).join('\n');
}

/** Returns the cases for the value of an option; a value without choices is a file, or not completed. */
function valueCases({ path, options }: CommandEntry): [string, string][] {
  const prefix = path.length === 0 ? '' : `/${path.join('/')}`;
  return options
    .filter(({ takesValue }) => takesValue)
    .flatMap(({ names, choices, valueName }) =>
      names.map((name): [string, string] => [
        `${prefix} ${name}`,
        choices.length > 0
          ? `${reply(choices)}; return`
          : valueName.endsWith('file')
            ? `COMPREPLY=($(compgen -f -- "$word")); return`
            : 'return',
      ]),
    );
}

function wordsReply({ options, subcommands, argumentChoices, takesFiles }: CommandEntry): string {
  const names = options.flatMap((option) => option.names.filter((name) => name.startsWith('--')));
  const words = [...subcommands.map(({ path }) => path.at(-1) ?? ''), ...argumentChoices];
  const files = takesFiles ? `COMPREPLY=($(compgen -f -- "$word"))` : reply(words);
  return `if [[ $word == -* ]]; then ${reply(names)}; else ${files}; fi`;
}

function reply(words: readonly string[]): string {
  return `COMPREPLY=($(compgen -W '${words.join(' ')}' -- "$word"))`;
}
