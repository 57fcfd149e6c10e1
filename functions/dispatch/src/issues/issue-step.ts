import type { IssueRecord, IssueResult } from '@dispatcher/store';

/** One decision's result, before it is known what its issue needs. */
export type NewResult = Omit<IssueResult, 'action'>;

/** What a route's issue needs for one more result. */
export type IssueStep =
  /** It says this already (`told`), or there is nothing to say: no issue, and the route started. */
  | { readonly do: 'nothing'; readonly told: IssueResult | null }
  | { readonly do: 'open' }
  | { readonly do: 'update' }
  /** It is open for the same reason: only its table grows, which may wait. */
  | { readonly do: 'refresh' }
  | { readonly do: 'close' }
  /** A newer run was told of already: this one only goes into the table. */
  | { readonly do: 'note' };

/** The code of a result says whether the route started: only an allowed decision has this one. */
export function hasStarted({ code }: Pick<IssueResult, 'code'>): boolean {
  return code === 'allowed';
}

/**
 * Results are ordered by the end of their runs: a late one neither opens what a newer closed nor closes what it opened.
 */
export function nextIssueStep(known: IssueRecord | null, result: NewResult): IssueStep {
  const told = known?.results.find(({ decidedId }) => decidedId === result.decidedId);
  if (told !== undefined) return { do: 'nothing', told };
  if (hasStarted(result) && known?.state !== 'open') return { do: 'nothing', told: null };
  if (known === null) return { do: 'open' };
  if (known.results.some(({ endedAt }) => Date.parse(endedAt) > Date.parse(result.endedAt))) return { do: 'note' };
  if (hasStarted(result)) return { do: 'close' };
  return known.state === 'open' && known.results[0]?.code === result.code ? { do: 'refresh' } : { do: 'update' };
}

const mostResults = 10;

/** The last ten, newest first. */
export function withResult(results: readonly IssueResult[], result: IssueResult): IssueResult[] {
  return [result, ...results]
    .toSorted((left, right) => Date.parse(right.endedAt) - Date.parse(left.endedAt))
    .slice(0, mostResults);
}
