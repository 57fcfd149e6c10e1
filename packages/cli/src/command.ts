import type { CommandUnknownOpts } from '@commander-js/extra-typings';

/** The input and output of a command; a test provides its own. */
export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Returns the bytes of a file; throws if it cannot be read. */
  readonly readFile: (path: string) => Uint8Array;
  /** The width of the terminal in characters; undefined if the output is not a terminal. */
  readonly columns?: number | undefined;
  /** Whether the output shows colours: a terminal, without `NO_COLOR`. */
  readonly hasColors?: boolean | undefined;
}

/** One invocation of the command line: where it prints, and how it ends. */
export interface Invocation {
  readonly terminal: Terminal;
  /** Sets the exit code. An action ends with it. */
  readonly exit: (code: number | Promise<number>) => Promise<void>;
}

export interface Command {
  readonly name: string;
  /** Returns the command's table of arguments and options: the help, the completion and the reference are derived from it. */
  readonly define: (invocation: Invocation) => CommandUnknownOpts;
  /** Runs the command with the arguments after its name and returns the exit code. @throws UsageError */
  readonly run: (args: readonly string[], terminal: Terminal) => Promise<number>;
}

/** The arguments or files cannot be used: the message says what to change. Exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const readProblems: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist',
  EISDIR: 'it is a directory',
  EACCES: 'permission denied',
};

/** Returns the bytes of a file. @throws UsageError if it cannot be read */
export function readBytes(terminal: Terminal, path: string): Uint8Array {
  try {
    return terminal.readFile(path);
  } catch (cause) {
    const { code = '' } = cause as NodeJS.ErrnoException;
    throw new UsageError(`Cannot read ${path}: ${readProblems[code] ?? messageOf(cause)}`, { cause });
  }
}

/** Returns the text of a file. @throws UsageError if it cannot be read or is not UTF-8 */
export function readText(terminal: Terminal, path: string): string {
  const bytes = readBytes(terminal, path);
  return orUsageError(() => new TextDecoder('utf-8', { fatal: true }).decode(bytes), `Cannot read ${path}: `);
}

/** Returns the result of `work`. @throws UsageError with the message of what it throws, after the prefix */
export function orUsageError<Result>(work: () => Result, prefix = ''): Result {
  try {
    return work();
  } catch (cause) {
    throw new UsageError(`${prefix}${messageOf(cause)}`, { cause });
  }
}

/** Prints that Dispatcher could not be reached, and returns exit code 1. @throws UsageError if the error is one */
export function reportUnreachable(terminal: Terminal, error: unknown): number {
  if (error instanceof UsageError) throw error;
  terminal.err(`Could not reach Dispatcher: ${messageOf(error)}\n`);
  // Compared by name: importing the class would load the AWS clients.
  if (error instanceof Error && error.name === 'ConfigurationError') {
    terminal.err(
      'For a system started with `npm start`: `. .dispatcher/environment`. For AWS: see docs/runbooks/README.md.\n',
    );
  }
  return 1;
}

/** Reads the message without `instanceof`: an error of another realm is not an instance of this realm's Error. */
function messageOf(cause: unknown): string {
  return typeof cause === 'object' && cause !== null && 'message' in cause ? String(cause.message) : String(cause);
}
