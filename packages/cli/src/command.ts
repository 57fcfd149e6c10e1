/** What a command may touch: a test hands in its own. */
export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** The bytes of a file; throws where it cannot be read. */
  readonly readFile: (path: string) => Uint8Array;
}

export interface Command {
  /** One line for the list of commands. */
  readonly summary: string;
  /** What `--help` prints. */
  readonly help: string;
  /** Takes the arguments after the command's name and gives the exit code. Throws {@link BadInput}. */
  readonly run: (args: readonly string[], terminal: Terminal) => number | Promise<number>;
}

/** The caller gave something that cannot be worked with: the message says what to change. Exit code 2. */
export class BadInput extends Error {
  override readonly name = 'BadInput';
}

/** A file's text; {@link BadInput} where it cannot be read or is no UTF-8. */
export function readText(terminal: Terminal, path: string): string {
  const bytes = parsed(() => terminal.readFile(path), `${path} cannot be read: `);
  return parsed(() => new TextDecoder('utf-8', { fatal: true }).decode(bytes), `${path} cannot be read: `);
}

/** Does what can fail by the caller's mistake, and tells it as one. */
export function parsed<Result>(work: () => Result, prefix = ''): Result {
  try {
    return work();
  } catch (cause) {
    throw new BadInput(`${prefix}${reasonOf(cause)}`, { cause });
  }
}

/** Says that the running system could not be worked with, and gives the exit code for it. */
export function refusedBySystem(terminal: Terminal, error: unknown): number {
  if (error instanceof BadInput) throw error;
  terminal.err(`The system could not be asked: ${reasonOf(error)}\n`);
  // By its name: its class would bring the AWS clients along.
  if (error instanceof Error && error.name === 'ConfigurationError') {
    terminal.err('For the system of `npm start`: `. .dispatcher/environment`. For AWS: see docs/runbooks/README.md.\n');
  }
  return 1;
}

/** By its shape and not by its class: an Error of another realm is no instance of ours. */
function reasonOf(cause: unknown): string {
  return typeof cause === 'object' && cause !== null && 'message' in cause ? String(cause.message) : String(cause);
}
