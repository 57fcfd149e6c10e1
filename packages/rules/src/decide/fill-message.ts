import { type Code, codes } from '@dispatcher/contracts';

/** The code's sentence with `{placeholders}` filled in. Values are put in as they are and never read again. */
export function fillMessage(code: Code, values: Readonly<Record<string, string>>): string {
  return codes[code].message.replaceAll(/\{([a-z]+)\}/g, (placeholder, name: string) => values[name] ?? placeholder);
}
