import { randomUUID } from 'node:crypto';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { tryConditionalWrite } from '../conditional-write.ts';
import {
  type Acceptance,
  type DispatchRecord,
  FinishedDispatch,
  type Intent,
  parseDispatch,
  type Refusal,
  Slot,
  type UnfinishedDispatch,
} from './ledger-records.ts';
import {
  dispatchKey,
  deleteIntent,
  completeIntent,
  deleteSlot,
  putIntent,
  iso,
  putLineage,
  putDispatch,
  putRefusal,
  setExpression,
  putSlot,
  ifUnclaimed,
} from './ledger-writes.ts';
import { liveItem, readItem, type StateTable } from './state-table.ts';
import { type Action, type Refused, retryOnConflict, transact, transactOrExplain } from './state-transactions.ts';

/**
 * Guards against a second run. At most one dispatch per target repository, workflow and ref is an intent: the slot says
 * which one, and both are written and settled in one transaction. Settling another worker's slot requires the holder
 * that was read. Without this condition a worker whose lease expired could delete another worker's slot.
 */
export interface Ledger {
  /**
   * Acquires the slot and records the intent. Returns null if another worker was first: read the state again.
   * @param from when the lease begins: when what the worker relies on was read, in milliseconds since the epoch; now if
   * absent
   */
  putIntent(intent: Intent, leaseMs: number, from?: number): Promise<Slot | null>;
  /** Ends the lease early: the holder sends nothing more and does not know the result of what it sent. */
  endLease(slot: Slot): Promise<void>;
  /** Records that GitHub started a run without naming it: nothing may be sent for this dispatch any more. */
  markStarted(slot: Slot): Promise<void>;
  /**
   * Records the run that GitHub's response to the POST named, with its lineage, regardless of who holds the slot by now.
   * Returns the stored record: if it names another run, the dispatch was started twice.
   */
  recordAcceptance(slot: Slot, intent: Intent, acceptance: Acceptance): Promise<FinishedDispatch>;
  /**
   * Records a run that GitHub lists as the dispatch's run. Returns null if another worker settled the slot in the
   * meantime, or if the run belongs to another dispatch: read the state again.
   */
  adoptRun(slot: Slot, dispatch: UnfinishedDispatch, acceptance: Acceptance): Promise<FinishedDispatch | null>;
  /**
   * Records that GitHub started a run that it never listed; or, with `response-lost`, that it is unknown whether GitHub
   * accepted the dispatch and nothing may be sent for it any more. Returns null if another worker settled the slot in
   * the meantime.
   */
  completeUnverified(slot: Slot, code?: 'response-lost'): Promise<FinishedDispatch | null>;
  /** Records GitHub's final refusal. Returns null if another worker settled the slot in the meantime. */
  recordFailure(slot: Slot, refusal: Refusal): Promise<FinishedDispatch | null>;
  /**
   * Records that a dispatch is refused before a POST. Needs no slot. Returns null if the dispatch has begun or is finished
   * in the meantime: read the state again.
   */
  refuse(intent: Intent, refusal: Refusal): Promise<FinishedDispatch | null>;
  /**
   * Deletes intent and slot of a dispatch that started nothing, so that the next one can begin. Returns false if another
   * worker settled the slot in the meantime.
   */
  deleteIntent(slot: Slot): Promise<boolean>;
  /** Returns null if no dispatch of this id is recorded. */
  getDispatch(dispatchId: string): Promise<DispatchRecord | null>;
  /** Returns whether the slot is acquired. If it is, GitHub may list a run of its dispatch without lineage yet. */
  hasSlot(at: SlotReference): Promise<boolean>;
}

/** Identifies the slot of a workflow and ref. */
export interface SlotReference {
  readonly repositoryId: number;
  /** File name. */
  readonly workflow: string;
  readonly ref: string;
}

/**
 * Returns the slot's partition key. `main` and `refs/heads/main` share a slot; so do a branch and a tag of the same name,
 * because GitHub lists both alike. Event types have slots of their own: no workflow file is named `repository_dispatch`.
 */
export function slotKey({ target, route, ref }: Pick<Intent, 'target' | 'route' | 'ref'>): string {
  const { repositoryId } = target;
  return 'workflow' in route.target
    ? slotKeyAt({ repositoryId, workflow: route.target.workflow, ref })
    : `slot#${repositoryId}#repository_dispatch#${route.target.eventType}`;
}

function slotKeyAt({ repositoryId, workflow, ref }: SlotReference): string {
  return `slot#${repositoryId}#${workflow}#${ref.replace(/^refs\/(?:heads|tags)\//, '')}`;
}

