/** Returns the value of the message attribute `redrives`: how often operators sent the message back to its queue. */
export function redrivesOf(attribute: string | undefined): number {
  return parseWholeNumber(attribute) ?? 0;
}

/** Parses a non-negative integer of at most nine digits; null for any other text. */
export function parseWholeNumber(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : null;
}
