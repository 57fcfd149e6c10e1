import { Decision, type Fact, RouteDecided, RunPlanned, factsWithoutChecks } from '@dispatcher/contracts';
import * as z from 'zod/mini';

/** A fact without its check trees and without the run that its plan already contains: what lists and timelines need. */
export const FactSummary = z.discriminatedUnion('type', [
  z.extend(RunPlanned, { data: z.omit(RunPlanned.shape.data, { checks: true, unmatched: true }) }),
  z.extend(RouteDecided, {
    data: z.extend(z.omit(RouteDecided.shape.data, { trigger: true }), {
      decision: z.omit(Decision, { checks: true, closest: true }),
    }),
  }),
  ...Object.values(factsWithoutChecks),
]);
export type FactSummary = z.infer<typeof FactSummary>;

/** The rest of a fact, stored as an item of its own: it can be a hundred times larger than the summary. */
export const FactDetail = z.discriminatedUnion('of', [
  z.object({ of: z.literal('run.planned'), data: z.pick(RunPlanned.shape.data, { checks: true, unmatched: true }) }),
  z.object({
    of: z.literal('route.decided'),
    data: z.extend(z.pick(Decision, { checks: true, closest: true }), {
      trigger: RouteDecided.shape.data.shape.trigger,
    }),
  }),
]);
export type FactDetail = z.infer<typeof FactDetail>;

export interface SplitFact {
  readonly summary: FactSummary;
  readonly detail: FactDetail | null;
}

/** Splits a fact into the two parts that are stored as items of their own. */
export function split(fact: Fact): SplitFact {
  if (fact.type === 'run.planned') {
    const { checks, unmatched, ...data } = fact.data;
    return { summary: { ...fact, data }, detail: { of: fact.type, data: { checks, unmatched } } };
  }
  if (fact.type === 'route.decided') {
    const { trigger, decision, ...data } = fact.data;
    const { checks, closest, ...rest } = decision;
    const detail = closest === undefined ? { trigger, checks } : { trigger, checks, closest };
    return { summary: { ...fact, data: { ...data, decision: rest } }, detail: { of: fact.type, data: detail } };
  }
  return { summary: fact, detail: null };
}

/** Joins summary and detail. @throws Error if the detail is missing; both are written in one transaction. */
export function join(summary: FactSummary, detail: FactDetail | null): Fact {
  if (summary.type === 'run.planned' && detail?.of === 'run.planned') {
    return { ...summary, data: { ...summary.data, ...detail.data } };
  }
  if (summary.type === 'route.decided' && detail?.of === 'route.decided') {
    const { trigger, ...tree } = detail.data;
    return { ...summary, data: { ...summary.data, trigger, decision: { ...summary.data.decision, ...tree } } };
  }
  if (summary.type === 'run.planned' || summary.type === 'route.decided') {
    throw new Error(
      `Fact ${summary.id} (${summary.type}) is stored without its checks. Look for its detail item in the facts table.`,
    );
  }
  return summary;
}
