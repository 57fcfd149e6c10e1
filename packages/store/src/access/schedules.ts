import { DeleteCommand, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { Schedule, DateTime } from '@dispatcher/contracts';
import * as z from 'zod/mini';
import { tryConditionalWrite } from '../conditional-write.ts';
import { type List, type Page, type PageRequest, readPage } from '../pages.ts';
import type { AccessTable } from './access-table.ts';

/** Occurrences that requested no dispatch. */
export const MissedOccurrences = z.object({
  count: z.int(),
  firstAt: DateTime,
  lastAt: DateTime,
});
export type MissedOccurrences = z.infer<typeof MissedOccurrences>;

/** An occurrence whose dispatch is about to be requested. */
export const PendingOccurrence = z.object({
  dueAt: DateTime,
  /** When it was found to be due. */
  claimedAt: DateTime,
  missed: z.nullable(MissedOccurrences),
});
export type PendingOccurrence = z.infer<typeof PendingOccurrence>;

/** What the planning function writes of a schedule; it may write nothing else of it. */
export const ScheduleProgress = z.object({
  /** That of the schedule, so that nothing is written to one that was created again under the same name. */
  scheduleId: z.string(),
  /** The first occurrence that was not handled yet; null while the schedule is paused. */
  nextAt: z.nullable(DateTime),
  pending: z.nullable(PendingOccurrence),
  /** The last occurrence that requested its dispatch; null if there was none. */
  last: z.nullable(z.object({ dueAt: DateTime, requestedAt: DateTime, runKey: z.string() })),
  /** The last occurrences that were missed; null if there were none. */
  missed: z.nullable(MissedOccurrences),
});
export type ScheduleProgress = z.infer<typeof ScheduleProgress>;

export const StoredSchedule = z.object({
  schedule: Schedule,
  /** Null unless an operator paused it. */
  pausedAt: z.nullable(DateTime),
  progress: ScheduleProgress,
});
export type StoredSchedule = z.infer<typeof StoredSchedule>;

/**
 * Returns the scope of a schedule, and why it has ended; null: it has not.
 * @param stored the schedule that has the name now; null if there is none
 * @param scheduleId the schedule that requested a dispatch
 */
export function currentSchedule(stored: StoredSchedule | null, scheduleId: string) {
  if (stored === null || stored.schedule.scheduleId !== scheduleId) return { targets: [], ended: 'deleted' };
  const { repository, workflow } = stored.schedule;
  const ended = stored.pausedAt === null ? null : `paused since ${stored.pausedAt}`;
  return { targets: [`${repository}:${workflow}`], ended };
}

export interface Schedules {
  /** @returns false, and stores nothing, if a schedule has this name */
  create(stored: StoredSchedule): Promise<boolean>;
  /** Returns null if there is none with this name. */
  getSchedule(name: string): Promise<StoredSchedule | null>;
  /** By name. @throws InvalidCursorError */
  list(request: PageRequest): Promise<Page<StoredSchedule>>;
  /** Pauses the schedule; an occurrence that is pending requests nothing any more. @returns false if it was deleted */
  pause(schedule: Pick<Schedule, 'name' | 'scheduleId'>, at: string): Promise<boolean>;
  /** Resumes the schedule with its next occurrence. @returns false if it was deleted */
  resume(schedule: Pick<Schedule, 'name' | 'scheduleId'>, nextAt: string): Promise<boolean>;
  /** @returns false if it was deleted before */
  delete(schedule: Pick<Schedule, 'name' | 'scheduleId'>): Promise<boolean>;
  /**
   * Makes an occurrence pending and moves on to the next one.
   * @returns false, and stores nothing, if another worker did, or the schedule was paused or deleted
   */
  claim(read: StoredSchedule, pending: PendingOccurrence, nextAt: string): Promise<boolean>;
  /** Records that the pending occurrence requested its dispatch. Changes nothing if another worker did. */
  complete(
    read: StoredSchedule,
    pending: PendingOccurrence,
    last: { readonly requestedAt: string; readonly runKey: string },
  ): Promise<void>;
}

const partition = 'schedule';

/** Returns the key of the item of a schedule. */
export const scheduleItemKey = (name: string) => ({ pk: partition, sk: name });

/** Returns the schedule of an item; null without one. */
export function parseSchedule(item: Readonly<Record<string, unknown>> | null): StoredSchedule | null {
  return item === null ? null : z.parse(StoredSchedule, item);
}

// Without expiry: it exists until an operator deletes it.
export function createSchedules({ client, name: TableName }: AccessTable): Schedules {
  const all: List = { table: TableName, index: null, hash: 'pk', value: partition, newestFirst: false };
  const names = { '#schedule': 'schedule', '#progress': 'progress' };
  const getSchedule = async (name: string) => {
    const get = new GetCommand({ TableName, Key: scheduleItemKey(name), ConsistentRead: true });
    const { Item: item = null } = await client.send(get);
    return parseSchedule(item);
  };
  /** Returns whether the schedule exists: if the condition failed, there may only have been nothing to change. */
  const change = async ({ name, scheduleId }: Pick<Schedule, 'name' | 'scheduleId'>, update: UpdateCommand) =>
    (await tryConditionalWrite(client.send(update))) || (await getSchedule(name))?.schedule.scheduleId === scheduleId;
  return {
    create: (stored) => {
      const Item = { ...scheduleItemKey(stored.schedule.name), ...z.parse(StoredSchedule, stored) };
      const put = new PutCommand({ TableName, Item, ConditionExpression: 'attribute_not_exists(pk)' });
      return tryConditionalWrite(client.send(put));
    },
    getSchedule,
    list: (request) => readPage(client, all, request, (item) => z.parse(StoredSchedule, item)),
    pause: ({ name, scheduleId }, at) => {
      const update = new UpdateCommand({
        TableName,
        Key: scheduleItemKey(name),
        // The first pause counts when it is paused again.
        UpdateExpression: 'SET pausedAt = :at, #progress.nextAt = :none, #progress.pending = :none',
        ConditionExpression: '#schedule.scheduleId = :id AND pausedAt = :none',
        ExpressionAttributeNames: names,
        ExpressionAttributeValues: { ':at': at, ':none': null, ':id': scheduleId },
      });
      return change({ name, scheduleId }, update);
    },
    resume: ({ name, scheduleId }, nextAt) => {
      const update = new UpdateCommand({
        TableName,
        Key: scheduleItemKey(name),
        UpdateExpression: 'SET pausedAt = :none, #progress.nextAt = :next, #progress.pending = :none',
        ConditionExpression: '#schedule.scheduleId = :id AND pausedAt <> :none',
        ExpressionAttributeNames: names,
        ExpressionAttributeValues: { ':next': nextAt, ':none': null, ':id': scheduleId },
      });
      return change({ name, scheduleId }, update);
    },
    delete: ({ name, scheduleId }) => {
      const deletion = new DeleteCommand({
        TableName,
        Key: scheduleItemKey(name),
        ConditionExpression: '#schedule.scheduleId = :id',
        ExpressionAttributeNames: { '#schedule': 'schedule' },
        ExpressionAttributeValues: { ':id': scheduleId },
      });
      return tryConditionalWrite(client.send(deletion));
    },
    // Names no attribute but `progress`: the role of the planning function allows no other.
    claim: ({ schedule: { name }, progress }, pending, nextAt) => {
      const update = new UpdateCommand({
        TableName,
        Key: scheduleItemKey(name),
        UpdateExpression: 'SET #progress.nextAt = :next, #progress.pending = :pending',
        ConditionExpression: '#progress.scheduleId = :id AND #progress.nextAt = :from AND #progress.pending = :none',
        ExpressionAttributeNames: { '#progress': 'progress' },
        ExpressionAttributeValues: {
          ':id': progress.scheduleId,
          ':from': progress.nextAt,
          ':next': nextAt,
          ':pending': z.parse(PendingOccurrence, pending),
          ':none': null,
        },
      });
      return tryConditionalWrite(client.send(update));
    },
    complete: async ({ schedule: { name }, progress }, { dueAt, missed }, { requestedAt, runKey }) => {
      const update = new UpdateCommand({
        TableName,
        Key: scheduleItemKey(name),
        UpdateExpression: `SET #progress.#last = :last, #progress.pending = :none${missed === null ? '' : ', #progress.missed = :missed'}`,
        ConditionExpression: '#progress.scheduleId = :id AND #progress.pending.dueAt = :due',
        ExpressionAttributeNames: { '#progress': 'progress', '#last': 'last' },
        ExpressionAttributeValues: {
          ':id': progress.scheduleId,
          ':due': dueAt,
          ':last': { dueAt, requestedAt, runKey },
          ':none': null,
          ...(missed === null ? {} : { ':missed': missed }),
        },
      });
      await tryConditionalWrite(client.send(update));
    },
  };
}
