import type { Fact } from '@dispatcher/contracts';

/** Names of counters and what to add to them: `deliveries`, `plans.no-match`, `decisions.allowed`, `dispatches.failed`. */
export type Totals = Readonly<Record<string, number>>;

/** One projection item: all time, or one hour of UTC (`2026-11-03T14`). */
export type TotalsSpan = 'all' | `${string}T${string}`;

export function totalsKey(span: TotalsSpan) {
  return { pk: 'totals', sk: span };
}

export function hourOf(time: string): TotalsSpan {
  return new Date(time).toISOString().slice(0, 13) as `${string}T${string}`;
}

/** What one fact adds. Facts that count nothing here are told by others: a decision by its own fact, not by its issue. */
export function countersOf(fact: Fact): readonly string[] {
  switch (fact.type) {
    case 'run.planned':
      // A raised revision is a second plan of the same delivery.
      return [...(fact.data.revision === 0 ? ['deliveries'] : []), `plans.${fact.data.outcome}`];
    case 'delivery.repeated':
      return ['deliveries', 'deliveries.repeated'];
    case 'route.decided':
      return [`decisions.${fact.data.decision.code}`];
    case 'dispatch.accepted':
      return ['dispatches.accepted'];
    case 'dispatch.failed':
      return ['dispatches.failed'];
    case 'dispatch.completed':
      return ['dispatches.completed'];
    default:
      return [];
  }
}

/** Summed per projection item, so that a transaction updates each item once: it may name an item only once. */
export function sumTotals(facts: readonly Fact[]): ReadonlyMap<TotalsSpan, Totals> {
  const sums = new Map<TotalsSpan, Record<string, number>>();
  for (const fact of facts) {
    for (const counter of countersOf(fact)) {
      for (const span of ['all', hourOf(fact.time)] as const) {
        const totals = sums.get(span) ?? {};
        totals[counter] = (totals[counter] ?? 0) + 1;
        sums.set(span, totals);
      }
    }
  }
  return sums;
}
