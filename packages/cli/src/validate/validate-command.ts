import { Option } from '@commander-js/extra-typings';
import { policyPath } from '@dispatcher/contracts';
import {
  compileFile,
  compilePolicy,
  decodeFile,
  type FileError,
  formatFileError,
  problemOfRepository,
  warningOfFileName,
} from '@dispatcher/rules';
import { basename } from 'node:path';
import { addNotes } from '../command-line/notes.ts';
import { defineCommand } from '../command-line/define-command.ts';
import { UsageError, readBytes as readFileBytes, type Terminal } from '../command.ts';
import { ambiguityOf, findFiles, standardInput } from './find-files.ts';
import { repositoryOf } from './repository-of.ts';

interface ValidatedFile {
  readonly file: string;
  readonly valid: boolean;
  readonly errors: readonly FileError[];
  readonly warnings: readonly FileError[];
}

interface ValidateOptions {
  readonly strict: boolean;
  readonly repository?: string | undefined;
  readonly json: boolean;
  readonly format: keyof typeof printers;
}

export const validate = defineCommand('validate', (table, { terminal, exit }) => {
  const command = table
    .summary('validate dispatching.yml files')
    .description(
      'Validate dispatching.yml files with the parser and compiler that Dispatcher uses. Prints every error and warning ' +
        'with file, line and column. A warning is about something valid that is probably not meant: an empty file, a ' +
        'workflow that starts itself, a rule or an entry that another one makes superfluous, a rule that no run matches. ' +
        'Warnings do not change the exit code, except with --strict. A file named dispatching-policy.yml is validated as the ' +
        'policy of an owner.',
    )
    .argument(
      '[files...]',
      'a file of any name; a directory: every dispatching.yml in it and below, without .git and node_modules; - for the ' +
        'standard input; none: dispatching.yml or .github/dispatching.yml of the current directory',
    )
    .option('--strict', 'exit with 1 also if there are warnings', false)
    .option(
      '--repository <owner/name>',
      'the repository of the files, to recognize a workflow that starts itself (default: the remote `origin` of a file ' +
        'that is the dispatching.yml of a Git working tree)',
    )
    .addOption(
      new Option(
        '--format <format>',
        'text: one line per error; github: annotations for a GitHub Actions workflow; json: as --json',
      )
        .choices(['text', 'github', 'json'] as const)
        .default('text' as const),
    )
    .option(
      '--json',
      'print {"valid": boolean, "files": [{"file", "valid", "errors": […], "warnings": […]}]}; each entry is {file, line, ' +
        'column, text, message, fix}',
      false,
    )
    .action((files, options) => exit(validateFiles(files, options, terminal)));
  return addNotes(command, {
    examples: [
      'dispatcher validate',
      'dispatcher validate --strict --format github .github/dispatching.yml',
      'git show HEAD:dispatching.yml | dispatcher validate -',
      'dispatcher validate dispatching-policy.yml',
    ],
    exitCodes: {
      0: 'all files are valid',
      1: 'a file has errors or, with --strict, warnings',
      2: 'invalid arguments, or a file cannot be found or read',
    },
  });
});

async function validateFiles(paths: readonly string[], options: ValidateOptions, terminal: Terminal): Promise<number> {
  const { repository, strict, json, format } = options;
  if (repository !== undefined && (!repository.includes('/') || problemOfRepository(repository) !== null)) {
    throw new UsageError(`--repository needs OWNER/NAME, not \`${repository}\`.`);
  }
  const files: ValidatedFile[] = [];
  for (const file of findFiles(paths)) {
    files.push(validateFile(file, await readBytes(file, terminal), repository ?? repositoryOf(file)));
  }
  terminal.out(printers[json ? 'json' : format](files));
  if (!files.every(({ valid }) => valid)) return 1;
  const warnings = files.reduce((sum, file) => sum + file.warnings.length, 0);
  if (!strict || warnings === 0) return 0;
  terminal.err(`${warnings} warning${warnings === 1 ? '' : 's'}; with --strict, warnings are errors.\n`);
  return 1;
}

async function readBytes(file: string, terminal: Terminal): Promise<Uint8Array> {
  if (file !== standardInput) return readFileBytes(terminal, file);
  const chunks: Uint8Array[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}

function validateFile(file: string, bytes: Uint8Array, repository: string | undefined): ValidatedFile {
  const decoded = decodeFile(bytes);
  if ('text' in decoded && basename(file) === policyPath) {
    const compiled = compilePolicy(decoded.text, { path: file });
    return { file, valid: compiled.ok, errors: compiled.ok ? [] : compiled.errors, warnings: [] };
  }
  const compiled =
    'text' in decoded
      ? compileFile(decoded.text, { path: file, repository })
      : { ok: false as const, errors: [{ file, line: 1, column: 1, text: '', ...decoded.problem }] };
  const ambiguity = ambiguityOf(file);
  const errors = [...(ambiguity === null ? [] : [ambiguity]), ...(compiled.ok ? [] : compiled.errors)];
  const fileName = warningOfFileName(file);
  const warnings = [...(fileName === null ? [] : [fileName]), ...(compiled.ok ? compiled.warnings : [])];
  return { file, valid: errors.length === 0, errors, warnings };
}

const printers: Readonly<Record<'json' | 'github' | 'text', (files: readonly ValidatedFile[]) => string>> = {
  json: (files) => {
    const text = JSON.stringify({ valid: files.every(({ valid }) => valid), files }, null, 2);
    return `${text.replaceAll('##[', String.raw`\u0023#[`)}\n`;
  },
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
  const lines = [
    ...(valid ? [`${file}: valid`] : errors.map(formatFileError)),
    ...warnings.map((warning) => `warning: ${formatFileError(warning)}`),
  ];
  return lines.map((line) => `${withoutCommands(line)}\n`);
}

/**
 * Returns a line in which nothing is a command of a terminal or of the runner of GitHub Actions, which looks for `::` at the
 * beginning of a line and for `##[` anywhere in it. Paths of directories can contain line breaks.
 */
function withoutCommands(line: string): string {
  const shown = line.replaceAll(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ').replaceAll('##[', '## [');
  return shown.trimStart().startsWith('::') ? `./${shown.trimStart()}` : shown;
}

// Without escaping, a line break or a comma in a file name or a message would start a new command or property.
// Source: GitHub's "Workflow commands"; the escaping is that of its toolkit.
function annotation(level: 'error' | 'warning', { file, line, column, message, fix }: FileError): string {
  const text = escaped(`${message}; ${fix}`);
  const name = escaped(file).replaceAll(':', '%3A').replaceAll(',', '%2C');
  return `::${level} file=${name},line=${line},col=${column},title=${name.endsWith(policyPath) ? policyPath : 'dispatching.yml'}::${text}\n`;
}

function escaped(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}
