import { isKey } from '../facts/fact-keys.ts';
import type { KeyRange, List } from '../pages.ts';

// A list is read from an index that has one partition per value that the list can be filtered by. A row names its
// partition in each of these indexes in an attribute of its own, so one Query returns a page of any combination.

/** Values by which a row is found in its list. */
export interface RowValues {
  /** Name of the list: `routes`, `dead-letters#<queue>`. */
  readonly list: string;
  /** The reason of a dead letter. */
  readonly subject?: string | undefined;
  readonly state?: string | undefined;
}

const attributes = {
  list: 'list',
  subject: 'ofSubject',
  state: 'ofState',
  subjectState: 'ofSubjectState',
} as const;

/** Returns the attributes that place a row in the indexes; without the ones of values that it does not have. */
export function listAttributes({ list, subject, state }: RowValues): Readonly<Record<string, string>> {
  const values: readonly (readonly [string, readonly (string | undefined)[]])[] = [
    [attributes.list, [list]],
    [attributes.subject, [list, subject]],
    [attributes.state, [list, state]],
    [attributes.subjectState, [list, subject, state]],
  ];
  return Object.fromEntries(
    values.flatMap(([name, parts]) => {
      const partition = partitionOf(parts);
      return isKey(partition) ? [[name, partition]] : [];
    }),
  );
}

/**
 * Returns the list of the rows with these values.
 * @param table physical name of the projections table
 */
export function filteredList(table: string, values: RowValues, range?: KeyRange): List {
  const { list } = values;
  const [index, hash, parts] = indexOf(values);
  return { table, index, hash, value: partitionOf(parts) ?? list, newestFirst: true, range };
}

function indexOf({ list, subject, state }: RowValues): readonly [string, string, readonly string[]] {
  if (state !== undefined && subject !== undefined)
    return ['by-subject-state', attributes.subjectState, [list, subject, state]];
  if (state !== undefined) return ['by-state', attributes.state, [list, state]];
  if (subject !== undefined) return ['by-subject', attributes.subject, [list, subject]];
  return ['by-time', attributes.list, [list]];
}

/** Returns the partition key; undefined if a part is missing. States contain no `#`. */
function partitionOf(parts: readonly (string | undefined)[]): string | undefined {
  return parts.includes(undefined) ? undefined : parts.join('#');
}
