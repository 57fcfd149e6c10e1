import type { DispatchAccepted, Fact } from '@dispatcher/contracts';
import { factBytes } from './fact-bytes.ts';
import { expiryOf, factKey, runPartition } from './fact-keys.ts';
import { lineOf, maxLineBytes } from './fact-line.ts';
import { placesOf, positionOf } from './fact-places.ts';
import { itemSize } from './item-size.ts';
import { abridgementsOf, type RecordedFact, recordedFact } from './recorded-fact.ts';

export type Item = Readonly<Record<string, unknown>> & { readonly pk: string; readonly sk: string };

/** A write unit. What a later write adds to the item must fit as well: the owner of a fact, and a mark. */
const maxItemBytes = 1_024 - 44;
/** What a fact needs beside the longest keys. */
const minFactBytes = 230;

/**
 * Returns the items that store one fact: the fact itself, of one write unit, and the pointer to a dispatch that started a
 * run. A pointer is written unconditionally; it is the same whenever it is written.
 */
export function itemsOf(fact: Fact, retentionDays?: number): readonly [Item, ...Item[]] {
  const expiresAt = expiryOf(fact.time, retentionDays);
  const places = placesOf(fact);
  const isListed = Object.keys(places).length > 0;
  const keys: Item = { ...factKey(fact), ...places, ...(isListed ? { order: positionOf(fact) } : {}), expiresAt };
  const maxBytes = Math.min(maxLineBytes, maxItemBytes - minFactBytes - itemSize(keys));
  const item: Item = isListed ? { ...keys, line: lineOf(fact, maxBytes) } : keys;
  const stored: Item = { ...item, fact: bytesOf(recordedFact(fact), item) };
  const runId = fact.type === 'dispatch.accepted' ? fact.data.workflowRunId : null;
  return runId === null ? [stored] : [stored, pointerOf(fact as DispatchAccepted, runId, expiresAt)];
}

/** Returns as much of the fact as fits one write unit. */
function bytesOf(fact: RecordedFact, item: Item): Buffer {
  let bytes: Buffer | undefined;
  for (const part of abridgementsOf(fact)) {
    bytes = factBytes(part, item);
    if (itemSize({ ...item, fact: bytes }) <= maxItemBytes) break;
  }
  return bytes ?? factBytes(fact, item);
}

export const startedPrefix = 'started#';

/**
 * Returns the item by which a started run finds the dispatch that started it. It is in the partition of the started run,
 * so one Query of that partition finds a run as the source and as the result of a dispatch.
 */
function pointerOf(fact: DispatchAccepted, runId: number, expiresAt: number): Item {
  const { pk, sk } = factKey(fact);
  return {
    pk: runPartition(String(runId)),
    sk: `${startedPrefix}${fact.data.dispatchId}`,
    of: { pk, sk },
    order: positionOf(fact),
    line: lineOf(fact),
    expiresAt,
  };
}
