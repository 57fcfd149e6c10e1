import { type InfiniteData, useInfiniteQuery, type UseInfiniteQueryResult } from '@tanstack/react-query';

export interface ListPage<Item> {
  readonly items: readonly Item[];
  readonly cursor: string | null;
}

export interface List<Item> {
  readonly query: UseInfiniteQueryResult<InfiniteData<ListPage<Item>>>;
  readonly items: readonly Item[];
}

export const pageSize = 100;

/**
 * Reads a list page by page: `items` are those of all pages that were loaded. `key` holds everything that the request
 * depends on.
 * @param isWanted false: nothing is read
 */
export function useList<Item>(
  key: readonly unknown[],
  readPage: (cursor: string | undefined, signal: AbortSignal) => Promise<ListPage<Item>>,
  isWanted = true,
): List<Item> {
  const query = useInfiniteQuery({
    queryKey: key,
    enabled: isWanted,
    queryFn: ({ pageParam, signal }) => readPage(pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page: ListPage<Item>) => page.cursor ?? undefined,
  });
  return { query, items: query.data?.pages.flatMap(({ items }) => items) ?? [] };
}
