// Not `z.core`, which would put all of it into every bundle.
import { $ZodError } from 'zod/v4/core';

/** An item as read: a schema types its attributes. */
export type StoredItem = Readonly<Record<string, unknown>> & { readonly pk: string; readonly sk: string };

/** Reports an item that does not match its schema, because a wrong page would be worse than none. */
export class StoredItemError extends Error {
  override readonly name = 'StoredItemError';
  constructor(table: string, { pk, sk }: StoredItem, cause: $ZodError | UnreadableValueError) {
    super(
      `Item ${JSON.stringify({ pk, sk })} of table ${table} does not match its schema: ${problemOf(cause)}. ` +
        'Another version of Dispatcher wrote it, or it was edited by hand. Deploy the version that wrote it, or correct the item.',
      { cause },
    );
  }
}

/** Reports an attribute whose bytes cannot be decoded. */
export class UnreadableValueError extends Error {
  override readonly name = 'UnreadableValueError';
}

function problemOf(cause: $ZodError | UnreadableValueError): string {
  if (cause instanceof UnreadableValueError) return cause.message;
  const [issue] = cause.issues;
  const where = issue === undefined || issue.path.length === 0 ? 'the item' : issue.path.join('.');
  return `${where}: ${issue?.message ?? 'invalid'}`;
}

/** Parses an item. @throws StoredItemError if the item does not match its schema */
export function parseItem<T>(table: string, item: StoredItem, parse: (item: StoredItem) => T): T {
  try {
    return parse(item);
  } catch (error) {
    if (error instanceof $ZodError || error instanceof UnreadableValueError)
      throw new StoredItemError(table, item, error);
    throw error;
  }
}
