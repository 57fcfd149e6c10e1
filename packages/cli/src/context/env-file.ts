import { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { UsageError } from '../command.ts';

export type Values = Readonly<Record<string, string>>;

/** Returns `.env`, or `.env.NAME` for an environment: each has its own App. @throws UsageError for an invalid name */
export function envFileOf(root: string, environment: string | undefined): string {
  if (environment === undefined) return join(root, '.env');
  if (!/^[a-z][a-z0-9-]*$/.test(environment) || environment === 'example') {
    throw new UsageError(
      '--environment needs a name of lower-case letters, digits and dashes, for example dev or prod.',
    );
  }
  return join(root, `.env.${environment}`);
}

/** Returns the values in a file; none if it does not exist. An empty value counts as not set. */
export function readEnvFile(file: string): Values {
  return existsSync(file) ? valuesIn(readFileSync(file, 'utf8')) : {};
}

/** Returns the names of all variables in a file, set or empty; none if it does not exist. */
export function readVariableNames(file: string): readonly string[] {
  return existsSync(file) ? Object.keys(parseEnv(readFileSync(file, 'utf8'))) : [];
}

export function valuesIn(text: string): Values {
  return Object.fromEntries(Object.entries(parseEnv(text)).flatMap(([name, value]) => (value ? [[name, value]] : [])));
}

/** Returns the text with these values set. Each replaces its old line; all other lines are unchanged. */
export function withValues(text: string, values: Values): string {
  const lines = text === '' ? [] : text.replace(/\n$/, '').split('\n');
  const missing = new Map(Object.entries(values));
  const result: string[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    const name = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=/.exec(line)?.[1];
    if (name === undefined || !Object.hasOwn(values, name)) {
      result.push(line);
      continue;
    }
    at = lastLineOf(lines, at);
    const value = missing.get(name);
    // Later assignments of the same name are removed: they would override the new one.
    if (value !== undefined) result.push(assignment(name, value));
    missing.delete(name);
  }
  for (const [name, value] of missing) result.push(assignment(name, value));
  return `${result.join('\n')}\n`;
}

/** A quoted value, such as a private key, may span several lines. */
function lastLineOf(lines: readonly string[], first: number): number {
  const [, quote, rest = ''] = /=\s*(["'`])(.*)$/.exec(lines[first] ?? '') ?? [];
  if (quote === undefined || rest.includes(quote)) return first;
  const end = lines.findIndex((line, at) => at > first && line.includes(quote));
  return end === -1 ? first : end;
}

function assignment(name: string, value: string): string {
  return /^[\w.:/@+-]*$/.test(value) ? `${name}=${value}` : `${name}="${value.trim().replaceAll('\n', '\\n')}"`;
}

/** Writes a file that only its owner can read. It is renamed into place, so that no process reads half a file. */
export function writePrivately(file: string, text: string): void {
  writeFileSync(`${file}.new`, text, { mode: 0o600 });
  // `mode` applies to new files only: one left by a crash keeps its own.
  chmodSync(`${file}.new`, 0o600);
  renameSync(`${file}.new`, file);
}
