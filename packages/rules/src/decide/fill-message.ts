import { type Code, codes } from '@dispatcher/contracts';

/** Fills the `{placeholders}` of a code's message. Placeholders inside inserted values are not expanded. */
export function fillMessage(code: Code, values: Readonly<Record<string, string>>): string {
  return codes[code].message.replaceAll(/\{([a-z]+)\}/g, (placeholder, name: string) => values[name] ?? placeholder);
}
