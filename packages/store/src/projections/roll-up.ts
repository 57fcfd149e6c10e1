import { type DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { tryConditionalWrite } from '../conditional-write.ts';
import type { FactTables } from '../facts/fact-writer.ts';
import * as z from 'zod/mini';
import { queryOnce } from '../pages.ts';
import { parseItem, type StoredItem } from '../stored-item.ts';
import { DeadLetter, type DeadLetterSummary, Summary, type SummaryWindow } from './projection-schemas.ts';
import type { Counters } from './counters.ts';
import {
  allTimeKey,
  freshnessKey,
  deadLetterGroup,
  deadLetterKey,
  deadLetterSummaryKey,
  partitions,
  type ProjectionKey,
  sampleClaimKey,
  scanClaimKey,
  summaryKey,
  trendKey,
} from './projection-keys.ts';
import { DeadLetterMessage } from './dead-letters.ts';
import { type Freshness, summaryOf, trendOf, windowStarts } from './summaries.ts';

/**
 * Computes summaries from counters. Idempotent: it overwrites and never increments, so late, repeated or skipped runs are
 * safe. A value is never replaced by one of an earlier time. Times are milliseconds since the epoch.
 */
export interface RollUp {
  /** Replaces the summaries of all windows and the trend. */
  setSummaries(at: number): Promise<Freshness>;
  /**
   * Replaces the dead-letter summary and returns it.
   * @param queueDepths number of messages in each dead-letter queue, by source queue
   */
  setDeadLetterSummary(at: number, queueDepths: ReadonlyMap<string, number>): Promise<DeadLetterSummary>;
  /** Returns whether a fact has recorded this dead letter. */
  isDeadLetterRecorded(deadLetterId: string): Promise<boolean>;
  /** Returns true for one caller a minute: that caller samples the queues. */
  claimSample(minute: string): Promise<boolean>;
  /** Returns true for one caller in each interval: that caller scans the undelivered events. */
  claimScan(interval: string): Promise<boolean>;
}

interface RollUpOptions {
  readonly client: DynamoDBDocumentClient;
  readonly tables: FactTables;
}

export function createRollUp(options: RollUpOptions): RollUp {
  return {
    setSummaries: (at) => setSummaries(options, at),
    setDeadLetterSummary: async (at, queueDepths) => {
      const summary = await summarizeDeadLetters(options, at, queueDepths);
      await putValue(options, deadLetterSummaryKey, at, summary);
      return summary;
    },
    isDeadLetterRecorded: async (deadLetterId) => {
      const item = await readItem(options, deadLetterKey(deadLetterId));
      if (item === undefined) return false;
      const { recorded } = parse(options, item, ({ deadLetter }) => z.parse(DeadLetterMessage, deadLetter));
      return recorded !== null;
    },
    claimSample: (minute) => claim(options, sampleClaimKey, minute),
    claimScan: (interval) => claim(options, scanClaimKey, interval),
  };
}

async function setSummaries(options: RollUpOptions, at: number): Promise<Freshness> {
  const starts = { hour: windowStarts.hour(at), day: windowStarts.day(at), week: windowStarts.week(at) };
  const [minutes, hours, allTime, freshness] = await Promise.all([
    readBuckets(options, partitions.minutes, minuteName(starts.hour), minuteName(at)),
    readBuckets(options, partitions.hours, hourName(starts.week), hourName(at)),
    readItem(options, allTimeKey),
    readFreshness(options),
  ]);
  const ofDay = [...hours].filter(([hour]) => hour >= hourName(starts.day)).map(([, counters]) => counters);
  const windows: readonly (readonly [SummaryWindow, number | null, readonly Counters[]])[] = [
    ['hour', starts.hour, [...minutes.values()]],
    ['day', starts.day, ofDay],
    ['week', starts.week, [...hours.values()]],
    ['all', null, allTime === undefined ? [] : [countersOf(options, allTime)]],
  ];
  await Promise.all([
    putValue(options, trendKey, at, trendOf(at, hours)),
    ...windows.map(([window, from, buckets]) =>
      putValue(options, summaryKey(window), at, summaryOf(window, at, from, buckets, freshness)),
    ),
  ]);
  return freshness;
}

const minuteName = (at: number): string => new Date(at).toISOString().slice(0, 16);
const hourName = (at: number): string => new Date(at).toISOString().slice(0, 13);

/** Reads the buckets from `first` to `last`, by name. */
async function readBuckets(
  options: RollUpOptions,
  partition: string,
  first: string,
  last: string,
): Promise<ReadonlyMap<string, Counters>> {
  const items = await readAll(options.client, {
    TableName: options.tables.projections,
    KeyConditionExpression: 'pk = :pk AND sk BETWEEN :first AND :last',
    ExpressionAttributeValues: { ':pk': partition, ':first': first, ':last': last },
  });
  return new Map(items.map((item) => [item.sk, countersOf(options, item)]));
}

// Reads all pages: a page ends at 1 MB, which a week of hours can approach.
async function readAll(
  client: DynamoDBDocumentClient,
  query: Parameters<typeof queryOnce>[1],
): Promise<readonly StoredItem[]> {
  const all: StoredItem[] = [];
  let start: Record<string, unknown> | undefined;
  do {
    const { items, last } = await queryOnce(client, {
      ...query,
      ...(start === undefined ? {} : { ExclusiveStartKey: start }),
    });
    all.push(...items);
    start = last;
  } while (start !== undefined);
  return all;
}

/** Parses an item of the projections table. */
function parse<T>({ tables }: RollUpOptions, item: StoredItem, parseOne: (item: StoredItem) => T): T {
  return parseItem(tables.projections, item, parseOne);
}

const StoredCounters = z.record(z.string(), z.int());
const DeadLetterCount = z.object({ queue: z.string(), reason: z.string(), open: z.int() });

function countersOf(options: RollUpOptions, item: StoredItem): Counters {
  const { pk: _, sk: __, expiresAt: ___, ...counters } = item;
  return parse(options, item, () => z.parse(StoredCounters, counters));
}

async function readItem({ client, tables }: RollUpOptions, key: ProjectionKey) {
  const { Item: item } = await client.send(new GetCommand({ TableName: tables.projections, Key: key }));
  return item as StoredItem | undefined;
}

async function readFreshness(options: RollUpOptions): Promise<Freshness> {
  const item = await readItem(options, freshnessKey);
  if (item === undefined) return { lastDeliveryAt: null, checkedUntil: null, checkLagMs: null };
  return parse(options, item, ({ lastDeliveryAt = null, check }) =>
    z.parse(Summary.shape.freshness, {
      lastDeliveryAt,
      ...(check === undefined ? { checkedUntil: null, checkLagMs: null } : (check as object)),
    }),
  );
}

/** Writes the value unless a roll-up of the same or a later time is stored: an older one would be out of date. */
async function putValue({ client, tables }: RollUpOptions, key: ProjectionKey, at: number, value: object) {
  await tryConditionalWrite(
    client.send(
      new PutCommand({
        TableName: tables.projections,
        Item: { ...key, rolledUpAt: at, value },
        ConditionExpression: 'attribute_not_exists(pk) OR rolledUpAt < :at',
        ExpressionAttributeValues: { ':at': at },
      }),
    ),
  );
}

async function summarizeDeadLetters(
  options: RollUpOptions,
  at: number,
  queueDepths: ReadonlyMap<string, number>,
): Promise<DeadLetterSummary> {
  const { client, tables } = options;
  const counts = await readAll(client, {
    TableName: tables.projections,
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': partitions.deadLetterCounts },
  });
  const counted = counts.map((item) =>
    parse(options, item, ({ queue, reason, inQueue: open }) => z.parse(DeadLetterCount, { queue, reason, open })),
  );
  const groups = await Promise.all(
    counted
      .filter(({ open }) => open > 0)
      .map(async (group) => ({ ...group, sample: await newestSampleOf(options, group.queue, group.reason) })),
  );
  const names = new Set([...queueDepths.keys(), ...counted.map(({ queue }) => queue)]);
  return {
    rolledUpAt: new Date(at).toISOString(),
    // The index of samples follows the counts within about a second. The next roll-up includes a missing group.
    groups: groups.flatMap(({ sample, ...group }) => (sample === null ? [] : [{ ...group, sample }])),
    queues: [...names].map((queue) => {
      const recorded = counted.reduce((sum, { queue: of, open }) => sum + (of === queue ? open : 0), 0);
      const queueDepth = queueDepths.get(queue) ?? 0;
      return { queue, recorded, queueDepth, difference: queueDepth - recorded };
    }),
  };
}

/** Reads the newest dead letter of one group that is still in its queue. */
async function newestSampleOf(options: RollUpOptions, queue: string, reason: string): Promise<DeadLetter | null> {
  const { items } = await queryOnce(options.client, {
    TableName: options.tables.projections,
    IndexName: 'by-group',
    KeyConditionExpression: '#group = :group',
    ExpressionAttributeNames: { '#group': 'group' },
    ExpressionAttributeValues: { ':group': deadLetterGroup(queue, reason) },
    ScanIndexForward: false,
    Limit: 1,
  });
  const [newest] = items;
  return newest === undefined ? null : parse(options, newest, ({ row }) => z.parse(DeadLetter, row));
}

/** Returns true for the first caller of a time that is later than the last one claimed. */
async function claim({ client, tables }: RollUpOptions, key: ProjectionKey, minute: string): Promise<boolean> {
  return tryConditionalWrite(
    client.send(
      new UpdateCommand({
        TableName: tables.projections,
        Key: key,
        UpdateExpression: 'SET #minute = :minute',
        ConditionExpression: 'attribute_not_exists(#minute) OR #minute < :minute',
        ExpressionAttributeNames: { '#minute': 'minute' },
        ExpressionAttributeValues: { ':minute': minute },
      }),
    ),
  );
}
