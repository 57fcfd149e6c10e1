import type { Schemas } from '../../api/client.ts';

type Fact = Schemas['FactSummary'];
export type Decided = Extract<Fact, { readonly type: 'route.decided' }>;

/** Returns the newest decision of a route's facts, which are listed newest first; null without one. */
export const newestDecision = (facts: readonly Fact[]): Decided | null =>
  facts.find((fact): fact is Decided => fact.type === 'route.decided') ?? null;

/** Returns the checks of one side. What the run and the operator ask for belongs to the source: it is checked first. */
export const checksOfSide = (checks: readonly Schemas['Check'][], side: 'source' | 'target') =>
  checks.filter((check) => (check.side === 'target') === (side === 'target'));
