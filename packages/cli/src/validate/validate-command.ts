import { Option } from '@commander-js/extra-typings';
import { compileFile, type FileError, formatFileError, warningOfFileName } from '@dispatcher/rules';
import { addNotes } from '../command-line/notes.ts';
import { defineCommand } from '../command-line/define-command.ts';
import { UsageError, readText, type Terminal } from '../command.ts';

interface ValidatedFile {
  readonly file: string;
  readonly valid: boolean;
  readonly errors: readonly FileError[];
  readonly warnings: readonly FileError[];
}

export const validate = defineCommand('validate', (table, { terminal, exit }) => {
  const command = table
    .summary('validate dispatching.yml files')
    .description(
      'Validate dispatching.yml files with the parser and compiler that Dispatcher uses. Prints every error and warning ' +
        'with line and column. A warning is about something valid that is probably not meant; it does not change the exit code.',
    )
    .argument('[files...]', 'the files to validate')
    .addOption(
      new Option('--format <format>', 'text: one line per error; github: annotations for a GitHub Actions workflow')
        .choices(['text', 'github', 'json'] as const)
        .default('text' as const),
    )
    .option(
      '--json',
      'print {"valid": boolean, "files": [{"file", "valid", "errors": […], "warnings": […]}]}; each entry is {file, line, ' +
        'column, text, message, fix}',
      false,
    )
    .action((files, { json, format }) => exit(validateFiles(files, json ? 'json' : format, terminal)));
  return addNotes(command, {
    examples: ['dispatcher validate --format github .github/dispatching.yml'],
    exitCodes: { 0: 'all files are valid', 1: 'a file has errors', 2: 'invalid arguments, or a file cannot be read' },
  });
});

function validateFiles(paths: readonly string[], format: keyof typeof printers, terminal: Terminal): number {
  if (paths.length === 0) throw new UsageError('Name at least one file.');
  const files = paths.map((path) => validateFile(path, terminal));
  terminal.out(printers[format](files));
  return files.every(({ valid }) => valid) ? 0 : 1;
}

function validateFile(file: string, terminal: Terminal): ValidatedFile {
  const compiled = compileFile(readText(terminal, file), { path: file });
  const fileName = warningOfFileName(file);
  const warnings = [...(fileName === null ? [] : [fileName]), ...(compiled.ok ? compiled.warnings : [])];
  return { file, valid: compiled.ok, errors: compiled.ok ? [] : compiled.errors, warnings };
}

const printers: Readonly<Record<'json' | 'github' | 'text', (files: readonly ValidatedFile[]) => string>> = {
  json: (files) => `${JSON.stringify({ valid: files.every(({ valid }) => valid), files }, null, 2)}\n`,
  github: (files) =>
    files
      .flatMap(({ errors, warnings }) => [
        ...errors.map((error) => annotation('error', error)),
        ...warnings.map((warning) => annotation('warning', warning)),
      ])
      .join(''),
  text: (files) => files.flatMap(textLines).join(''),
};

function textLines({ file, valid, errors, warnings }: ValidatedFile): string[] {
  return [
    ...(valid ? [`${file}: valid\n`] : errors.map((error) => `${formatFileError(error)}\n`)),
    ...warnings.map((warning) => `warning: ${formatFileError(warning)}\n`),
  ];
}

// Without escaping, a line break or a comma in a file name or a message would start a new command or property.
// Source: GitHub's "Workflow commands"; the escaping is that of its toolkit.
function annotation(level: 'error' | 'warning', { file, line, column, message, fix }: FileError): string {
  const text = escaped(`${message}; ${fix}`);
  const name = escaped(file).replaceAll(':', '%3A').replaceAll(',', '%2C');
  return `::${level} file=${name},line=${line},col=${column},title=dispatching.yml::${text}\n`;
}

function escaped(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}
