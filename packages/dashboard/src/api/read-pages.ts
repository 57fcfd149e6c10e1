import type { ListPage } from './use-list.ts';

/**
 * Reads the pages of a list one after the other, until the last one or until it has `limit` items. For what a page shows
 * whole; a list that a person reads grows by {@link useList}.
 */
export async function readPages<Item>(
  limit: number,
  readPage: (cursor: string | undefined) => Promise<ListPage<Item>>,
): Promise<readonly Item[]> {
  const all: Item[] = [];
  let cursor: string | null | undefined;
  while (cursor !== null && all.length < limit) {
    const page = await readPage(cursor);
    all.push(...page.items);
    cursor = page.cursor;
  }
  return all;
}
