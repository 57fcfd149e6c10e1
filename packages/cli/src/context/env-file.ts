import { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { BadInput } from '../command.ts';

export type Values = Readonly<Record<string, string>>;

/** `.env`, or `.env.NAME` for an environment: each is its own App. @throws BadInput for a name that is none. */
export function envFileOf(root: string, environment: string | undefined): string {
  if (environment === undefined) return join(root, '.env');
  if (!/^[a-z][a-z0-9-]*$/.test(environment) || environment === 'example') {
    throw new BadInput(`--environment takes a name of small letters, digits and dashes, as dev or prod.`);
  }
  return join(root, `.env.${environment}`);
}

/** The values of a file; none where there is no file. An empty value counts as not set. */
export function readEnvFile(file: string): Values {
  return existsSync(file) ? valuesIn(readFileSync(file, 'utf8')) : {};
}

export function valuesIn(text: string): Values {
  return Object.fromEntries(Object.entries(parseEnv(text)).flatMap(([name, value]) => (value ? [[name, value]] : [])));
}

/** The text with these values in it. Each takes the place of its old line; what stands around it stays as it is. */
export function withValues(text: string, values: Values): string {
  const lines = text === '' ? [] : text.replace(/\n$/, '').split('\n');
  const missing = new Map(Object.entries(values));
  const kept: string[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    const name = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=/.exec(line)?.[1];
    if (name === undefined || !Object.hasOwn(values, name)) {
      kept.push(line);
      continue;
    }
    at = lastLineOf(lines, at);
    const value = missing.get(name);
    // A second assignment of the same name would win over the new one.
    if (value !== undefined) kept.push(assignment(name, value));
    missing.delete(name);
  }
  for (const [name, value] of missing) kept.push(assignment(name, value));
  return `${kept.join('\n')}\n`;
}

/** A quoted value may go on over several lines, as a key does. */
function lastLineOf(lines: readonly string[], first: number): number {
  const [, quote, rest = ''] = /=\s*(["'`])(.*)$/.exec(lines[first] ?? '') ?? [];
  if (quote === undefined || rest.includes(quote)) return first;
  const end = lines.findIndex((line, at) => at > first && line.includes(quote));
  return end === -1 ? first : end;
}

function assignment(name: string, value: string): string {
  return /^[\w.:/@+-]*$/.test(value) ? `${name}=${value}` : `${name}="${value.trim().replaceAll('\n', '\\n')}"`;
}

/** Writes for the owner's eyes only. Renamed into place, so that half a file is never read. */
export function writePrivately(file: string, text: string): void {
  writeFileSync(`${file}.new`, text, { mode: 0o600 });
  // The mode above is for a file that is made: one that a crash left has its own.
  chmodSync(`${file}.new`, 0o600);
  renameSync(`${file}.new`, file);
}
