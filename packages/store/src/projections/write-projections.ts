import { isDeepStrictEqual } from 'node:util';
import type { Fact, QueuesSampled } from '@dispatcher/contracts';
import { TransactionCanceledException, TransactionConflictException } from '@aws-sdk/client-dynamodb';
import { GetCommand, PutCommand, TransactWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { tryConditionalWrite } from '../conditional-write.ts';
import { expiryOf, orderOf } from '../facts/fact-keys.ts';
import { type FactWriter, pauseBefore } from '../facts/fact-writer.ts';
import { queryOnce } from '../pages.ts';
import type { RouteResult } from './projection-schemas.ts';
import {
  deadLetterCountKey,
  deadLetterGroup,
  deadLetterKey,
  deadLetterList,
  type ProjectionKey,
  queuesKey,
  routePartition,
  routeResultKey,
  routeStatusKey,
} from './projection-keys.ts';
import { type LatestValue, newestOf, routeRowOf } from './latest-rows.ts';
import {
  isHeld,
  type DeadLetterMessage,
  deadLetterIdOf,
  deadLetterRowOf,
  mergeDeadLetter,
  unknownDeadLetter,
} from './dead-letters.ts';
import { mergeSamples, queuesAnswer, type SampledQueues } from './queue-samples.ts';
import { mergeStatus, mostResults, resultOf, type RouteStatus } from './route-status.ts';

/**
 * Writes what depends on which fact is the newest. It comes to the same whatever the order of the facts and however
 * often they come; so a crash in the middle of it is made good by the repeat of the batch.
 * @throws Error when an item was written by others at every try
 */
export async function writeProjections(writer: FactWriter, facts: readonly Fact[]): Promise<void> {
  const routes = groupBy(facts, (fact) => routeRowOf(fact)?.routeId);
  const samples = facts.filter((fact) => fact.type === 'queues.sampled');
  await Promise.all([
    ...newestOf(facts).map((latest) => untilAlone(writer, () => writeLatest(writer, latest))),
    ...routes.map(([routeId, ofRoute]) => writeRoute(writer, routeId, ofRoute)),
    writeDeadLetters(writer, facts),
    ...(samples.length === 0 ? [] : [untilAlone(writer, () => writeSamples(writer, samples))]),
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

/** False where another writer's transaction held the item: counters stand beside some of these values. */
async function writeLatest({ client, tables }: FactWriter, { key, name, order, value }: LatestValue): Promise<boolean> {
  const update = new UpdateCommand({
    TableName: tables.projections,
    Key: key,
    UpdateExpression: 'SET #value = :value, #order = :order',
    ConditionExpression: 'attribute_not_exists(#order) OR #order < :order',
    ExpressionAttributeNames: { '#value': name, '#order': `${name}Order` },
    ExpressionAttributeValues: { ':value': value, ':order': order },
  });
  try {
    await tryConditionalWrite(client.send(update));
    return true;
  } catch (error) {
    if (error instanceof TransactionConflictException) return false;
    throw error;
  }
}

// Two functions at most write at the same time; whoever meets others this often had better go back to the queue.
const maxTries = 8;

/** Reads, merges and writes again until nobody wrote in between. */
async function untilAlone(writer: FactWriter, tryOnce: () => Promise<boolean>): Promise<void> {
  for (let tries = 1; !(await tryOnce()); tries += 1) {
    if (tries === maxTries) throw new Error(`A projection was written by others ${tries} times; it is tried again.`);
    await pauseBefore(writer, tries);
  }
}

type Versioned = Readonly<Record<string, unknown>> & { readonly version: number };

/** The put of a merged item, under the condition that it is still the one that was read. */
function putOver(writer: FactWriter, read: Versioned | undefined, item: ProjectionKey) {
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
 * A route's results are items of their own: an item that held all thirty would cost ten write units for each. Its
 * status holds what follows from them. It is written after the results and on the condition that nobody wrote it since
 * it was read, so the last status is one of whoever saw all results.
 */
async function writeRoute(writer: FactWriter, routeId: string, facts: readonly Fact[]): Promise<void> {
  const results = facts.flatMap((fact) => {
    const result = resultOf(fact);
    return result === null ? [] : [{ order: orderOf(fact), result }];
  });
  for (const { order, result } of results) {
    const item = { ...routeResultKey(routeId, order), result, expiresAt: expiryOf(result.time) };
    await writer.client.send(new PutCommand({ TableName: writer.tables.projections, Item: item }));
  }
  await untilAlone(writer, () => writeStatus(writer, routeId, facts, results.length > 0));
}

async function writeStatus(
  writer: FactWriter,
  routeId: string,
  facts: readonly Fact[],
  hasResults: boolean,
): Promise<boolean> {
  const { items } = await queryOnce(writer.client, {
    TableName: writer.tables.projections,
    ...newestOfRoute(routeId, hasResults ? mostResults : 0),
    ConsistentRead: true,
  });
  const read = items.find(({ sk }) => sk === routeStatusKey(routeId).sk) as Versioned | undefined;
  const known = (read?.['status'] ?? null) as RouteStatus | null;
  const results = items.flatMap(({ result }) => (result === undefined ? [] : [result as RouteResult]));
  const merged = mergeStatus(known, facts, hasResults ? results.slice(0, mostResults) : null);
  // Not skipped where the results left it as it was: another writer who has not seen them must not write after this.
  if (!hasResults && isDeepStrictEqual(merged, known)) return true;
  const item = { ...routeStatusKey(routeId), status: merged };
  return tryConditionalWrite(writer.client.send(new PutCommand(putOver(writer, read, item))));
}

/** Of one route, from the end: its status, then its newest results. */
export function newestOfRoute(routeId: string, results: number) {
  return {
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': routePartition(routeId) },
    ScanIndexForward: false,
    Limit: 1 + results,
  };
}

// One after another: those of one group would only cancel each other, because all of them change its count.
async function writeDeadLetters(writer: FactWriter, facts: readonly Fact[]): Promise<void> {
  for (const [deadLetterId, ofLetter] of groupBy(facts, deadLetterIdOf)) {
    await untilAlone(writer, () => writeDeadLetter(writer, deadLetterId, ofLetter));
  }
}

/**
 * The letter and the count of its group change together or not at all, so the count is the number of letters that are
 * held. Facts cannot be counted for it: two may tell that the same letter became one, or left.
 */
async function writeDeadLetter(writer: FactWriter, deadLetterId: string, facts: readonly Fact[]): Promise<boolean> {
  const read = await readVersioned(writer, deadLetterKey(deadLetterId));
  const known = (read?.['deadLetter'] ?? unknownDeadLetter) as DeadLetterMessage;
  const merged = mergeDeadLetter(known, facts);
  if (isDeepStrictEqual(merged, known)) return true;
  const actions = [
    { Put: putOver(writer, read, letterItem(deadLetterId, merged)) },
    ...countChange(writer.tables.projections, merged, Number(isHeld(merged)) - Number(isHeld(known))),
  ];
  try {
    await writer.client.send(new TransactWriteCommand({ TransactItems: actions }));
    return true;
  } catch (error) {
    if (error instanceof TransactionCanceledException && isPassing(error)) return false;
    throw error;
  }
}

function letterItem(deadLetterId: string, deadLetter: DeadLetterMessage) {
  const key = deadLetterKey(deadLetterId);
  const row = deadLetterRowOf(deadLetter);
  if (row === null || deadLetter.told === null) return { ...key, deadLetter };
  const { queue, reason } = row;
  const item = { ...key, deadLetter, row, list: deadLetterList(queue), order: deadLetter.told.order };
  // One that is held stays, because it is counted.
  return isHeld(deadLetter)
    ? { ...item, group: deadLetterGroup(queue, reason) }
    : { ...item, expiresAt: expiryOf(row.stateAt) };
}

function countChange(table: string, { told }: DeadLetterMessage, by: number) {
  if (told === null || by === 0) return [];
  const { queue, reason } = told.deadLetter;
  const update = {
    TableName: table,
    Key: deadLetterCountKey(queue, reason),
    UpdateExpression: 'ADD held :by SET #queue = :queue, #reason = :reason',
    ExpressionAttributeNames: { '#queue': 'queue', '#reason': 'reason' },
    ExpressionAttributeValues: { ':by': by, ':queue': queue, ':reason': reason },
  };
  return [{ Update: update }];
}

const passing = new Set(['None', 'ConditionalCheckFailed', 'TransactionConflict', 'ThrottlingError']);

function isPassing(error: TransactionCanceledException): boolean {
  return (error.CancellationReasons ?? []).every(({ Code: code = 'None' }) => passing.has(code));
}

async function writeSamples(writer: FactWriter, facts: readonly QueuesSampled[]): Promise<boolean> {
  const read = await readVersioned(writer, queuesKey);
  const known = (read?.['sampled'] ?? null) as SampledQueues | null;
  const sampled = mergeSamples(known, facts);
  if (sampled === null || isDeepStrictEqual(sampled, known)) return true;
  const item = { ...queuesKey, sampled, answer: queuesAnswer(sampled) };
  return tryConditionalWrite(writer.client.send(new PutCommand(putOver(writer, read, item))));
}
