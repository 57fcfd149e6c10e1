import { ConfigObserved, type Fact, foldName, DateTime } from '@dispatcher/contracts';
import * as z from 'zod/mini';
import { shortOrderOf } from '../facts/order.ts';

const Observed = z.omit(ConfigObserved.shape.data, { seenBy: true });

/** The newest observation of one repository, by the time of its fact, and when each of its names was last seen. */
export const FoldedConfig = z.object({
  order: z.string(),
  observedAt: DateTime,
  observed: Observed,
  /** By lower-case name: the name as GitHub spells it, and the order of the newest observation with it. */
  names: z.record(z.string(), z.object({ name: z.string(), order: z.string() })),
});
export type FoldedConfig = z.infer<typeof FoldedConfig>;

/** How many observations were folded. A change means that the graph must be computed again. */
export const FoldedConfigCount = z.object({ observed: z.int() });
export type FoldedConfigCount = z.infer<typeof FoldedConfigCount>;

const maxNames = 10;

/** @param facts facts about this repository */
export function foldConfig(known: FoldedConfig | null, facts: readonly Fact[]): FoldedConfig | null {
  let state = known;
  for (const fact of facts) {
    if (fact.type !== 'config.observed') continue;
    const order = shortOrderOf(fact);
    const { seenBy: _, ...observed } = fact.data;
    const names = withName(state?.names ?? {}, observed.repository, order);
    const isNewest = state === null || state.order < order;
    state = isNewest ? { order, observedAt: fact.time, observed, names } : { ...(state as FoldedConfig), names };
  }
  return state;
}

/** Keeps the names that were seen last, so that the result does not depend on the order of the facts. */
function withName(names: FoldedConfig['names'], name: string, order: string): FoldedConfig['names'] {
  const known = names[foldName(name)];
  const newest = known === undefined || known.order < order ? { name, order } : known;
  const all = Object.entries({ ...names, [foldName(name)]: newest });
  if (all.length <= maxNames) return Object.fromEntries(all);
  return Object.fromEntries(all.toSorted(([, a], [, b]) => (a.order > b.order ? -1 : 1)).slice(0, maxNames));
}

export function foldConfigCount(known: FoldedConfigCount | null, facts: readonly Fact[]): FoldedConfigCount | null {
  const observed = facts.filter(({ type }) => type === 'config.observed').length;
  return observed === 0 ? known : { observed: (known?.observed ?? 0) + observed };
}

/** Returns the newest observation, with the names that the repository had before, newest first. */
export function observedRepositoryOf({ observed, observedAt, names }: FoldedConfig) {
  const former = Object.entries(names)
    .filter(([name]) => name !== foldName(observed.repository))
    .toSorted(([, a], [, b]) => (a.order > b.order ? -1 : 1))
    .map(([, { name }]) => name);
  return { ...observed, observedAt, formerNames: former };
}
