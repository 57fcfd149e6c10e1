import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { GetCommand, TransactWriteCommand, type TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import { BulkReplayMode, BulkReplaySelection, Code, Outcome, DateTime } from '@dispatcher/contracts';
import * as z from 'zod/mini';
import { type Page, type PageRequest, readPage } from '../pages.ts';
import type { AccessTable } from './access-table.ts';

/**
 * A replay of many runs. `selecting`: its runs are being selected. `running`: their replays are being requested. Both go on
 * by themselves. `stopped`: by an operator, who may resume it. `completed`: every replay was requested.
 */
export const BulkReplayState = z.enum(['selecting', 'running', 'stopped', 'completed']);
export type BulkReplayState = z.infer<typeof BulkReplayState>;

export const BulkReplay = z.object({
  /** Begins with the time at which it was started, so that ids sort by time. */
  bulkReplayId: z.string(),
  state: BulkReplayState,
  mode: BulkReplayMode,
  selection: BulkReplaySelection,
  /** The maximum number of replays requested per minute. */
  perMinute: z.int(),
  /** Who started it, and why. */
  operator: z.string(),
  reason: z.string(),
  startedAt: DateTime,
  /** When an operator or its completion last changed its state. */
  changedAt: DateTime,
  /** Who stopped or resumed it last; null if nobody did. */
  changedBy: z.nullable(z.string()),
  /** Number of runs that were selected so far; all of them unless the state is `selecting`. */
  selected: z.int(),
  /** Number of runs whose replay was requested. */
  requested: z.int(),
  /** Why it made no progress the last time; null if it did. */
  problem: z.nullable(z.string()),
});
export type BulkReplay = z.infer<typeof BulkReplay>;

/** A change of the state that an operator or the completion caused. Each is one fact. */
export const BulkReplayChange = z.object({
  action: z.enum(['started', 'stopped', 'resumed', 'completed']),
  time: DateTime,
  operator: z.string(),
  reason: z.string(),
  selected: z.int(),
  requested: z.int(),
});
export type BulkReplayChange = z.infer<typeof BulkReplayChange>;

/** A bulk replay with its positions, of which each write moves one. */
export const StoredBulkReplay = z.object({
  replay: BulkReplay,
  /** Hash of the request that started it: a retry of this request finds its own bulk replay. */
  requestHash: z.string(),
  /** Raised by every write; a write needs the one that was read. */
  version: z.int(),
  /** Cursor of the next page of the list that it selects from; null for the first page. */
  cursor: z.nullable(z.string()),
  isSelected: z.boolean(),
  /** Number of stored pages of items. */
  pages: z.int(),
  /** The next item to request: its page, and its index in the page. */
  page: z.int(),
  index: z.int(),
  /** Milliseconds since the epoch: the rate is used up until then. */
  rateUsedUntil: z.number(),
  /** The worker that advances it, until its lease ends; milliseconds since the epoch. */
  worker: z.nullable(z.string()),
  leaseUntil: z.number(),
  changes: z.array(BulkReplayChange),
  /** Number of changes whose facts were published. */
  published: z.int(),
});
export type StoredBulkReplay = z.infer<typeof StoredBulkReplay>;

/** A run as it was when the bulk replay selected it. */
export const SelectedRun = z.object({
  runKey: z.string(),
  deliveryId: z.string(),
  time: DateTime,
  /** The source repository and its workflow; null for a request of an API key, a schedule or a webhook. */
  repository: z.nullable(z.string()),
  workflow: z.nullable(z.string()),
  /** What was requested: `owner/name:workflow.yml` or `owner/name#event-type`; null for a completed run. */
  target: z.nullable(z.string()),
  outcome: Outcome,
  code: Code,
});
export type SelectedRun = z.infer<typeof SelectedRun>;

export interface BulkReplays {
  /**
   * Stores a new bulk replay and makes it the active one.
   * @returns null, or the one that is active: only one is at a time, so that two operators do not replay the same runs
   */
  create(stored: StoredBulkReplay): Promise<StoredBulkReplay | null>;
  /** Returns null if there is none with this id. */
  getBulkReplay(bulkReplayId: string): Promise<StoredBulkReplay | null>;
  /** Returns the one that is active: selecting, running, or with changes that are not published yet. */
  getActive(): Promise<StoredBulkReplay | null>;
  /**
   * Stores the next version, with a page of selected runs if there is one.
   * @returns false, and stores nothing, if another writer has changed it since `stored` was read
   */
  update(stored: StoredBulkReplay, change: Partial<StoredBulkReplay>, runs?: readonly SelectedRun[]): Promise<boolean>;
  /** Stores the next version and makes it the active one. @returns false if it was changed, or another one is active */
  activate(stored: StoredBulkReplay, change: Partial<StoredBulkReplay>): Promise<boolean>;
  /** Stores the next version and lets another one become active. @returns false if it was changed */
  deactivate(stored: StoredBulkReplay, change: Partial<StoredBulkReplay>): Promise<boolean>;
  /** Returns the selected runs of one page, in the order in which they are replayed; none beyond the last page. */
  getItems(bulkReplayId: string, page: number): Promise<readonly SelectedRun[]>;
  /** Newest first. @throws InvalidCursorError */
  list(request: PageRequest): Promise<Page<BulkReplay>>;
  /** Lists the selected runs, one stored page at a time. @throws InvalidCursorError */
  listItems(bulkReplayId: string, request: Pick<PageRequest, 'cursor'>): Promise<Page<readonly SelectedRun[]>>;
}

type Action = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

const partition = 'bulk-replay';
const activeKey = { pk: 'active-bulk-replay', sk: 'active-bulk-replay' };
const Active = z.object({ bulkReplayId: z.string() });
const Items = z.object({ runs: z.array(SelectedRun) });
const itemsPartition = (bulkReplayId: string) => `bulk-replay-items#${bulkReplayId}`;
const pageName = (page: number) => String(page).padStart(7, '0');

// As long as facts: the list says what was done and by whom.
const retentionSeconds = 400 * 24 * 60 * 60;

const maxTries = 5;

export function createBulkReplays({ client, name: TableName }: AccessTable): BulkReplays {
  const read = async (Key: { readonly pk: string; readonly sk: string }) => {
    const { Item: item } = await client.send(new GetCommand({ TableName, Key, ConsistentRead: true }));
    return item;
  };
  const getBulkReplay = async (bulkReplayId: string) => {
    const item = await read({ pk: partition, sk: bulkReplayId });
    return item === undefined ? null : z.parse(StoredBulkReplay, item['stored']);
  };
  const getActive = async () => {
    const item = await read(activeKey);
    return item === undefined ? null : getBulkReplay(z.parse(Active, item).bulkReplayId);
  };
  const put = (stored: StoredBulkReplay, replaced: StoredBulkReplay | null): Action => ({
    Put: {
      TableName,
      Item: {
        pk: partition,
        sk: stored.replay.bulkReplayId,
        stored: z.parse(StoredBulkReplay, stored),
        expiresAt: expiryOf(stored),
      },
      ...(replaced === null
        ? { ConditionExpression: 'attribute_not_exists(pk)' }
        : {
            ConditionExpression: '#stored.#version = :version',
            ExpressionAttributeNames: { '#stored': 'stored', '#version': 'version' },
            ExpressionAttributeValues: { ':version': replaced.version },
          }),
    },
  });
  const putActive = ({ replay: { bulkReplayId } }: StoredBulkReplay): Action => ({
    Put: {
      TableName,
      Item: { ...activeKey, bulkReplayId },
      ConditionExpression: 'attribute_not_exists(pk) OR bulkReplayId = :id',
      ExpressionAttributeValues: { ':id': bulkReplayId },
    },
  });
  const write = async (actions: readonly Action[]): Promise<boolean> => {
    try {
      await client.send(new TransactWriteCommand({ TransactItems: [...actions] }));
      return true;
    } catch (error) {
      // A conflict with a concurrent transaction: the caller reads again, as after a failed condition.
      if (error instanceof TransactionCanceledException) return false;
      throw error;
    }
  };
  return {
    create: async (stored) => {
      for (let tries = 1; tries <= maxTries; tries += 1) {
        if (await write([put(stored, null), putActive(stored)])) return null;
        const active = await getActive();
        if (active !== null) return active;
      }
      throw new Error('The bulk replay could not be stored: other requests changed the active one at the same time.');
    },
    getBulkReplay,
    getActive,
    update: (stored, change, runs) => {
      const updated = next(stored, change);
      const page: Action[] =
        runs === undefined
          ? []
          : [
              {
                Put: {
                  TableName,
                  Item: {
                    pk: itemsPartition(stored.replay.bulkReplayId),
                    sk: pageName(stored.pages),
                    runs: [...runs],
                    expiresAt: expiryOf(stored),
                  },
                },
              },
            ];
      return write([put(updated, stored), ...page]);
    },
    activate: (stored, change) => {
      const updated = next(stored, change);
      return write([put(updated, stored), putActive(updated)]);
    },
    deactivate: (stored, change) => {
      const updated = next(stored, change);
      const release: Action = {
        Delete: {
          TableName,
          Key: activeKey,
          ConditionExpression: 'attribute_not_exists(pk) OR bulkReplayId = :id',
          ExpressionAttributeValues: { ':id': updated.replay.bulkReplayId },
        },
      };
      return write([put(updated, stored), release]);
    },
    getItems: async (bulkReplayId, page) => {
      const item = await read({ pk: itemsPartition(bulkReplayId), sk: pageName(page) });
      return item === undefined ? [] : z.parse(Items, item).runs;
    },
    list: (request) => {
      const list = { table: TableName, index: null, hash: 'pk', value: partition, newestFirst: true };
      return readPage(client, list, request, (item) => z.parse(StoredBulkReplay, item['stored']).replay);
    },
    listItems: (bulkReplayId, { cursor }) => {
      const value = itemsPartition(bulkReplayId);
      const list = { table: TableName, index: null, hash: 'pk', value, newestFirst: false };
      return readPage(
        client,
        list,
        { limit: 1, ...(cursor === undefined ? {} : { cursor }) },
        (item) => z.parse(Items, item).runs,
      );
    },
  };
}

function next(stored: StoredBulkReplay, change: Partial<StoredBulkReplay>): StoredBulkReplay {
  return { ...stored, ...change, version: stored.version + 1 };
}

function expiryOf({ replay }: StoredBulkReplay): number {
  return Math.floor(Date.parse(replay.startedAt) / 1000) + retentionSeconds;
}