export function createLedger(table: StateTable): Ledger {
  const getDispatch = async (dispatchId: string): Promise<DispatchRecord | null> => {
    const item = await readItem(table, dispatchKey(dispatchId));
    return item === null ? null : parseDispatch(item);
  };
  const getSlot = async (pk: string): Promise<Slot | null> => {
    const item = await readItem(table, pk);
    return item === null ? null : z.parse(Slot, item);
  };
  /** Returns the record on which a condition failed; null if there is none. */
  const recordOf = (refusal: Refused | null | undefined): DispatchRecord | null => {
    const item = liveItem(refusal?.item, table.now());
    return item === null ? null : parseDispatch(item);
  };
  const updateSlot = async ({ pk, holder }: Slot, values: Readonly<Record<string, number>>): Promise<void> => {
    const set = setExpression(values);
    const update = new UpdateCommand({
      TableName: table.name,
      Key: { pk },
      ...set,
      ConditionExpression: 'holder = :holder',
      ExpressionAttributeValues: { ...set.ExpressionAttributeValues, ':holder': holder },
    });
    await retryOnConflict(table, () => tryConditionalWrite(table.client.send(update)));
  };
  /** Completes the intent and deletes its slot, unless another worker already did. */
  const settle = async (slot: Slot, end: Action, more: readonly Action[] = []): Promise<FinishedDispatch | null> => {
    const result = await transactOrExplain(table, [end, deleteSlot(table, slot, 'holder'), ...more]);
    const record = result.written ? await getDispatch(slot.dispatchId) : recordOf(result.refusals[0]);
    return record === null || record.state === 'intent' ? null : record;
  };

  return {
    getDispatch,
    hasSlot: async (at) => (await getSlot(slotKeyAt(at))) !== null,
    putIntent: async (intent, leaseMs, from) => {
      const begunAt = table.now();
      const slot: Slot = {
        pk: slotKey(intent),
        dispatchId: intent.dispatchId,
        holder: randomUUID(),
        leaseUntil: (from ?? begunAt) + leaseMs,
        begunAt,
        startedAt: null,
      };
      const result = await transactOrExplain(table, [putSlot(table, slot), putIntent(table, intent, begunAt)]);
      if (result.written) return slot;
      // The SDK may have sent the write twice and failed on its own item.
      return result.refusals[0]?.item?.['holder'] === slot.holder ? slot : null;
    },
    endLease: (slot) => updateSlot(slot, { leaseUntil: table.now() }),
    markStarted: (slot) => updateSlot(slot, { startedAt: table.now() }),
    recordAcceptance: async (slot, intent, acceptance) => {
      const lineage = putLineage(table, intent, acceptance);
      const accepted = { ...acceptance, state: 'accepted' };
      const finished = { ...intent, ...accepted, intendedAt: iso(slot.begunAt) };
      for (let tries = 0; tries < maxTries; tries += 1) {
        const end = completeIntent(table, slot, accepted);
        const result = await transactOrExplain(table, [end, deleteSlot(table, slot, 'dispatchId'), lineage]);
        if (result.written) return z.parse(FinishedDispatch, finished);
        const [refusal] = result.refusals;
        // Only the slot has changed: its dispatch is about to be settled by another worker.
        if (refusal === null || refusal === undefined) continue;
        const record = recordOf(refusal);
        if (record === null) {
          // Another worker listed GitHub's runs too early, found none, and deleted intent and slot.
          if (await transact(table, [putDispatch(table, finished), lineage]))
            return z.parse(FinishedDispatch, finished);
        } else if (record.state !== 'intent') {
          await transact(table, [lineage]);
          return record;
        }
      }
      throw new Error(`Could not record the run of dispatch ${slot.dispatchId}. The message is retried.`);
    },
    adoptRun: (slot, dispatch, acceptance) =>
      settle(slot, completeIntent(table, slot, { ...acceptance, state: 'accepted' }), [
        ifUnclaimed(putLineage(table, dispatch, acceptance)),
      ]),
    completeUnverified: (slot, code) => {
      const acceptedAt = iso(slot.startedAt ?? slot.begunAt);
      const end = { state: 'accepted-unverified', acceptedAt, ...(code === undefined ? {} : { code }) };
      return settle(slot, completeIntent(table, slot, end));
    },
    recordFailure: (slot, refusal) =>
      settle(slot, completeIntent(table, slot, { ...refusal, state: 'failed', failedAt: iso(table.now()) })),
    refuse: async (intent, refusal) => {
      const failedAt = table.now();
      const record = { ...intent, ...refusal, state: 'failed', intendedAt: iso(failedAt), failedAt: iso(failedAt) };
      const result = await transactOrExplain(table, [putRefusal(table, record)]);
      // If the write was refused, the SDK may have sent it twice, or another worker has refused the same dispatch.
      const stored = result.written ? z.parse(FinishedDispatch, record) : recordOf(result.refusals[0]);
      const isRefused = stored !== null && stored.state === 'failed' && stored.revision === intent.revision;
      return isRefused ? stored : null;
    },
    deleteIntent: (slot) => transact(table, [deleteIntent(table, slot), deleteSlot(table, slot, 'holder')]),
  };
}

const maxTries = 3;
