import { type CommandEntry, flatten, type OptionEntry } from '../command-line/table-entries.ts';

/** Returns the script for zsh: one function per command, each with `_arguments`. */
export function zshScript(root: CommandEntry): string {
  return `#compdef dispatcher
# Completion of dispatcher for zsh: source <(dispatcher completion zsh), after compinit
${flatten(root).map(functionOf).join('\n')}
# As a file of fpath the script is the function itself; otherwise it registers it.
if [ "$funcstack[1]" = '_dispatcher' ]; then _dispatcher "$@"; else compdef _dispatcher dispatcher; fi
`;
}

function nameOf({ path }: CommandEntry): string {
  return ['_dispatcher', ...path].join('_').replaceAll('-', '_');
}

function functionOf(entry: CommandEntry): string {
  const { options, subcommands, argumentChoices, takesFiles } = entry;
  const specs = options.flatMap(optionSpecs);
  if (subcommands.length === 0) {
    const words = argumentChoices.length > 0 ? [`'1:value:(${argumentChoices.join(' ')})'`] : [];
    const all = [...specs, ...words, ...(takesFiles ? ["'*:file:_files'"] : [])];
    return `${nameOf(entry)}() {\n  _arguments ${all.join(' \\\n    ')}\n}`;
  }
  const commands = subcommands.map(({ path, summary }) => `    ${quoted(`${path.at(-1) ?? ''}:${escaped(summary)}`)}`);
  const cases = subcommands.map((each) => `        ${each.path.at(-1) ?? ''}) ${nameOf(each)} ;;`);
  return `${nameOf(entry)}() {
  local curcontext="$curcontext" state line
  local -a commands
  commands=(
${commands.join('\n')}
  )
  _arguments -C ${[...specs, "'1: :->command'", "'*:: :->arguments'"].join(' \\\n    ')}
  case $state in
    command) _describe -t commands command commands ;;
    arguments)
      case $line[1] in
${cases.join('\n')}
      esac ;;
  esac
}`;
}

function optionSpecs({ names, description, takesValue, choices, valueName }: OptionEntry): string[] {
  const action = choices.length > 0 ? `(${choices.join(' ')})` : valueName.endsWith('file') ? '_files' : ' ';
  return names.map((name) => {
    const value = takesValue ? `:${escaped(valueName)}:${action}` : '';
    return quoted(`${name}[${escaped(description)}]${value}`);
  });
}

/** Escapes what separates the parts of a specification. */
function escaped(text: string): string {
  return text.replace(/[\\:[\]]/g, String.raw`\$&`);
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
