import type { IssueRecord, IssueResult } from '@dispatcher/store';

/** The result of one decision, before it is known what its issue needs. */
export type NewResult = Omit<IssueResult, 'action'>;

/** What a route's issue needs for one more result. */
export type IssueStep =
  /** The issue already contains the result (`recorded`), or the route started and there is no open issue. */
  | { readonly do: 'nothing'; readonly recorded: IssueResult | null }
  | { readonly do: 'open' }
  | { readonly do: 'update' }
  /** The issue is open and already shows the same result of an earlier run. */
  | { readonly do: 'shown' }
  /** The issue is open with the same code. Only its text changes, which can wait. */
  | { readonly do: 'refresh' }
  | { readonly do: 'close' }
  /** The issue already contains the result of a newer run, or an older start waits. The result is only added to the table. */
  | { readonly do: 'note' };

/** Returns whether the route started. Only an allowed decision has this code. */
export function hasStarted({ code }: Pick<IssueResult, 'code'>): boolean {
  return code === 'allowed';
}

/**
 * Decides what an issue needs. Results are ordered by the end of their runs: a late result neither reopens an issue that
 * a newer run closed, nor closes one that a newer run opened. A result that is `shown` is not in the record, so an older
 * start would close the issue; while one waits, the result is added to the table instead.
 * @param waitingRunEndedAt when the newest run ended whose start has waited, in milliseconds since the epoch; null if none
 */
export function nextIssueStep(
  record: IssueRecord | null,
  result: NewResult,
  waitingRunEndedAt: number | null,
): IssueStep {
  const recorded = record?.results.find(({ decidedId }) => decidedId === result.decidedId);
  if (recorded !== undefined) return { do: 'nothing', recorded };
  if (hasStarted(result) && record?.state !== 'open') return { do: 'nothing', recorded: null };
  if (record === null) return { do: 'open' };
  if (record.results.some(({ endedAt }) => Date.parse(endedAt) > Date.parse(result.endedAt))) return { do: 'note' };
  if (hasStarted(result)) return { do: 'close' };
  const [newest] = record.results;
  if (record.state !== 'open' || newest?.code !== result.code) return { do: 'update' };
  if (newest.detail !== result.detail) return { do: 'refresh' };
  // Only the newest start that waits is known: an older one may wait as well, so any that is newer than the record counts.
  return { do: waitingRunEndedAt !== null && waitingRunEndedAt > Date.parse(newest.endedAt) ? 'note' : 'shown' };
}

/** Results that the record of an issue keeps. */
export const maxResults = 10;

/** Adds a result. Keeps the last ten, newest first. */
export function withResult(results: readonly IssueResult[], result: IssueResult): IssueResult[] {
  return [result, ...results]
    .toSorted((left, right) => Date.parse(right.endedAt) - Date.parse(left.endedAt))
    .slice(0, maxResults);
}
