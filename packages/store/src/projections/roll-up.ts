import { GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { QueueSample } from '@dispatcher/contracts';
import {
  type Counters,
  type DeadLetter,
  deadLetterRowOf,
  DeadLetterSummary,
  type Freshness,
  freshnessOf,
  Installation,
  projections,
  Queues,
  type StatusFigures,
  Summary,
  summaryOf,
  type SummaryWindow,
  SweepProgress,
  trendOf,
  windowStarts,
} from '@dispatcher/projections';
import * as z from 'zod/mini';
import { tryConditionalWrite } from '../conditional-write.ts';
import { parseLine } from '../facts/fact-line.ts';
import { pausePlace } from '../facts/fact-places.ts';
import type { LogWriter } from '../log/append.ts';
import { foldLog, type FoldOptions, type FoldReport } from '../log/fold-log.ts';
import { queryAll, queryOnce } from '../pages.ts';
import { parseItem, type StoredItem } from '../stored-item.ts';
import {
  allTimeKey,
  deadLetterSummaryKey,
  heldPartition,
  partitions,
  type ProjectionKey,
  queuesKey,
  scanClaimKey,
  statusKey,
  summaryKey,
  trendKey,
} from './projection-keys.ts';

/**
 * Brings the projections up to date. Late, repeated, concurrent or skipped runs are safe: a fold takes each fact once, and
 * everything else is overwritten and never incremented. A value is never replaced by one of an earlier time. Times are
 * milliseconds since the epoch.
 */
export interface RollUp {
  /**
   * Folds the recorded facts that are not folded yet. @param signal after its abort, the rest is left to the next run
   * @throws LogRestoredError if the table was restored to an earlier time
   */
  fold(signal?: AbortSignal): Promise<FoldReport>;
  /** Replaces the summaries of all windows and the trend. */
  setSummaries(at: number): Promise<Freshness>;
  /**
   * Replaces the dead-letter summary and returns it.
   * @param queueDepths number of messages in each dead-letter queue, by source queue
   */
  setDeadLetterSummary(at: number, queueDepths: ReadonlyMap<string, number>): Promise<DeadLetterSummary>;
  /** Replaces the samples of all queues by newer ones. */
  setQueues(at: number, samples: readonly QueueSample[]): Promise<void>;
  /** Replaces the figures of the status by those that are stored now. Call it after the others. */
  setStatus(at: number): Promise<void>;
  /** Returns true for one caller in each interval: that caller scans the undelivered events. */
  claimScan(interval: string): Promise<boolean>;
}

export function createRollUp(writer: LogWriter, options: Omit<FoldOptions, 'signal'>): RollUp {
  return {
    fold: (signal) => foldLog(writer, { ...options, ...(signal === undefined ? {} : { signal }) }),
    setSummaries: (at) => setSummaries(writer, at),
    setDeadLetterSummary: async (at, queueDepths) => {
      const summary = await summarizeDeadLetters(writer, at, queueDepths);
      await putValue(writer, deadLetterSummaryKey, at, summary);
      return summary;
    },
    setQueues: (at, samples) => setQueues(writer, at, samples),
    setStatus: (at) => setStatus(writer, at),
    claimScan: (interval) => claim(writer, scanClaimKey, interval),
  };
}

async function setSummaries(writer: LogWriter, at: number): Promise<Freshness> {
  const starts = { hour: windowStarts.hour(at), day: windowStarts.day(at), week: windowStarts.week(at) };
  const [minutes, hours, total] = await Promise.all([
    readSpans(writer, 'minute', minuteName(starts.hour), minuteName(at)),
    readSpans(writer, 'hour', hourName(starts.week), hourName(at)),
    readTotal(writer),
  ]);
  const freshness = freshnessOf(total);
  const ofDay = [...hours].filter(([hour]) => hour >= hourName(starts.day)).map(([, counters]) => counters);
  const windows: readonly (readonly [SummaryWindow, number | null, readonly Counters[]])[] = [
    ['hour', starts.hour, [...minutes.values()]],
    ['day', starts.day, ofDay],
    ['week', starts.week, [...hours.values()]],
    ['all', null, total === null ? [] : [total.counters]],
  ];
  await Promise.all([
    putValue(writer, trendKey, at, trendOf(at, hours)),
    ...windows.map(([window, from, buckets]) =>
      putValue(writer, summaryKey(window), at, summaryOf(window, at, from, buckets, freshness)),
    ),
  ]);
  return freshness;
}

const minuteName = (at: number): string => new Date(at).toISOString().slice(0, 16);
const hourName = (at: number): string => new Date(at).toISOString().slice(0, 13);

async function readTotal(writer: LogWriter) {
  const item = await readItem(writer, allTimeKey);
  return item === undefined ? null : parse(writer, item, ({ state }) => projections.total.parse(state));
}

/** Reads the counters of the spans from `first` to `last`, by name. */
async function readSpans(
  writer: LogWriter,
  kind: 'hour' | 'minute',
  first: string,
  last: string,
): Promise<ReadonlyMap<string, Counters>> {
  const items = await queryAll(writer.client, {
    TableName: writer.tables.projections,
    KeyConditionExpression: 'pk = :pk AND sk BETWEEN :first AND :last',
    ExpressionAttributeValues: { ':pk': partitions[`${kind}s`], ':first': first, ':last': last },
  });
  return new Map(
    items.map((item) => [item.sk, parse(writer, item, ({ state }) => projections[kind].parse(state).counters)]),
  );
}

/** Parses an item of the projections table. */
function parse<T>({ tables }: LogWriter, item: StoredItem, parseOne: (item: StoredItem) => T): T {
  return parseItem(tables.projections, item, parseOne);
}

async function readItem({ client, tables }: LogWriter, key: ProjectionKey) {
  const { Item: item } = await client.send(new GetCommand({ TableName: tables.projections, Key: key }));
  return item as StoredItem | undefined;
}

/** Writes the value unless a roll-up of the same or a later time is stored: an older one would be out of date. */
async function putValue({ client, tables }: LogWriter, key: ProjectionKey, at: number, value: object) {
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

/** The time at which each queue was last seen empty is taken over from the samples before. */
async function setQueues(writer: LogWriter, at: number, samples: readonly QueueSample[]): Promise<void> {
  const item = await readItem(writer, queuesKey);
  const known = item === undefined ? null : parse(writer, item, ({ value }) => z.parse(Queues, value));
  const sampledAt = new Date(at).toISOString();
  const queues = samples.map((sample) => {
    const isEmpty = sample.waiting + sample.inFlight + sample.delayed === 0;
    const before = known?.queues.find(({ queue }) => queue === sample.queue)?.lastEmptyAt ?? null;
    return { ...sample, lastEmptyAt: isEmpty ? sampledAt : before };
  });
  await putValue(writer, queuesKey, at, { sampledAt, queues } satisfies Queues);
}

async function setStatus(writer: LogWriter, at: number): Promise<void> {
  const read = async <T>(key: ProjectionKey, schema: z.ZodMiniType<T>): Promise<T | null> => {
    const item = await readItem(writer, key);
    return item === undefined ? null : parse(writer, item, ({ value }) => z.parse(schema, value));
  };
  const [hour, day, sampled, deadLetters, pause, budgets, sweeps] = await Promise.all([
    read(summaryKey('hour'), Summary),
    read(summaryKey('day'), Summary),
    read(queuesKey, Queues),
    read(deadLetterSummaryKey, DeadLetterSummary),
    readPause(writer),
    readGauges(writer, partitions.installations, Installation),
    readGauges(writer, partitions.sweeps, SweepProgress),
  ]);
  const checkedUntil = hour?.freshness.checkedUntil ?? null;
  const gitHubRespondedAt = [...budgets.map(({ seenAt }) => seenAt), ...(checkedUntil === null ? [] : [checkedUntil])]
    .toSorted()
    .at(-1);
  const { accepted = 0, 'accepted-unverified': unverified = 0, failed = 0 } = day?.dispatches ?? {};
  const working = (sampled?.queues ?? []).filter(({ queue }) => !/dead-letters|undelivered/.test(queue));
  await putValue(writer, statusKey, at, {
    rolledUpAt: new Date(at).toISOString(),
    lastDeliveryAt: hour?.freshness.lastDeliveryAt ?? null,
    checkedUntil,
    queues: working.map(({ queue, waiting, lastEmptyAt }) => ({ queue, waiting, lastEmptyAt })),
    deadLetters: (deadLetters?.queues ?? []).reduce((sum, { queueDepth }) => sum + queueDepth, 0),
    started: accepted + unverified,
    failed,
    startedP95Ms: hour?.latency.accepted.p95 ?? null,
    ...(pause === null ? {} : { pause }),
    ...(gitHubRespondedAt === undefined ? {} : { gitHubRespondedAt }),
    unseenPolicies: sweeps.flatMap(({ account, access }) =>
      account === null || access === undefined || access.seesPolicy ? [] : [account],
    ),
  } satisfies StatusFigures);
}

/** Returns the gauges of all installations. */
async function readGauges<T>(writer: LogWriter, partition: string, schema: z.ZodMiniType<T>): Promise<readonly T[]> {
  const items = await queryAll(writer.client, {
    TableName: writer.tables.projections,
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': partition },
  });
  return items.map((item) => parse(writer, item, ({ row }) => z.parse(schema, row)));
}

/** Returns the pause of all dispatches that is in force, from the newest fact about it; null without one. */
async function readPause(writer: LogWriter): Promise<StatusFigures['pause'] | null> {
  const { items } = await queryOnce(writer.client, {
    TableName: writer.tables.facts,
    IndexName: 'find',
    KeyConditionExpression: 'find = :place',
    ExpressionAttributeValues: { ':place': pausePlace },
    ScanIndexForward: false,
    Limit: 1,
  });
  const newest = items[0];
  const line = newest === undefined ? null : parseItem(writer.tables.facts, newest, parseLine);
  if (line?.type !== 'pause.changed' || line.action !== 'paused') return null;
  return { since: line.time, operator: line.operator, reason: line.reason };
}

/** Dead letters of one queue with one reason that are still in their dead-letter queue. */
interface HeldGroup {
  readonly queue: string;
  readonly reason: string;
  readonly open: number;
  /** Key of the newest one. */
  readonly newest: ProjectionKey;
}

/**
 * Counts the dead letters that are in their queue. A counter would depend on the change of another item, and a crash
 * between the two would leave it wrong for good.
 */
async function readHeldGroups({ client, tables }: LogWriter): Promise<readonly HeldGroup[]> {
  const items = await queryAll(client, {
    TableName: tables.projections,
    IndexName: 'held',
    KeyConditionExpression: 'held = :held',
    ExpressionAttributeValues: { ':held': heldPartition },
  });
  const groups = new Map<string, HeldGroup>();
  // In the order of queue, reason and time: the last one of a group is its newest.
  for (const { pk, sk, heldOrder } of items) {
    const [queue = '', reason = ''] = String(heldOrder).split('#');
    const name = `${queue}#${reason}`;
    groups.set(name, { queue, reason, open: (groups.get(name)?.open ?? 0) + 1, newest: { pk, sk } });
  }
  return [...groups.values()];
}

async function summarizeDeadLetters(
  writer: LogWriter,
  at: number,
  queueDepths: ReadonlyMap<string, number>,
): Promise<DeadLetterSummary> {
  const held = await readHeldGroups(writer);
  const groups = await Promise.all(
    held.map(async ({ newest, ...group }) => ({ ...group, sample: await readDeadLetter(writer, newest) })),
  );
  const names = new Set([...queueDepths.keys(), ...held.map(({ queue }) => queue)]);
  return {
    rolledUpAt: new Date(at).toISOString(),
    // The index follows the items within about a second.
    groups: groups.flatMap(({ sample, ...group }) => (sample === null ? [] : [{ ...group, sample }])),
    queues: [...names].map((queue) => {
      const recorded = held.reduce((sum, { queue: of, open }) => sum + (of === queue ? open : 0), 0);
      const queueDepth = queueDepths.get(queue) ?? 0;
      return { queue, recorded, queueDepth, difference: queueDepth - recorded };
    }),
  };
}

async function readDeadLetter(writer: LogWriter, key: ProjectionKey): Promise<DeadLetter | null> {
  const item = await readItem(writer, key);
  return item === undefined
    ? null
    : parse(writer, item, ({ state }) => deadLetterRowOf(projections['dead-letter'].parse(state)));
}

/** Returns true for the first caller of a time that is later than the last one claimed. */
async function claim({ client, tables }: LogWriter, key: ProjectionKey, interval: string): Promise<boolean> {
  return tryConditionalWrite(
    client.send(
      new UpdateCommand({
        TableName: tables.projections,
        Key: key,
        UpdateExpression: 'SET #interval = :interval',
        ConditionExpression: 'attribute_not_exists(#interval) OR #interval < :interval',
        ExpressionAttributeNames: { '#interval': 'interval' },
        ExpressionAttributeValues: { ':interval': interval },
      }),
    ),
  );
}
