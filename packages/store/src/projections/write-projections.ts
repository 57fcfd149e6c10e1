import { isDeepStrictEqual } from 'node:util';
import type { Fact, QueuesSampled } from '@dispatcher/contracts';
import { TransactionCanceledException, TransactionConflictException } from '@aws-sdk/client-dynamodb';
import { GetCommand, PutCommand, TransactWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { tryConditionalWrite } from '../conditional-write.ts';
import { expiryOf, orderOf } from '../facts/fact-keys.ts';
import { type FactWriter, pauseBefore } from '../facts/fact-writer.ts';
import { queryOnce } from '../pages.ts';
import { deadLetterValues } from '../lists/dead-letter-filter.ts';
import { listAttributes } from '../lists/list-keys.ts';
import * as z from 'zod/mini';
import { parseItem, type StoredItem } from '../stored-item.ts';
import { RouteResult } from './projection-schemas.ts';
import {
  deadLetterCountKey,
  deadLetterGroup,
  deadLetterKey,
  type ProjectionKey,
  queuesKey,
  routePartition,
  routeResultKey,
  routeStatusKey,
} from './projection-keys.ts';
import { type LatestValue, newestOf, routeRowOf } from './latest-rows.ts';
import {
  isInQueue,
  DeadLetterMessage,
  deadLetterIdOf,
  deadLetterRowOf,
  mergeDeadLetter,
  unknownDeadLetter,
} from './dead-letters.ts';
import { mergeSamples, SampledQueues, toQueues } from './queue-samples.ts';
import { mergeStatus, maxRouteResults, resultOf, RouteStatus } from './route-status.ts';

/**
 * Writes the projections that depend on which fact is the newest. The result does not depend on the order of facts or on
 * repeats, so a retry of the batch makes up for a crash.
 * @throws Error if other writers changed an item at every try
 */
export async function writeProjections(writer: FactWriter, facts: readonly Fact[]): Promise<void> {
  const routes = groupBy(facts, (fact) => routeRowOf(fact)?.routeId);
  const samples = facts.filter((fact) => fact.type === 'queues.sampled');
  await Promise.all([
    ...newestOf(facts).map((latest) => retryUntilUncontended(writer, () => writeLatest(writer, latest))),
    ...routes.map(([routeId, ofRoute]) => writeRoute(writer, routeId, ofRoute)),
    writeDeadLetters(writer, facts),
    ...(samples.length === 0 ? [] : [retryUntilUncontended(writer, () => writeSamples(writer, samples))]),
  ]);
}

function groupBy(
  facts: readonly Fact[],
  nameOf: (fact: Fact) => string | null | undefined,
): readonly (readonly [string, readonly Fact[]])[] {
  const groups = new Map<string, Fact[]>();
  for (const fact of facts) {
    const name = nameOf(fact);
    if (name === null || name === undefined) continue;
    groups.set(name, [...(groups.get(name) ?? []), fact]);
  }
  return [...groups];
}

/** Returns false on a conflict with another writer's transaction, which may update counters in the same item. */
async function writeLatest({ client, tables }: FactWriter, latest: LatestValue): Promise<boolean> {
  const { key, name, order, value, places = {} } = latest;
  const named = Object.entries(places).map(([attribute, place], index) => ({ attribute, place, token: `p${index}` }));
  const set = named.filter(({ place }) => place !== null);
  const removed = named.filter(({ place }) => place === null);
  const update = new UpdateCommand({
    TableName: tables.projections,
    Key: key,
    UpdateExpression: [
      `SET #value = :value, #order = :order${set.map(({ token }) => `, #${token} = :${token}`).join('')}`,
      ...(removed.length === 0 ? [] : [`REMOVE ${removed.map(({ token }) => `#${token}`).join(', ')}`]),
    ].join(' '),
    ConditionExpression: 'attribute_not_exists(#order) OR #order < :order',
    ExpressionAttributeNames: {
      '#value': name,
      '#order': `${name}Order`,
      ...Object.fromEntries(named.map(({ token, attribute }) => [`#${token}`, attribute])),
    },
    ExpressionAttributeValues: {
      ':value': value,
      ':order': order,
      ...Object.fromEntries(set.map(({ token, place }) => [`:${token}`, place])),
    },
  });
  try {
    await tryConditionalWrite(client.send(update));
    return true;
  } catch (error) {
    if (error instanceof TransactionConflictException) return false;
    throw error;
  }
}

// At most two functions write at the same time. After this many conflicts the batch returns to the queue.
const maxTries = 8;

/** Retries a read-merge-write until no other writer changed the item in between. */
async function retryUntilUncontended(writer: FactWriter, tryOnce: () => Promise<boolean>): Promise<void> {
  for (let tries = 1; !(await tryOnce()); tries += 1) {
    if (tries === maxTries)
      throw new Error(`Other writers changed a projection ${tries} times during its update. The batch is retried.`);
    await pauseBefore(writer, tries);
  }
}

type Versioned = StoredItem & { readonly version: number };

/** Returns the put of a merged item, on the condition that the stored item is still the one that was read. */
function putIfUnchanged(writer: FactWriter, read: Versioned | undefined, item: ProjectionKey) {
  const put = { TableName: writer.tables.projections, Item: { ...item, version: (read?.version ?? 0) + 1 } };
  return read === undefined
    ? { ...put, ConditionExpression: 'attribute_not_exists(pk)' }
    : {
        ...put,
        ConditionExpression: 'version = :version',
        ExpressionAttributeValues: { ':version': read.version },
      };
}

async function readVersioned({ client, tables }: FactWriter, key: ProjectionKey): Promise<Versioned | undefined> {
  const { Item: item } = await client.send(
    new GetCommand({ TableName: tables.projections, Key: key, ConsistentRead: true }),
  );
  return item as Versioned | undefined;
}

/**
 * Writes a route's results and its status. Results are items of their own: one item with all thirty would cost ten write
 * units per result. The status is derived from them. It is written after the results, on the condition that no other
 * writer changed it since it was read, so the last status written is based on all results.
 */
async function writeRoute(writer: FactWriter, routeId: string, facts: readonly Fact[]): Promise<void> {
  const results = facts.flatMap((fact) => {
    const result = resultOf(fact);
    return result === null ? [] : [{ order: orderOf(fact), result }];
  });
  for (const { order, result } of results) {
    const item = { ...routeResultKey(routeId, order), result, expiresAt: expiryOf(result.time, writer.retentionDays) };
    await writer.client.send(new PutCommand({ TableName: writer.tables.projections, Item: item }));
  }
  await retryUntilUncontended(writer, () => writeStatus(writer, routeId, facts, results.length > 0));
}

async function writeStatus(
  writer: FactWriter,
  routeId: string,
  facts: readonly Fact[],
  hasResults: boolean,
): Promise<boolean> {
  const { items } = await queryOnce(writer.client, {
    TableName: writer.tables.projections,
    ...newestOfRoute(routeId, hasResults ? maxRouteResults : 0),
    ConsistentRead: true,
  });
  const read = items.find(({ sk }) => sk === routeStatusKey(routeId).sk) as Versioned | undefined;
  const table = writer.tables.projections;
  const known = read === undefined ? null : parseItem(table, read, ({ status }) => z.parse(RouteStatus, status));
  const results = items
    .filter((item) => item !== read)
    .map((item) => parseItem(table, item, ({ result }) => z.parse(RouteResult, result)));
  const merged = mergeStatus(known, facts, hasResults ? results.slice(0, maxRouteResults) : null);
  // Written even if unchanged by new results: it makes a concurrent write that has not read these results fail.
  if (!hasResults && isDeepStrictEqual(merged, known)) return true;
  const item = { ...routeStatusKey(routeId), status: merged };
  return tryConditionalWrite(writer.client.send(new PutCommand(putIfUnchanged(writer, read, item))));
}

/** Returns the query for a route's status and its newest results, which are its last items. */
export function newestOfRoute(routeId: string, results: number) {
  return {
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': routePartition(routeId) },
    ScanIndexForward: false,
    Limit: 1 + results,
  };
}

// One after another: concurrent writes of one group would cancel each other, because all of them change its count.
async function writeDeadLetters(writer: FactWriter, facts: readonly Fact[]): Promise<void> {
  for (const [deadLetterId, ofDeadLetter] of groupBy(facts, deadLetterIdOf)) {
    await retryUntilUncontended(writer, () => writeDeadLetter(writer, deadLetterId, ofDeadLetter));
  }
}

/**
 * Writes a dead letter and the count of its group in one transaction, so the count equals the number of dead letters in
 * the queue. Counting facts would be wrong: two facts can record the same dead letter, or its end.
 */
async function writeDeadLetter(writer: FactWriter, deadLetterId: string, facts: readonly Fact[]): Promise<boolean> {
  const read = await readVersioned(writer, deadLetterKey(deadLetterId));
  const table = writer.tables.projections;
  const known =
    read === undefined
      ? unknownDeadLetter
      : parseItem(table, read, ({ deadLetter }) => z.parse(DeadLetterMessage, deadLetter));
  const merged = mergeDeadLetter(known, facts);
  if (isDeepStrictEqual(merged, known)) return true;
  const actions = [
    { Put: putIfUnchanged(writer, read, toDeadLetterItem(deadLetterId, merged, writer.retentionDays)) },
    ...countChange(table, merged, Number(isInQueue(merged)) - Number(isInQueue(known))),
  ];
  try {
    await writer.client.send(new TransactWriteCommand({ TransactItems: actions }));
    return true;
  } catch (error) {
    if (error instanceof TransactionCanceledException && isTransient(error)) return false;
    throw error;
  }
}

function toDeadLetterItem(deadLetterId: string, deadLetter: DeadLetterMessage, retentionDays?: number) {
  const key = deadLetterKey(deadLetterId);
  const row = deadLetterRowOf(deadLetter);
  if (row === null || deadLetter.recorded === null) return { ...key, deadLetter };
  const { queue, reason } = row;
  const places = listAttributes(deadLetterValues(row));
  const item = { ...key, deadLetter, row, ...places, order: deadLetter.recorded.order };
  // A dead letter that is still in its queue does not expire, because it is counted.
  return isInQueue(deadLetter)
    ? { ...item, group: deadLetterGroup(queue, reason) }
    : { ...item, expiresAt: expiryOf(row.stateAt, retentionDays) };
}

function countChange(table: string, { recorded }: DeadLetterMessage, by: number) {
  if (recorded === null || by === 0) return [];
  const { queue, reason } = recorded.deadLetter;
  const update = {
    TableName: table,
    Key: deadLetterCountKey(queue, reason),
    UpdateExpression: 'ADD inQueue :by SET #queue = :queue, #reason = :reason',
    ExpressionAttributeNames: { '#queue': 'queue', '#reason': 'reason' },
    ExpressionAttributeValues: { ':by': by, ':queue': queue, ':reason': reason },
  };
  return [{ Update: update }];
}

const transient = new Set(['None', 'ConditionalCheckFailed', 'TransactionConflict', 'ThrottlingError']);

function isTransient(error: TransactionCanceledException): boolean {
  return (error.CancellationReasons ?? []).every(({ Code: code = 'None' }) => transient.has(code));
}

async function writeSamples(writer: FactWriter, facts: readonly QueuesSampled[]): Promise<boolean> {
  const read = await readVersioned(writer, queuesKey);
  const known =
    read === undefined
      ? null
      : parseItem(writer.tables.projections, read, ({ sampled }) => z.parse(SampledQueues, sampled));
  const sampled = mergeSamples(known, facts);
  if (sampled === null || isDeepStrictEqual(sampled, known)) return true;
  const item = { ...queuesKey, sampled, value: toQueues(sampled) };
  return tryConditionalWrite(writer.client.send(new PutCommand(putIfUnchanged(writer, read, item))));
}
