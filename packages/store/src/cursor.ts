import { createHash } from 'node:crypto';

/** Reports a cursor that no page of this list returned, or none with the same filters. */
export class InvalidCursorError extends Error {
  override readonly name = 'InvalidCursorError';
  constructor() {
    super(
      'The cursor does not belong to this list with these filters. Repeat the request that returned it with `cursor` added, or omit `cursor` to start with the first page.',
    );
  }
}

/**
 * Encodes the sort positions of the last item read. A cursor never contains a partition key, so a forged one can only
 * read the list that it is passed to.
 * @param scope names the list with its filters: a cursor is refused in any other scope
 */
export function encodeCursor(scope: string, positions: readonly string[]): string {
  return Buffer.from(JSON.stringify([tagOf(scope), ...positions])).toString('base64url');
}

/** @throws InvalidCursorError if the cursor belongs to another scope or does not contain exactly `count` positions */
export function decodeCursor(scope: string, cursor: string, count: number): readonly string[] {
  const parts = parse(cursor);
  if (!Array.isArray(parts) || parts.length !== count + 1 || parts[0] !== tagOf(scope)) throw new InvalidCursorError();
  return parts.slice(1).map((position: unknown) => {
    if (typeof position !== 'string' || position === '' || Buffer.byteLength(position) > 1_024)
      throw new InvalidCursorError();
    return position;
  });
}

function tagOf(scope: string): string {
  return createHash('sha256').update(scope).digest('base64url').slice(0, 11);
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    throw new InvalidCursorError();
  }
}
