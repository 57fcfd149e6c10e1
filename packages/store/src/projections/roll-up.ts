import { type DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { tryConditionalWrite } from '../conditional-write.ts';
import type { FactTables } from '../facts/fact-writer.ts';
import { queryOnce, type StoredItem } from '../pages.ts';
import type { DeadLetter, DeadLetterSummary, SummaryWindow } from './projection-schemas.ts';
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
  summaryKey,
  trendKey,
} from './projection-keys.ts';
import type { DeadLetterMessage } from './dead-letters.ts';
import { type Freshness, summaryOf, trendOf, windowStarts } from './summaries.ts';

/**
 * Sets what a window of time comes to, out of counters: nothing is added, so that one run more, one less or one late
 * changes nothing for good. An answer is never replaced by one of an earlier time. Times are milliseconds since the
 * epoch.
 */
export interface RollUp {
  setSummaries(at: number): Promise<Freshness>;
  /**
   * @param held what each dead-letter queue holds, by the queue its messages were of
   * @returns what it comes to
   */
  setDeadLetterSummary(at: number, held: ReadonlyMap<string, number>): Promise<DeadLetterSummary>;
  /** Whether a fact told that this letter became one. */
  isLetterTold(deadLetterId: string): Promise<boolean>;
  /** True for one caller a minute: whoever may tell of the queues in that minute. */
  claimSample(minute: string): Promise<boolean>;
}

interface RollUpOptions {
  readonly client: DynamoDBDocumentClient;
  readonly tables: FactTables;
}

export function createRollUp(options: RollUpOptions): RollUp {
  return {
    setSummaries: (at) => setSummaries(options, at),
    setDeadLetterSummary: async (at, held) => {
      const summary = await deadLetters(options, at, held);
      await setAnswer(options, deadLetterSummaryKey, at, summary);
      return summary;
    },
    isLetterTold: async (deadLetterId) => {
      const known = (await readItem(options, deadLetterKey(deadLetterId)))?.['deadLetter'] as
        | DeadLetterMessage
        | undefined;
      return known !== undefined && known.told !== null;
    },
    claimSample: (minute) => claimSample(options, minute),
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
    ['all', null, allTime === undefined ? [] : [countersOf(allTime)]],
  ];
  await Promise.all([
    setAnswer(options, trendKey, at, trendOf(at, hours)),
    ...windows.map(([window, from, buckets]) =>
      setAnswer(options, summaryKey(window), at, summaryOf(window, at, from, buckets, freshness)),
    ),
  ]);
  return freshness;
}

const minuteName = (at: number): string => new Date(at).toISOString().slice(0, 16);
const hourName = (at: number): string => new Date(at).toISOString().slice(0, 13);

/** Every bucket of the list from the first to the last, by its name. */
async function readBuckets(
  { client, tables }: RollUpOptions,
  partition: string,
  first: string,
  last: string,
): Promise<ReadonlyMap<string, Counters>> {
  const items = await readAll(client, {
    TableName: tables.projections,
    KeyConditionExpression: 'pk = :pk AND sk BETWEEN :first AND :last',
    ExpressionAttributeValues: { ':pk': partition, ':first': first, ':last': last },
  });
  return new Map(items.map((item) => [item.sk, countersOf(item)]));
}

// A page ends at 1 MB, which a week of hours may come near.
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

function countersOf(item: Readonly<Record<string, unknown>>): Counters {
  const { pk: _, sk: __, expiresAt: ___, ...counters } = item;
  return counters as Counters;
}

async function readItem({ client, tables }: RollUpOptions, key: ProjectionKey) {
  const { Item: item } = await client.send(new GetCommand({ TableName: tables.projections, Key: key }));
  return item;
}

async function readFreshness(options: RollUpOptions): Promise<Freshness> {
  const item = await readItem(options, freshnessKey);
  const check = item?.['check'] as Pick<Freshness, 'checkedUntil' | 'checkLagMs'> | undefined;
  return {
    lastDeliveryAt: (item?.['lastDeliveryAt'] ?? null) as string | null,
    checkedUntil: check?.checkedUntil ?? null,
    checkLagMs: check?.checkLagMs ?? null,
  };
}

/** Two at the same moment saw the same, and one of them is enough; an older one would take back what is known. */
async function setAnswer({ client, tables }: RollUpOptions, key: ProjectionKey, at: number, answer: object) {
  await tryConditionalWrite(
    client.send(
      new PutCommand({
        TableName: tables.projections,
        Item: { ...key, rolledUpAt: at, answer },
        ConditionExpression: 'attribute_not_exists(pk) OR rolledUpAt < :at',
        ExpressionAttributeValues: { ':at': at },
      }),
    ),
  );
}

async function deadLetters(
  options: RollUpOptions,
  at: number,
  held: ReadonlyMap<string, number>,
): Promise<DeadLetterSummary> {
  const { client, tables } = options;
  const counts = await readAll(client, {
    TableName: tables.projections,
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': partitions.deadLetterCounts },
  });
  const counted = counts.map((item) => ({
    queue: String(item['queue']),
    reason: String(item['reason']),
    open: Number(item['held']),
  }));
  const groups = await Promise.all(
    counted
      .filter(({ open }) => open > 0)
      .map(async (group) => ({ ...group, sample: await newestOf(options, group.queue, group.reason) })),
  );
  const names = new Set([...held.keys(), ...counted.map(({ queue }) => queue)]);
  return {
    rolledUpAt: new Date(at).toISOString(),
    // The index of samples follows the counts within about a second: a group that it lacks is in the next roll-up.
    groups: groups.flatMap(({ sample, ...group }) => (sample === null ? [] : [{ ...group, sample }])),
    queues: [...names].map((queue) => {
      const recorded = counted.reduce((sum, { queue: of, open }) => sum + (of === queue ? open : 0), 0);
      const holds = held.get(queue) ?? 0;
      return { queue, recorded, queueDepth: holds, difference: holds - recorded };
    }),
  };
}

/** Of the letters of one group that are still held. */
async function newestOf({ client, tables }: RollUpOptions, queue: string, reason: string): Promise<DeadLetter | null> {
  const { items } = await queryOnce(client, {
    TableName: tables.projections,
    IndexName: 'by-group',
    KeyConditionExpression: '#group = :group',
    ExpressionAttributeNames: { '#group': 'group' },
    ExpressionAttributeValues: { ':group': deadLetterGroup(queue, reason) },
    ScanIndexForward: false,
    Limit: 1,
  });
  return (items[0]?.['row'] ?? null) as DeadLetter | null;
}

async function claimSample({ client, tables }: RollUpOptions, minute: string): Promise<boolean> {
  return tryConditionalWrite(
    client.send(
      new UpdateCommand({
        TableName: tables.projections,
        Key: sampleClaimKey,
        UpdateExpression: 'SET #minute = :minute',
        ConditionExpression: 'attribute_not_exists(#minute) OR #minute < :minute',
        ExpressionAttributeNames: { '#minute': 'minute' },
        ExpressionAttributeValues: { ':minute': minute },
      }),
    ),
  );
}
