/** What is wrong with a value, and what to write instead. The author of the file reads both. */
export interface Problem {
  readonly message: string;
  readonly fix: string;
}

/** A {@link Problem} and its position. `line` and `column` start at 1; `text` is an excerpt of the file at that position. */
export interface FileError extends Problem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly text: string;
}

/** Formats an error as `dispatching.yml:3:5: unknown key \`brances\`; did you mean \`branches\`?`. */
export function formatFileError(error: FileError): string {
  return `${error.file}:${error.line}:${error.column}: ${error.message}; ${error.fix}`;
}

/** Returns user-written text safe for a message: one line, no control characters, at most `limit` characters. */
export function quote(text: string, limit = 80): string {
  const line = text.replaceAll(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  return line.length <= limit ? line : `${line.slice(0, limit - 1)}…`;
}
