import type { Schemas } from '../../api/client.ts';

type PlanFact = Schemas['PlanResponse']['facts'][number];
export type Decided = Extract<PlanFact, { readonly type: 'route.decided' }>;

/** Returns the newest decision on a route in the facts of a run's plans, whose newest revision comes first. */
export const newestDecision = (facts: readonly PlanFact[], routeId: string): Decided | null =>
  facts.find((fact): fact is Decided => fact.type === 'route.decided' && fact.data.decision.routeId === routeId) ??
  null;

/** Returns the checks of one side. What the run and the operator ask for belongs to the source: it is checked first. */
export const checksOfSide = (checks: readonly Schemas['Check'][], side: 'source' | 'target') =>
  checks.filter((check) => (check.side === 'target') === (side === 'target'));
