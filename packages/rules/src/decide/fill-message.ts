import { type Code, codes } from '@dispatcher/contracts';

/** Fills the `{placeholders}` of a code's message. Placeholders inside inserted values are not expanded. */
export function fillMessage(code: Code, values: Readonly<Record<string, string>>): string {
  return fillText(codes[code].message, values);
}

/** Does for any sentence what {@link fillMessage} does for the message of a code. */
export function fillText(text: string, values: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\{([a-z]+)\}/g, (placeholder, name: string) => values[name] ?? placeholder);
}
