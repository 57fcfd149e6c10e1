import { isPointer, type Webhook } from '@dispatcher/contracts';

/** The maximum length of a value that a message gives an input. */
export const maxValueLength = 1_024;

export type MappedMessage =
  | { readonly state: 'matched'; readonly inputs: Readonly<Record<string, string>> }
  /** A condition of `when` does not hold: the message is valid and starts nothing. */
  | { readonly state: 'unmatched'; readonly pointer: string; readonly expected: string; readonly actual: string | null }
  | { readonly state: 'invalid'; readonly reason: string };

/** Returns the inputs that a message gives to the workflow, or why it gives none. */
export function mapMessage({ inputs, when }: Pick<Webhook, 'inputs' | 'when'>, message: object): MappedMessage {
  for (const [pointer, expected] of Object.entries(when)) {
    const actual = textOf(resolve(message, pointer));
    if (actual !== expected) return { state: 'unmatched', pointer, expected, actual };
  }
  const mapped: [string, string][] = [];
  for (const [name, value] of Object.entries(inputs)) {
    const text = isPointer(value) ? textOf(resolve(message, value)) : value;
    const problem = text === null ? 'no text, exact number or boolean' : problemOfText(text);
    if (text === null || problem !== null) {
      return { state: 'invalid', reason: `The message has ${problem} at ${value}, which is the input ${name}.` };
    }
    mapped.push([name, text]);
  }
  return { state: 'matched', inputs: Object.fromEntries(mapped) };
}

function problemOfText(text: string): string | null {
  if (text.length > maxValueLength) return `more than ${maxValueLength} characters`;
  return /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/u.test(text) ? 'a text with control characters or line breaks' : null;
}

/** Returns what is wrong with a JSON pointer (RFC 6901), or null. */
export function problemOfPointer(pointer: string): string | null {
  if (!isPointer(pointer)) return 'begin the JSON pointer with /';
  if (/~(?![01])/.test(pointer)) return 'in a JSON pointer write ~ as ~0 and / as ~1';
  return pointer.length > 500 ? 'write at most 500 characters' : null;
}

function resolve(message: unknown, pointer: string): unknown {
  let value: unknown = message;
  for (const token of pointer.slice(1).split('/')) {
    const key = token.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    // The length of an array is its own property, and not part of the message.
    if (Array.isArray(value) && !/^(?:0|[1-9]\d*)$/.test(key)) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[key];
  }
  return value;
}

/** Returns a text, exact number or boolean as a text; null for anything else. */
function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value;
  return typeof value === 'boolean' || (typeof value === 'number' && isExact(value)) ? String(value) : null;
}

/** Returns whether a parsed number is surely the one that was written: larger ones are rounded. */
export function isExact(value: number): boolean {
  return Math.abs(value) <= Number.MAX_SAFE_INTEGER;
}
