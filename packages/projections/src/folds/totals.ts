import { DateTime } from '@dispatcher/contracts';
import type { Fact } from '@dispatcher/contracts';
import * as z from 'zod/mini';
import { laterOf, orderOf } from '../facts/order.ts';
import type { Summary } from '../read-models/schemas.ts';
import { countersOf, sumOf } from './counters.ts';

/** Counters of one time span: an hour or a minute. */
export const FoldedSpan = z.object({ counters: z.record(z.string(), z.int()) });
export type FoldedSpan = z.infer<typeof FoldedSpan>;

/** Counters of all time, and how recent the data is. */
export const FoldedTotal = z.object({
  ...FoldedSpan.shape,
  lastDeliveryAt: z.nullable(DateTime),
  check: z.nullable(z.object({ order: z.string(), checkedUntil: DateTime, checkLagMs: z.number() })),
});
export type FoldedTotal = z.infer<typeof FoldedTotal>;

export function foldSpan(known: FoldedSpan | null, facts: readonly Fact[]): FoldedSpan {
  return { counters: sumOf([known?.counters ?? {}, ...facts.map(countersOf)]) };
}

export function foldTotal(known: FoldedTotal | null, facts: readonly Fact[]): FoldedTotal {
  let { lastDeliveryAt, check } = known ?? { lastDeliveryAt: null, check: null };
  for (const fact of facts) {
    if (fact.type === 'run.planned' && fact.data.trigger.type === 'run.completed') {
      lastDeliveryAt = laterOf(lastDeliveryAt, fact.data.trigger.receivedAt);
    }
    if (fact.type === 'delivery.repeated') lastDeliveryAt = laterOf(lastDeliveryAt, fact.data.receivedAt);
    if (fact.type === 'deliveries.checked') {
      const order = orderOf(fact);
      const { checkedUntil, lagMs: checkLagMs } = fact.data;
      if (check === null || check.order < order) check = { order, checkedUntil, checkLagMs };
    }
  }
  return { ...foldSpan(known, facts), lastDeliveryAt, check };
}

/** Returns whether the fact changes a total. */
export function countsInTotals(fact: Fact): boolean {
  return fact.type === 'deliveries.checked' || Object.keys(countersOf(fact)).length > 0;
}

export function freshnessOf(total: FoldedTotal | null): Summary['freshness'] {
  const { lastDeliveryAt, check } = total ?? { lastDeliveryAt: null, check: null };
  return { lastDeliveryAt, checkedUntil: check?.checkedUntil ?? null, checkLagMs: check?.checkLagMs ?? null };
}
