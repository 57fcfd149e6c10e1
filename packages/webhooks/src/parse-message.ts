import { isUtf8 } from 'node:buffer';
import { isExact } from './map-message.ts';

/** The maximum size of a message. */
export const maxMessageBytes = 256 * 1024;

/**
 * Parses a message: a form, or JSON whatever its content type says, because senders name it differently. A form with the single
 * field `payload`, as GitHub and Slack send it, is the JSON in that field. Returns what is wrong as `problem`.
 */
export function parseMessage(
  body: Buffer,
  contentType: string | undefined,
): { readonly message: object } | { readonly problem: string } {
  if (!isUtf8(body)) return { problem: 'The request body is not UTF-8.' };
  const text = body.toString('utf8');
  const isForm = /^application\/x-www-form-urlencoded\b/i.test(contentType ?? '');
  return isForm ? parseForm(text) : parseJson(text, 'The request body');
}

function parseForm(text: string) {
  const fields = new URLSearchParams(text);
  const payload = fields.get('payload');
  if (payload !== null && fields.size === 1) return parseJson(payload, 'The field payload');
  // Of a repeated field the first value counts.
  return { message: Object.fromEntries([...fields].toReversed()) };
}

function parseJson(text: string, name: string) {
  try {
    const message: unknown = JSON.parse(text, keepDigits);
    return typeof message === 'object' && message !== null
      ? { message }
      : { problem: `${name} is neither a JSON object nor a JSON array.` };
  } catch {
    return { problem: `${name} is not valid JSON.` };
  }
}

/** Returns a number that parsing has changed as the text that the sender wrote: an id must not become another one. */
function keepDigits(_key: string, value: unknown, { source }: { readonly source?: string } = {}): unknown {
  return typeof value === 'number' && !isExact(value) ? source : value;
}
