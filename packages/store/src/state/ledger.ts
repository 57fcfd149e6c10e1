import { randomUUID } from 'node:crypto';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { writtenIf } from '../conditions.ts';
import {
  type Acceptance,
  DispatchRecord,
  type FinishedDispatch,
  type Intent,
  type Refusal,
  Slot,
  type Standing,
  type UnfinishedDispatch,
} from './ledger-records.ts';
import {
  dispatchKey,
  dropping,
  ending,
  freeing,
  intending,
  iso,
  lineagePut,
  recording,
  setting,
  taking,
  unclaimed,
} from './ledger-writes.ts';
import { readItem, type StateTable } from './table.ts';
import { type Action, transact, withoutConflicts } from './transactions.ts';

/**
 * The guard against a second run. At most one dispatch per target repository, workflow and ref is an intent: that is
 * what the slot says, and both are written and settled in one transaction. A settlement by anyone but the holder names
 * the holder it saw, so that a worker that slept through its lease can undo nothing that was done since.
 */
export interface Ledger {
  look(intent: Intent): Promise<Standing>;
  /** Takes the slot and records the intent. Null where somebody was quicker: look again. */
  begin(intent: Intent, leaseMs: number): Promise<Slot | null>;
  /** The holder will send nothing more, and does not know what came of what it sent. */
  endLease(slot: Slot): Promise<void>;
  /** GitHub said that it started a run without saying which: nothing may be sent for this dispatch any more. */
  markStarted(slot: Slot): Promise<void>;
  /**
   * GitHub's answer to the POST named the run: recorded with the run's lineage, whoever holds the slot by now. Returns
   * the record as it stands: one with another run id says that the dispatch was started twice.
   */
  accept(slot: Slot, intent: Intent, acceptance: Acceptance): Promise<FinishedDispatch>;
  /**
   * A run that GitHub lists is the dispatch's. Null where the slot was settled by somebody else meanwhile, or the run
   * belongs to another dispatch: look again.
   */
  adopt(slot: Slot, dispatch: UnfinishedDispatch, acceptance: Acceptance): Promise<FinishedDispatch | null>;
  /**
   * As {@link adopt}, where GitHub started a run that it never showed. With `response-lost`: where it is not even known
   * whether GitHub took the dispatch, and nothing may be sent for it any more.
   */
  acceptUnverified(slot: Slot, code?: 'response-lost'): Promise<FinishedDispatch | null>;
  /** As {@link adopt}, where GitHub refused for good. */
  fail(slot: Slot, refusal: Refusal): Promise<FinishedDispatch | null>;
  /** Nothing was started: whoever comes next may begin. False where the slot was settled by somebody else meanwhile. */
  release(slot: Slot): Promise<boolean>;
  find(dispatchId: string): Promise<DispatchRecord | null>;
  /** Whether a dispatch is unsettled there: GitHub may show a run of it that no lineage names yet. */
  isHeld(at: SlotAt): Promise<boolean>;
}

/** What a slot is of. */
export interface SlotAt {
  readonly repositoryId: number;
  /** File name. */
  readonly workflow: string;
  readonly ref: string;
}

/**
 * `main` and `refs/heads/main` are one slot; so are a branch and a tag of one name, because GitHub lists both alike. An
 * event type has a slot of its own: no workflow file is called `repository_dispatch`.
 */
export function slotKey({ target, route, ref }: Pick<Intent, 'target' | 'route' | 'ref'>): string {
  const { repositoryId } = target;
  return 'workflow' in route.target
    ? slotKeyAt({ repositoryId, workflow: route.target.workflow, ref })
    : `slot#${repositoryId}#repository_dispatch#${route.target.eventType}`;
}

function slotKeyAt({ repositoryId, workflow, ref }: SlotAt): string {
  return `slot#${repositoryId}#${workflow}#${ref.replace(/^refs\/(?:heads|tags)\//, '')}`;
}

