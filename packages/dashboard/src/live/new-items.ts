import { useQuery } from '@tanstack/react-query';
import type { List, ListPage } from '../api/use-list.ts';
import { type StreamList, useStream } from './stream.ts';

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

/** Returns what is new in any of several lists. */
export const newInAll = (lists: readonly NewItems[]): NewItems => ({
  count: lists.reduce((sum, { count }) => sum + count, 0),
  staleSince: lists.find(({ staleSince }) => staleSince !== null)?.staleSince ?? null,
});

/** A list that was read since then is not read again at once. */
const freshMs = 5_000;

export interface NewItems {
  readonly count: number;
  /** Since when the list may be out of date; null if it is current, or says so itself. */
  readonly staleSince: number | null;
}

/**
 * Counts what is new since a list was loaded, without changing the list: nothing moves under the pointer until somebody
 * asks for it. The first page is read again when the stream has something new, because the list may have a filter.
 * @param readFirst reads the first page of the list
 * @param isShown false: nothing is followed
 */
export function useNewItems<Item>(
  stream: StreamList,
  key: readonly unknown[],
  list: List<Item>,
  readFirst: (signal: AbortSignal) => Promise<ListPage<Item>>,
  keyOf: (item: Item) => string,
  isShown = true,
): NewItems {
  const { isSuccess, isError, dataUpdatedAt } = list.query;
  const newest = useQuery({
    queryKey: ['newest', ...key],
    queryFn: ({ signal }) => readFirst(signal),
    // Only the stream starts it.
    enabled: false,
    retry: false,
  });
  const streamStaleSince = useStream(stream, isSuccess && isShown, {
    onNews: () => void newest.refetch(),
    isFresh: () => Date.now() - dataUpdatedAt < freshMs,
  });
  const staleSince = isError ? null : streamStaleSince;
  // What was read before the list is older than it.
  if (newest.data === undefined || newest.dataUpdatedAt <= dataUpdatedAt) return { count: 0, staleSince };
  return { count: itemsAbove(newest.data.items, list.items, keyOf).length, staleSince };
}
