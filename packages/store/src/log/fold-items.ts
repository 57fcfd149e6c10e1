import { isDeepStrictEqual } from 'node:util';
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import {
  type Kind,
  type Projection,
  projections,
  type States,
  type Subject,
  subjectsOf,
} from '@dispatcher/projections';
import { tryConditionalWrite } from '../conditional-write.ts';
import { type FactWriter, pauseBefore } from '../facts/fact-writer.ts';
import { itemOf, keyOf } from '../projections/projection-items.ts';
import { parseItem, type StoredItem } from '../stored-item.ts';
import { getItems } from './get-items.ts';
import { concurrently, inGroups } from './concurrently.ts';
import type { LoggedFact } from './slices.ts';
import { formatUpTo, parseUpTo, type UpTo } from './up-to.ts';

/** The facts of one slice that change one item. */
export interface Change {
  readonly subject: Subject;
  readonly facts: readonly LoggedFact[];
}

/** A projection item as it is stored. */
export interface FoldedItem {
  readonly upTo: UpTo;
  readonly state: States[Kind];
}

/** Returns the facts of a slice by the items that they change. */
export function changesOf(facts: readonly LoggedFact[]): Change[] {
  const changes = new Map<string, { readonly subject: Subject; readonly facts: LoggedFact[] }>();
  for (const logged of facts) {
    for (const subject of subjectsOf(logged.fact)) {
      const name = `${subject.kind} ${subject.name}`;
      const change = changes.get(name) ?? { subject, facts: [] };
      change.facts.push(logged);
      changes.set(name, change);
    }
  }
  return [...changes.values()];
}

// Items of one group are read with one request.
const itemsPerGroup = 100;
const groupsAtOnce = 4;
const putsAtOnce = 16;
const maxTries = 10;

/**
 * Folds a slice into its items. An item takes only facts of later entries than it has, and is put on the condition that
 * it is as it was read. So two roll-ups at once, a crash between any two items, and a longer slice at the next try
 * change nothing.
 * @param last the number of the slice's last entry
 */
export async function foldItems(
  writer: FactWriter,
  shard: number,
  facts: readonly LoggedFact[],
  last: number,
): Promise<void> {
  const { projections: table } = writer.tables;
  await concurrently(inGroups(changesOf(facts), itemsPerGroup), groupsAtOnce, async (group) => {
    const keys = group.map(({ subject }) => keyOf(subject));
    const found = await getItems(writer, table, keys);
    await concurrently(group, putsAtOnce, (change) =>
      foldItem(writer, { shard, last }, change, found.get(keyOf(change.subject))),
    );
  });
}

async function foldItem(
  writer: FactWriter,
  slice: { readonly shard: number; readonly last: number },
  { subject, facts }: Change,
  found: StoredItem | undefined,
): Promise<void> {
  let item = found;
  for (let tries = 1; !(await tryFold(writer, slice, subject, facts, item)); tries += 1) {
    if (tries === maxTries) {
      throw new Error(
        `Other roll-ups changed the ${subject.kind} ${subject.name} ${tries} times during its fold. The next roll-up tries again.`,
      );
    }
    await pauseBefore(writer, Math.min(tries, 3));
    item = await readItem(writer, subject);
  }
}

/** @returns false if another roll-up changed the item since it was read */
async function tryFold(
  { client, tables, retentionDays }: FactWriter,
  { shard, last }: { readonly shard: number; readonly last: number },
  subject: Subject,
  facts: readonly LoggedFact[],
  read: StoredItem | undefined,
): Promise<boolean> {
  const known = read === undefined ? null : parseFolded(tables.projections, subject.kind, read);
  const own = facts.filter(({ entry }) => entry > (known?.upTo.get(shard) ?? 0)).map(({ fact }) => fact);
  if (own.length === 0) return true;
  const state = projectionOf(subject.kind).fold(known?.state ?? null, own);
  if (state === null) return true;
  const upTo = formatUpTo(new Map([...(known?.upTo ?? []), [shard, last]]));
  const condition =
    read === undefined
      ? { ConditionExpression: 'attribute_not_exists(pk)' }
      : { ConditionExpression: 'upTo = :read', ExpressionAttributeValues: { ':read': read['upTo'] } };
  const Item = itemOf(subject, state, upTo, retentionDays);
  return tryConditionalWrite(client.send(new PutCommand({ TableName: tables.projections, Item, ...condition })));
}

async function readItem({ client, tables }: FactWriter, subject: Subject): Promise<StoredItem | undefined> {
  const { Item: item } = await client.send(
    new GetCommand({ TableName: tables.projections, Key: keyOf(subject), ConsistentRead: true }),
  );
  return item as StoredItem | undefined;
}

/** Returns the projection of a kind that is only known when the program runs. */
export function projectionOf(kind: Kind): Projection<States[Kind]> {
  return projections[kind] as unknown as Projection<States[Kind]>;
}

/** @throws StoredItemError if the item is not a state of this kind */
export function parseFolded(table: string, kind: Kind, item: StoredItem): FoldedItem {
  return parseItem(table, item, ({ upTo, state }) => ({
    upTo: parseUpTo(upTo),
    state: projectionOf(kind).parse(state),
  }));
}

/** Returns whether two states are the same as stored: without attributes that are undefined. */
export function isSameState(left: unknown, right: unknown): boolean {
  return isDeepStrictEqual(withoutUndefined(left), withoutUndefined(right));
}

const withoutUndefined = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
