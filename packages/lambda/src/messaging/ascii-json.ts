/**
 * Returns JSON in ASCII only. SQS rejects messages that contain certain characters (U+FFFE, U+FFFF, control
 * characters), which a branch name may contain; escaped, any text can be sent. Source: `MessageBody` of SendMessage in
 * the SQS API reference.
 */
export function asciiJson(value: unknown): string {
  return asciiText(JSON.stringify(value));
}

/** Escapes every character outside printable ASCII as `\uXXXX`. */
export function asciiText(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
