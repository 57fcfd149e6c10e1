import { parseArgs } from 'node:util';
import { compileFile, type FileError, formatFileError } from '@dispatcher/rules';
import { BadInput, type Command, parsed, readText, type Terminal } from '../command.ts';

const help = `Usage: dispatcher validate [--json | --format github] FILE…

Parses and compiles each dispatching.yml as enforcement does, and prints every error with line and column.

  --json            {"valid": boolean, "files": [{"file", "valid", "errors": [{file, line, column, text, message, fix}]}]}
  --format github   annotations for a workflow
  --format text     lines for people (default)

Exit code: 0 all files are valid; 1 one has errors; 2 the arguments or a file cannot be read.
`;

interface Validated {
  readonly file: string;
  readonly valid: boolean;
  readonly errors: readonly FileError[];
}

export const validate: Command = {
  summary: 'check dispatching.yml files, with line and column',
  help,
  run(args, terminal) {
    const { values, positionals } = parsed(() =>
      parseArgs({
        args: [...args],
        allowPositionals: true,
        options: { json: { type: 'boolean', default: false }, format: { type: 'string', default: 'text' } },
      }),
    );
    if (positionals.length === 0) throw new BadInput('Name at least one file.');
    const format = values.json ? 'json' : values.format;
    const print = Object.hasOwn(printers, format) ? printers[format] : undefined;
    if (print === undefined) throw new BadInput(`There is no format \`${format}\`: use text, github or json.`);
    const files = positionals.map((path) => validateFile(path, terminal));
    terminal.out(print(files));
    return files.every(({ valid }) => valid) ? 0 : 1;
  },
};

function validateFile(file: string, terminal: Terminal): Validated {
  const compiled = compileFile(readText(terminal, file), { path: file });
  return { file, valid: compiled.ok, errors: compiled.ok ? [] : compiled.errors };
}

const printers: Readonly<Record<string, (files: readonly Validated[]) => string>> = {
  json: (files) => `${JSON.stringify({ valid: files.every(({ valid }) => valid), files }, null, 2)}\n`,
  github: (files) => files.flatMap(({ errors }) => errors.map(annotation)).join(''),
  text: (files) =>
    files
      .map(({ file, errors }) => (errors.length === 0 ? `${file}: valid\n` : errors.map(textLine).join('')))
      .join(''),
};

function textLine(error: FileError): string {
  return `${formatFileError(error)}\n`;
}

// A file name or a message with a line break or a comma would otherwise become a command or a property of its own.
// Source: GitHub's "Workflow commands", as its toolkit escapes them.
function annotation({ file, line, column, message, fix }: FileError): string {
  const text = escaped(`${message}; ${fix}`);
  const name = escaped(file).replaceAll(':', '%3A').replaceAll(',', '%2C');
  return `::error file=${name},line=${line},col=${column},title=dispatching.yml::${text}\n`;
}

function escaped(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}
