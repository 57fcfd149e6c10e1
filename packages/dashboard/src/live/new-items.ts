import { useQuery } from '@tanstack/react-query';
import type { List, ListPage } from '../api/use-list.ts';

/** How often the page looks for something new. A hidden tab does not look. */
export const roundMs = 15_000;

/** Returns those that the list does not show yet, newest first. Those after one that it shows are only further down. */
export function itemsAbove<Item>(
  newest: readonly Item[],
  shown: readonly Item[],
  keyOf: (item: Item) => string,
): readonly Item[] {
  const known = new Set(shown.map(keyOf));
  const end = newest.findIndex((item) => known.has(keyOf(item)));
  return end === -1 ? newest : newest.slice(0, end);
}

/**
 * Counts what is new since a list was loaded, without changing the list: nothing moves under the pointer until somebody
 * asks for it.
 * @param readFirst reads the first page of the list
 */
export function useNewItems<Item>(
  key: readonly unknown[],
  list: List<Item>,
  readFirst: (signal: AbortSignal) => Promise<ListPage<Item>>,
  keyOf: (item: Item) => string,
): number {
  const isLoaded = list.query.isSuccess;
  const newest = useQuery({
    queryKey: ['newest', ...key],
    queryFn: ({ signal }) => readFirst(signal),
    enabled: isLoaded,
    refetchInterval: roundMs,
    staleTime: roundMs,
    // The list itself says that the data are stale.
    retry: false,
  });
  // What was read before the list is older than it.
  if (newest.data === undefined || newest.dataUpdatedAt <= list.query.dataUpdatedAt) return 0;
  return itemsAbove(newest.data.items, list.items, keyOf).length;
}
