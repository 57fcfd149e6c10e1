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
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(terminal.readFile(path));
  } catch (cause) {
    const reason =
      cause instanceof TypeError ? 'it is no UTF-8 text' : cause instanceof Error ? cause.message : 'unknown';
    throw new BadInput(`${path} cannot be read: ${reason}`, { cause });
  }
}

/** The arguments of `node:util`'s parseArgs, whose errors are the caller's mistakes. */
export function parsed<Result>(parse: () => Result): Result {
  try {
    return parse();
  } catch (cause) {
    throw new BadInput(cause instanceof Error ? cause.message : 'The arguments cannot be read.', { cause });
  }
}
