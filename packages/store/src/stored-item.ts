// Not `z.core`, which would put all of it into every bundle.
import { $ZodError } from 'zod/v4/core';

/** An item as read: a schema types its attributes. */
export type StoredItem = Readonly<Record<string, unknown>> & { readonly pk: string; readonly sk: string };

/** Reports an item that does not match its schema, because a wrong page would be worse than none. */
export class StoredItemError extends Error {
  override readonly name = 'StoredItemError';
  constructor(table: string, { pk, sk }: StoredItem, cause: $ZodError) {
    const [issue] = cause.issues;
    const where = issue === undefined || issue.path.length === 0 ? 'the item' : issue.path.join('.');
    super(
      `Item ${JSON.stringify({ pk, sk })} of table ${table} does not match its schema: ${where}: ${issue?.message ?? 'invalid'}. ` +
        'Another version of Dispatcher wrote it, or it was edited by hand. Deploy the version that wrote it, or correct the item.',
      { cause },
    );
  }
}

/** Parses an item. @throws StoredItemError if the item does not match its schema */
export function parseItem<T>(table: string, item: StoredItem, parse: (item: StoredItem) => T): T {
  try {
    return parse(item);
  } catch (error) {
    if (error instanceof $ZodError) throw new StoredItemError(table, item, error);
    throw error;
  }
}
