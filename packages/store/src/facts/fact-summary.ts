import { Decision, type Fact, RouteDecided, RunPlanned, factsWithoutChecks } from '@dispatcher/contracts';
import * as z from 'zod/mini';

/** A fact without its check trees and without the run that its plan already tells: what lists and journeys need. */
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

type PlanDetail = Pick<RunPlanned['data'], 'checks' | 'unmatched'>;
type DecisionDetail = Pick<Decision, 'checks' | 'closest'> & Pick<RouteDecided['data'], 'trigger'>;

/** The rest of a fact, kept as an item of its own: it can be a hundred times the size. */
export type FactDetail =
  | { readonly of: 'run.planned'; readonly data: PlanDetail }
  | { readonly of: 'route.decided'; readonly data: DecisionDetail };

export interface SplitFact {
  readonly brief: FactSummary;
  readonly detail: FactDetail | null;
}

export function split(fact: Fact): SplitFact {
  if (fact.type === 'run.planned') {
    const { checks, unmatched, ...data } = fact.data;
    return { brief: { ...fact, data }, detail: { of: fact.type, data: { checks, unmatched } } };
  }
  if (fact.type === 'route.decided') {
    const { trigger, decision, ...data } = fact.data;
    const { checks, closest, ...rest } = decision;
    const detail = closest === undefined ? { trigger, checks } : { trigger, checks, closest };
    return { brief: { ...fact, data: { ...data, decision: rest } }, detail: { of: fact.type, data: detail } };
  }
  return { brief: fact, detail: null };
}

/** @throws Error where brief and detail do not belong together: they are written in one transaction, so never. */
export function join(brief: FactSummary, detail: FactDetail | null): Fact {
  if (brief.type === 'run.planned' && detail?.of === 'run.planned') {
    return { ...brief, data: { ...brief.data, ...detail.data } };
  }
  if (brief.type === 'route.decided' && detail?.of === 'route.decided') {
    const { trigger, ...tree } = detail.data;
    return { ...brief, data: { ...brief.data, trigger, decision: { ...brief.data.decision, ...tree } } };
  }
  if (brief.type === 'run.planned' || brief.type === 'route.decided') {
    throw new Error(
      `Fact ${brief.id} (${brief.type}) is stored without its checks; look for its item in the fact log.`,
    );
  }
  return brief;
}
