/**
 * JSON in ASCII only. SQS refuses a message that holds any of a few characters (U+FFFE, U+FFFF, control characters),
 * and a branch may be called so: escaped, every text can be stored. Source: SendMessage's MessageBody in the SQS API
 * reference.
 */
export function asciiJson(value: unknown): string {
  return asciiText(JSON.stringify(value));
}

/** The same for a text that is no JSON: every other character as `\uXXXX`. */
export function asciiText(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
