/** A list of facts as far as it was loaded, newest first. */
export interface LoadedFacts<Line> {
  readonly items: readonly Line[];
  /** Whether there are older facts. */
  readonly hasMore: boolean;
}

/**
 * Returns the facts of several lists in one, newest first. Without a filter down to where the first of the lists ends that
 * has more: older ones could miss a fact in between. With one, a list can have read far without a match, so that its last
 * fact does not say how far: then all are returned, and older ones may follow in between.
 */
export function mergeFacts<Line extends { readonly factId: string; readonly time: string }>(
  lists: readonly LoadedFacts<Line>[],
  { isFiltered }: { readonly isFiltered: boolean },
): readonly Line[] {
  const ends = isFiltered ? [] : lists.flatMap(({ items, hasMore }) => (hasMore ? (items.at(-1)?.time ?? []) : []));
  const from = ends.reduce((latest, time) => (time > latest ? time : latest), '');
  const facts = new Map(lists.flatMap(({ items }) => items.map((line) => [line.factId, line] as const)));
  return [...facts.values()]
    .filter(({ time }) => time >= from)
    .toSorted((one, other) => (one.time < other.time ? 1 : one.time > other.time ? -1 : 0));
}
