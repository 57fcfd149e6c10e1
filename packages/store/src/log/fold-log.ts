import { type Cursor, readCursor, replaceCursor, shardsWithCursor } from './cursors.ts';
import type { AfterFold } from './after-fold.ts';
import type { LogWriter } from './append.ts';
import { concurrently } from './concurrently.ts';
import type { LogEntry } from './entries.ts';
import { foldItems } from './fold-items.ts';
import { countedFacts, type LoggedFact, readEntries } from './slices.ts';

/** What one call has folded. */
export interface FoldReport {
  readonly entries: number;
  readonly facts: number;
  /** Age of the oldest entry that was not folded when the call began; 0 if there was none. */
  readonly lagMs: number;
  /** Shards whose projections are being rebuilt, and which were left alone. */
  readonly rebuilding: readonly number[];
}

/** The log does not continue where it was folded: the table was restored to an earlier time. */
export class LogRestoredError extends Error {
  override readonly name = 'LogRestoredError';
  constructor(shard: number, entry: number, found: string) {
    super(
      `Log ${shard} is folded up to entry ${entry}, but the table has ${found}: it was restored to an earlier time, or changed by hand. ` +
        'The projections of this log are not updated. Run `dispatcher projections rebuild`, which folds the log again.',
    );
  }
}

/** Where slices come from. */
export interface LogSource {
  /** @throws LogRestoredError if the log does not continue where it was folded */
  entriesAfter(writer: LogWriter, shard: number, cursor: Cursor | null): Promise<readonly LogEntry[]>;
  countedFacts(writer: LogWriter, shard: number, entries: readonly LogEntry[]): Promise<readonly LoggedFact[]>;
}

export const consistentLog: LogSource = {
  entriesAfter: async (writer, shard, cursor) =>
    checkedEntries(writer, shard, cursor, await readEntries(writer, shard, cursor?.entry ?? 0)),
  countedFacts,
};

export interface FoldOptions {
  readonly afterFold?: AfterFold;
  /** Tests replace it, to show that another one would count wrongly. */
  readonly source?: LogSource;
  /** After this time no other slice is begun; the next call continues. */
  readonly signal?: AbortSignal;
}

/**
 * Folds every log from its cursor to its end. May run twice, late or concurrently.
 * @throws LogRestoredError if a log does not continue where it was folded; the other logs are folded
 */
export async function foldLog(writer: LogWriter, options: FoldOptions = {}): Promise<FoldReport> {
  const configured = Array.from({ length: writer.shards }, (_, shard) => shard);
  const shards = rotated([...new Set([...configured, ...(await shardsWithCursor(writer))])], writer.now());
  const failures: unknown[] = [];
  const reports = await concurrently(shards, 4, (shard) =>
    foldShard(writer, shard, options).catch((error: unknown) => {
      failures.push(error);
      return nothing;
    }),
  );
  // A restored table concerns every log: one error says what to do.
  const restored = failures.find((error) => error instanceof LogRestoredError);
  if (restored !== undefined) throw restored;
  if (failures.length > 1) throw new AggregateError(failures, failures.join('; '));
  if (failures.length > 0) throw failures[0];
  return {
    entries: reports.reduce((sum, { entries }) => sum + entries, 0),
    facts: reports.reduce((sum, { facts }) => sum + facts, 0),
    lagMs: Math.max(0, ...reports.map(({ lagMs }) => lagMs)),
    rebuilding: shards.filter((_, index) => reports[index]?.isRebuilding),
  };
}

/** Begins with another shard each minute: what is left to the next call because of the signal must not be the same each time. */
function rotated(shards: readonly number[], now: number): number[] {
  const first = Math.floor(now / 60_000) % shards.length;
  return [...shards.slice(first), ...shards.slice(0, first)];
}

const nothing = { entries: 0, facts: 0, lagMs: 0, isRebuilding: false };

async function foldShard(
  writer: LogWriter,
  shard: number,
  { afterFold, signal, source = consistentLog }: FoldOptions,
): Promise<typeof nothing> {
  let report = nothing;
  for (;;) {
    if (signal?.aborted === true) return report;
    const cursor = await readCursor(writer, shard);
    if (cursor !== null && cursor.rebuildingSince !== null) return { ...report, isRebuilding: true };
    const entries = await source.entriesAfter(writer, shard, cursor);
    const last = entries.at(-1);
    if (last === undefined) return report;
    const oldest = Math.min(...entries.map(({ at }) => at));
    const facts = await source.countedFacts(writer, shard, entries);
    await foldItems(writer, shard, facts, last.number);
    await afterFold?.(
      writer,
      facts.map(({ fact }) => fact),
    );
    const { number: entry, id, expiresAt } = last;
    // Refused: another roll-up moved it. The next round starts from there.
    await replaceCursor(writer, shard, cursor, { entry, last: { id, expiresAt }, rebuildingSince: null });
    report = {
      entries: report.entries + entries.length,
      facts: report.facts + facts.length,
      lagMs: Math.max(report.lagMs, writer.now() - oldest),
      isRebuilding: false,
    };
  }
}

/**
 * Returns the entries after the cursor. The page begins with the entry of the cursor, which shows that the log continues
 * where it was folded: numbers are given again after a restore.
 * @throws LogRestoredError
 */
function checkedEntries(
  writer: LogWriter,
  shard: number,
  cursor: Cursor | null,
  page: readonly LogEntry[],
): readonly LogEntry[] {
  const { entry, last } = cursor ?? { entry: 0, last: null };
  const [first] = page;
  const isContinued = last === null || (first?.number === entry && first.id === last.id);
  const isExpired = last !== null && last.expiresAt * 1_000 <= writer.now() && first?.number !== entry;
  if (!isContinued && !isExpired) throw new LogRestoredError(shard, entry, foundText(entry, page));
  const entries = page.filter(({ number }) => number > entry);
  let previous = entry;
  for (const { number } of entries) {
    // The beginning of a log expires. A gap after it cannot be: a number is taken only after the one before it.
    if (number !== previous + 1 && last !== null && !isExpired) {
      throw new LogRestoredError(shard, previous, `no entry ${previous + 1}`);
    }
    previous = number;
  }
  return entries;
}

function foundText(entry: number, page: readonly LogEntry[]): string {
  const [first] = page;
  if (first === undefined) return `no entry ${entry} or later`;
  return first.number === entry ? 'another entry with this number' : `no entry ${entry}`;
}
