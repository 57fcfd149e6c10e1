import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { repositoryRoot } from './running-file.ts';

/**
 * Loads the repository's `.env`, if it exists. Variables that are already set are kept.
 * @throws Error that names each line which is not `NAME=value`; Node would ignore it without a word
 */
export function loadEnvironmentFile(): void {
  const file = join(repositoryRoot, '.env');
  const text = readIfExists(file);
  if (text === null) return;
  const malformed = findMalformedLines(text);
  if (malformed.length > 0) throw new Error(malformed.map((sentence) => `${file}: ${sentence}`).join('\n'));
  for (const [name, value] of Object.entries(parseEnv(text))) process.env[name] ??= value;
}

function readIfExists(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return null;
    throw new Error(`Cannot read ${file}: ${message}. Correct it, or delete it to use the emulator.`, { cause: error });
  }
}

/** Returns one sentence for each line that a `.env` file cannot have. Values are not in them: they may be secret. */
export function findMalformedLines(text: string): readonly string[] {
  if (text.includes('\0') || text.includes('\uFFFD')) return ['the file is not UTF-8 text. Save it as UTF-8.'];
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const sentences: string[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    if (/^\s*(?:#.*)?$/.test(line)) continue;
    const [, name, value = ''] = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*)$/.exec(line) ?? [];
    if (name === undefined) {
      sentences.push(`line ${at + 1} is not NAME=value. Put a value of several lines in double quotes.`);
      // The rest of such a value would be reported line by line.
      while (at + 1 < lines.length && !/^\s*(?:#|$|(?:export\s+)?[A-Za-z_]\w*\s*=)/.test(lines[at + 1] ?? '')) at += 1;
      continue;
    }
    const quote = /^["'`]/.exec(value)?.[0];
    if (quote === undefined || value.includes(quote, 1)) continue;
    const end = lines.findIndex((each, index) => index > at && each.includes(quote));
    if (end === -1) {
      sentences.push(`line ${at + 1}: the quote at the beginning of the value of ${name} is never closed.`);
      break;
    }
    at = end;
  }
  return sentences;
}
