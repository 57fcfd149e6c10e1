/** What is wrong with one value, and what to write instead. Both are sentences for the file's author. */
export interface Problem {
  readonly message: string;
  readonly fix: string;
}

/**
 * A {@link Problem} at its place. `line` and `column` count from 1, `text` is what stands there, on one line and cut
 * short.
 */
export interface FileError extends Problem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly text: string;
}

/** `dispatching.yml:3:5: unknown key \`brances\`; did you mean \`branches\`?` */
export function formatFileError(error: FileError): string {
  return `${error.file}:${error.line}:${error.column}: ${error.message}; ${error.fix}`;
}

/** Text of a file's author for a message: on one line, without control characters, at most `limit` characters. */
export function quote(text: string, limit = 80): string {
  const line = text.replaceAll(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  return line.length <= limit ? line : `${line.slice(0, limit - 1)}…`;
}
