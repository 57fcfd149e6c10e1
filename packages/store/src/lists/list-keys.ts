import { isKey } from '../facts/fact-keys.ts';
import type { KeyRange, List } from '../pages.ts';

// A list is read from an index that has one partition per value that the list can be filtered by. A row names its
// partition in each of these indexes in an attribute of its own, so one Query returns a page of any combination.

/** Values by which a row is found in its list. */
export interface RowValues {
  /** Name of the list: `deliveries`, `dispatches`, `audit`, `dead-letters#<queue>`. */
  readonly list: string;
  /** A repository in lower case, or the operator of the audit log. */
  readonly subject?: string | undefined;
  readonly state?: string | undefined;
  readonly code?: string | undefined;
}

const attributes = {
  list: 'list',
  subject: 'ofSubject',
  state: 'ofState',
  subjectState: 'ofSubjectState',
  code: 'ofCode',
  subjectCode: 'ofSubjectCode',
} as const;

/** Returns the attributes that place a row in the indexes; without the ones of values that it does not have. */
export function listAttributes({ list, subject, state, code }: RowValues): Readonly<Record<string, string>> {
  const values: readonly (readonly [string, readonly (string | undefined)[]])[] = [
    [attributes.list, [list]],
    [attributes.subject, [list, subject]],
    [attributes.state, [list, state]],
    [attributes.subjectState, [list, subject, state]],
    [attributes.code, [list, code]],
    [attributes.subjectCode, [list, subject, code]],
  ];
  return Object.fromEntries(
    values.flatMap(([name, parts]) => {
      const partition = partitionOf(parts);
      return isKey(partition) ? [[name, partition]] : [];
    }),
  );
}

/** Returns the attributes that place a stored row in the indexes. */
export function placesOf(item: object): Readonly<Record<string, string>> {
  const places = Object.values(attributes).map((name) => [name, (item as Record<string, unknown>)[name]] as const);
  return Object.fromEntries(places.filter((place): place is [(typeof place)[0], string] => place[1] !== undefined));
}

/**
 * Returns the list of the rows with these values: `state` or `code`, not both.
 * @param table physical name of the projections table
 */
export function filteredList(table: string, { list, subject, state, code }: RowValues, range?: KeyRange): List {
  const [index, hash, parts] = indexOf({ list, subject, state, code });
  return { table, index, hash, value: partitionOf(parts) ?? list, newestFirst: true, range };
}

function indexOf({ list, subject, state, code }: RowValues): readonly [string, string, readonly string[]] {
  if (code !== undefined && subject !== undefined)
    return ['by-subject-code', attributes.subjectCode, [list, subject, code]];
  if (code !== undefined) return ['by-code', attributes.code, [list, code]];
  if (state !== undefined && subject !== undefined)
    return ['by-subject-state', attributes.subjectState, [list, subject, state]];
  if (state !== undefined) return ['by-state', attributes.state, [list, state]];
  if (subject !== undefined) return ['by-subject', attributes.subject, [list, subject]];
  return ['by-time', attributes.list, [list]];
}

/** Returns the partition key; undefined if a part is missing. States and codes contain no `#`. */
function partitionOf(parts: readonly (string | undefined)[]): string | undefined {
  return parts.includes(undefined) ? undefined : parts.join('#');
}