export function createLedger(table: StateTable): Ledger {
  const find = async (dispatchId: string): Promise<DispatchRecord | null> => {
    const item = await readItem(table, dispatchKey(dispatchId));
    return item === null ? null : z.parse(DispatchRecord, item);
  };
  const findSlot = async (pk: string): Promise<Slot | null> => {
    const item = await readItem(table, pk);
    return item === null ? null : z.parse(Slot, item);
  };
  const change = async ({ pk, holder }: Slot, values: Readonly<Record<string, number>>): Promise<void> => {
    const set = setting(values);
    const update = new UpdateCommand({
      TableName: table.name,
      Key: { pk },
      ...set,
      ConditionExpression: 'holder = :holder',
      ExpressionAttributeValues: { ...set.ExpressionAttributeValues, ':holder': holder },
    });
    await withoutConflicts(table, () => writtenIf(table.client.send(update)));
  };
  /** Ends the intent of the slot, and the slot with it, unless somebody else did. */
  const settle = async (slot: Slot, end: Action, more: readonly Action[] = []): Promise<FinishedDispatch | null> => {
    await transact(table, [end, freeing(table, slot, 'holder'), ...more]);
    const record = await find(slot.dispatchId);
    return record === null || record.state === 'intent' ? null : record;
  };

  return {
    find,
    isHeld: async (at) => (await findSlot(slotKeyAt(at))) !== null,
    look: async (intent) => {
      const [dispatch, slot] = await Promise.all([find(intent.dispatchId), findSlot(slotKey(intent))]);
      return { dispatch, slot };
    },
    begin: async (intent, leaseMs) => {
      const begunAt = table.now();
      const slot: Slot = {
        pk: slotKey(intent),
        dispatchId: intent.dispatchId,
        holder: randomUUID(),
        leaseUntil: begunAt + leaseMs,
        begunAt,
        startedAt: null,
      };
      if (await transact(table, [taking(table, slot), intending(table, intent, begunAt)])) return slot;
      // The SDK may have sent it twice, and met its own item.
      const standing = await findSlot(slot.pk);
      return standing?.holder === slot.holder ? standing : null;
    },
    endLease: (slot) => change(slot, { leaseUntil: table.now() }),
    markStarted: (slot) => change(slot, { startedAt: table.now() }),
    accept: async (slot, intent, acceptance) => {
      const lineage = lineagePut(table, intent, acceptance);
      const accepted = { ...acceptance, state: 'accepted' };
      for (let tries = 0; tries < mostTries; tries += 1) {
        await transact(table, [ending(table, slot, accepted), freeing(table, slot, 'dispatchId'), lineage]);
        const record = await find(slot.dispatchId);
        if (record === null) {
          // Somebody asked GitHub too early, found nothing, and freed the slot.
          await transact(table, [recording(table, { ...intent, ...accepted, intendedAt: iso(slot.begunAt) }), lineage]);
        } else if (record.state !== 'intent') {
          await transact(table, [lineage]);
          return record;
        }
      }
      throw new Error(`The run of dispatch ${slot.dispatchId} could not be recorded; the message comes back.`);
    },
    adopt: (slot, dispatch, acceptance) =>
      settle(slot, ending(table, slot, { ...acceptance, state: 'accepted' }), [
        unclaimed(lineagePut(table, dispatch, acceptance)),
      ]),
    acceptUnverified: (slot, code) => {
      const acceptedAt = iso(slot.startedAt ?? slot.begunAt);
      const end = { state: 'accepted-unverified', acceptedAt, ...(code === undefined ? {} : { code }) };
      return settle(slot, ending(table, slot, end));
    },
    fail: (slot, refusal) =>
      settle(slot, ending(table, slot, { ...refusal, state: 'failed', failedAt: iso(table.now()) })),
    release: (slot) => transact(table, [dropping(table, slot), freeing(table, slot, 'holder')]),
  };
}

const mostTries = 3;
