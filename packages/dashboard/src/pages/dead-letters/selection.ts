// Which dead letters of a list are selected.

/** The API acts on at most so many ids in one action. */
export const maxSelected = 100;

/** Whether something can be done about a dead letter: it is still in its dead-letter queue. */
export const isActionable = ({ state }: { readonly state: string }): boolean =>
  state === 'open' || state === 'quarantined';

export function toggled(selected: readonly string[], id: string): readonly string[] {
  if (selected.includes(id)) return selected.filter((each) => each !== id);
  return selected.length < maxSelected ? [...selected, id] : selected;
}

/** Selects all, as far as the API allows; if that is so already, none. */
export function toggledAll(selected: readonly string[], ids: readonly string[]): readonly string[] {
  const all = ids.slice(0, maxSelected);
  return selected.length === all.length ? [] : all;
}
