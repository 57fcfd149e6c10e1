import type { Commit, Repository, State } from './entities.ts';

type Key = string | number;

/**
 * The state as rows, so that a change writes only the rows that it changed. A row is an entity, a commit, a token, a
 * counter, or one of the state's other fields. Rows keep the order in which they were added.
 */
export type Tables = Map<string, Map<Key, unknown>>;

/** Puts a row, or deletes it if there is no value. */
export type RowChange = readonly [table: string, key: Key] | readonly [table: string, key: Key, value: unknown];

const LISTS = [
  'owners',
  'repositories',
  'installations',
  'runs',
  'issues',
  'checkSuites',
  'checkRuns',
  'deliveries',
] as const;
const RECORDS = ['tokens', 'counters'] as const;
type FieldName = Exclude<keyof State, (typeof LISTS)[number] | (typeof RECORDS)[number]>;

/** The other fields of the state, one row each. */
const FIELDS = 'fields';

/** Commits contain all files of their repository. In rows of their own, a push does not write the earlier ones again. */
function commitsTable(repositoryId: number): string {
  return `commits/${repositoryId}`;
}

/** Rows that never change once they exist. They are compared by identity, and not copied. */
function isImmutable(table: string): boolean {
  return table === 'deliveries' || table.startsWith('commits/');
}

/** The current rows of a table. Two arrays are compared several times as fast as a map, at every save. */
interface CurrentTable {
  readonly table: string;
  readonly keys: readonly Key[];
  readonly values: readonly unknown[];
}

/** Returns the rows of a state. Values are the state's own objects, except that repositories are without commits. */
function rowsOf(state: State): CurrentTable[] {
  const fields: Partial<State> = { ...state };
  for (const name of [...LISTS, ...RECORDS]) {
    delete fields[name];
  }
  return [
    ...LISTS.map((table) => ({
      table,
      keys: state[table].map(({ id }) => id),
      values: table === 'repositories' ? state.repositories.map(withoutCommits) : state[table],
    })),
    ...RECORDS.map((table) => recordRows(table, state[table])),
    ...state.repositories.map(({ id, commits }) => recordRows(commitsTable(id), commits)),
    recordRows(FIELDS, fields),
  ];
}

function withoutCommits(repository: Repository): Omit<Repository, 'commits'> {
  const { commits: _, ...rest } = repository;
  return rest;
}

function recordRows(table: string, record: Readonly<Record<string, unknown>>): CurrentTable {
  return { table, keys: Object.keys(record), values: Object.values(record) };
}

/** Returns the state of these rows. It shares only immutable rows with them. */
export function stateOfRows(tables: Tables): State {
  const values = <T>(table: string): T[] =>
    [...(tables.get(table)?.values() ?? [])].map((row) => copyOf(table, row) as T);
  const record = <T>(table: string): Record<string, T> =>
    Object.fromEntries([...(tables.get(table) ?? [])].map(([key, row]) => [key, copyOf(table, row) as T]));
  return {
    ...(record(FIELDS) as unknown as Pick<State, FieldName>),
    owners: values('owners'),
    repositories: values<Omit<Repository, 'commits'>>('repositories').map((repository) => ({
      ...repository,
      commits: record<Commit>(commitsTable(repository.id)),
    })),
    installations: values('installations'),
    runs: values('runs'),
    issues: values('issues'),
    checkSuites: values('checkSuites'),
    checkRuns: values('checkRuns'),
    deliveries: values('deliveries'),
    tokens: record('tokens'),
    counters: record('counters'),
  };
}

/**
 * Returns the changes from the saved rows to the state, with copies of what can change later. Compares in memory, so
 * that no code has to announce what it changed: forgetting that would lose the change at the next restart.
 */
export function changesSince(saved: Tables, state: State): RowChange[] {
  const current = rowsOf(state);
  const names = new Set(current.map(({ table }) => table));
  const removed = [...saved.keys()].filter((table) => !names.has(table));
  return [
    ...removed.flatMap((table) => changesOfTable({ table, keys: [], values: [] }, saved.get(table))),
    ...current.flatMap((rows) => changesOfTable(rows, saved.get(rows.table))),
  ];
}

function changesOfTable(
  { table, keys, values }: CurrentTable,
  saved: ReadonlyMap<Key, unknown> = new Map(),
): RowChange[] {
  const isSame = isImmutable(table) ? Object.is : isSameJson;
  const changes: RowChange[] = [];
  const put = (index: number) => changes.push([table, keys[index] ?? '', copyOf(table, values[index])]);
  let current: ReadonlySet<Key> | undefined;
  let index = 0;
  let isInPlace = true;
  for (const [key, value] of saved) {
    if (isInPlace && key === keys[index]) {
      if (!isSame(value, values[index])) put(index);
      index += 1;
    } else {
      // Deleted; or behind a row that moved: put again below, so that it has the same place after a restart.
      current ??= new Set(keys);
      isInPlace &&= !current.has(key);
      changes.push([table, key]);
    }
  }
  for (; index < keys.length; index += 1) put(index);
  return changes;
}

/** Applies changes to rows. */
export function applyChanges(tables: Tables, changes: readonly RowChange[]): void {
  for (const [table, key, ...value] of changes) {
    const rows = tables.get(table) ?? new Map<Key, unknown>();
    tables.set(table, rows);
    if (value.length === 0) {
      rows.delete(key);
    } else {
      rows.set(key, value[0]);
    }
  }
}

/** Returns all rows as changes of an empty state. */
export function* changesOfRows(tables: Tables): Generator<RowChange> {
  for (const [table, rows] of tables) {
    for (const [key, value] of rows) {
      yield [table, key, value];
    }
  }
}

function copyOf(table: string, row: unknown): unknown {
  return isImmutable(table) ? row : structuredClone(row);
}

/** Much faster than `isDeepStrictEqual`, which matters because each save compares the whole state. */
function isSameJson(left: unknown, right: unknown): boolean {
  if (left === right) {
    return true;
  }
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) {
    return false;
  }
  if (Array.isArray(left) !== Array.isArray(right)) {
    return false;
  }
  const rights = right as Record<string, unknown>;
  let names = 0;
  for (const name in left) {
    if (!isSameJson((left as Record<string, unknown>)[name], rights[name])) {
      return false;
    }
    names += 1;
  }
  for (const _ in right) {
    names -= 1;
  }
  return names === 0;
}
