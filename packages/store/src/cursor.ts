/** Reports a cursor that no page of this list returned. */
export class InvalidCursorError extends Error {
  override readonly name = 'InvalidCursorError';
  constructor() {
    super('The cursor does not belong to this list. Omit it to start with the first page.');
  }
}

/**
 * Encodes the sort positions of the last item read. A cursor never contains a partition key, so a forged one can only
 * read the list that it is passed to.
 */
export function encodeCursor(positions: readonly string[]): string {
  return Buffer.from(JSON.stringify(positions)).toString('base64url');
}

/** @throws InvalidCursorError if the cursor does not contain exactly `count` positions */
export function decodeCursor(cursor: string, count: number): readonly string[] {
  const positions = parse(cursor);
  if (!Array.isArray(positions) || positions.length !== count) throw new InvalidCursorError();
  return positions.map((position: unknown) => {
    if (typeof position !== 'string' || position === '' || Buffer.byteLength(position) > 1_024)
      throw new InvalidCursorError();
    return position;
  });
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    throw new InvalidCursorError();
  }
}
