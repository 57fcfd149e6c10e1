import type { Kind, Subject } from '@dispatcher/projections';
import type { LogWriter } from './append.ts';
import { readCursor } from './cursors.ts';
import { type FoldedItem, isSameState, parseFolded } from './fold-items.ts';
import { maxShards } from './log-keys.ts';
import { storedItems } from './stored-items.ts';
import { nameOf, refold } from './whole-log.ts';

export interface Difference {
  /** `repository octo-org/app`, `route 0123456789abcdef`, `hour 2026-11-03T14`, `total all`. */
  readonly item: string;
  /** `missing`: facts are about it, and it is not stored. `unexpected`: no fact is about it. */
  readonly problem: 'missing' | 'unexpected' | 'different';
  readonly stored: unknown;
  readonly folded: unknown;
}

/** The result of {@link verifyProjections}. */
export interface VerifyReport {
  readonly facts: number;
  readonly items: number;
  /** The logs whose first entries have expired: counts of all time then contain facts that cannot be folded again. */
  readonly shortened: readonly number[];
  readonly differences: readonly Difference[];
}

/** Items that expire before their facts do. */
const expiring: ReadonlySet<Kind> = new Set(['hour', 'minute', 'dead-letter']);

/**
 * Folds the logs again and compares. Changes nothing, except that it stores facts of the logs that have no item. Roll-ups
 * may run meanwhile: each item is compared with the entries that it says it contains.
 */
export async function verifyProjections(writer: LogWriter): Promise<VerifyReport> {
  const shards = Array.from({ length: maxShards }, (_, shard) => shard);
  // Before the items: whatever is behind these cursors is in the items that are read after them.
  const cursors = await Promise.all(shards.map(async (shard) => (await readCursor(writer, shard))?.entry ?? 0));
  const stored = new Map<string, FoldedItem & { readonly expiresAt: number | null }>();
  for await (const { subject, item } of storedItems(writer)) {
    const expiresAt = typeof item['expiresAt'] === 'number' ? item['expiresAt'] : null;
    stored.set(nameOf(subject), { ...parseFolded(writer.tables.projections, subject.kind, item), expiresAt });
  }
  const isIncluded = (subject: Subject, shard: number, entry: number) =>
    entry <= (stored.get(nameOf(subject))?.upTo.get(shard) ?? cursors[shard] ?? 0);
  const { items, logs } = await refold(writer, isIncluded);
  const shortened = logs.filter(({ first }) => first.number > 1).map(({ shard }) => shard);
  const differences: Difference[] = [];
  const now = writer.now() / 1_000;
  for (const [name, { subject, state }] of items) {
    const known = stored.get(name);
    if (known === undefined) {
      // An hour or a minute that has expired.
      if (!expiring.has(subject.kind))
        differences.push({ item: name, problem: 'missing', stored: null, folded: state });
    } else if (!isSameState(known.state, state)) {
      differences.push({ item: name, problem: 'different', stored: known.state, folded: state });
    }
  }
  for (const [name, { state, expiresAt }] of stored) {
    const isExpired = expiresAt !== null && expiresAt <= now;
    if (!items.has(name) && !isExpired) {
      differences.push({ item: name, problem: 'unexpected', stored: state, folded: null });
    }
  }
  return {
    facts: logs.reduce((sum, { facts }) => sum + facts, 0),
    items: stored.size,
    shortened,
    differences: shortened.length === 0 ? differences : differences.filter(({ problem }) => problem === 'missing'),
  };
}
