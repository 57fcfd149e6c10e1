/** Thrown for a cursor that no page of this list gave. */
export class InvalidCursorError extends Error {
  override readonly name = 'InvalidCursorError';
  constructor() {
    super('The cursor is not one of this list; leave it out to start with the first page.');
  }
}

/**
 * A cursor holds the sort positions of the last item read and never a partition key, so that one made up by hand still
 * reads the list it is handed to and no other.
 */
export function encodeCursor(positions: readonly string[]): string {
  return Buffer.from(JSON.stringify(positions)).toString('base64url');
}

/** @throws CursorInvalid where it does not hold exactly `count` positions. */
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
