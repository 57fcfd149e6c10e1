import type { Fact } from '@dispatcher/contracts';
import * as z from 'zod/mini';
import { deadLetterIdOf, repositoryOf, routeOf } from '../facts/about.ts';
import { foldConfig, foldConfigCount, FoldedConfig, FoldedConfigCount } from './config.ts';
import { FoldedDeadLetter, foldDeadLetter } from './dead-letter.ts';
import { foldRepository, FoldedRepository } from './repository.ts';
import { foldRoute, FoldedRoute } from './route.ts';
import { countsInTotals, foldSpan, foldTotal, FoldedSpan, FoldedTotal } from './totals.ts';

/** State of each kind of projection item. */
export interface States {
  readonly total: FoldedTotal;
  readonly hour: FoldedSpan;
  readonly minute: FoldedSpan;
  readonly repository: FoldedRepository;
  readonly route: FoldedRoute;
  readonly 'dead-letter': FoldedDeadLetter;
  readonly config: FoldedConfig;
  readonly 'config-count': FoldedConfigCount;
}
export type Kind = keyof States;

/** Names one projection item. */
export interface Subject<K extends Kind = Kind> {
  readonly kind: K;
  /** An hour (`2026-11-03T14`), a minute (`2026-11-03T14:05`), a lower-case repository, a route id; `all` for the totals; for a config, the repository id. */
  readonly name: string;
}

/** A pure fold: its result does not depend on the order of the facts, or on how they are cut into slices. */
export interface Projection<S> {
  /** @throws if the value is not a state of this projection */
  readonly parse: (value: unknown) => S;
  /** Returns the state after these facts, each of which must be new to it; null if none is about the subject. */
  readonly fold: (state: S | null, facts: readonly Fact[]) => S | null;
}

export const projections: { readonly [K in Kind]: Projection<States[K]> } = {
  total: { parse: (value) => z.parse(FoldedTotal, value), fold: foldTotal },
  hour: { parse: (value) => z.parse(FoldedSpan, value), fold: foldSpan },
  minute: { parse: (value) => z.parse(FoldedSpan, value), fold: foldSpan },
  repository: { parse: (value) => z.parse(FoldedRepository, value), fold: foldRepository },
  route: { parse: (value) => z.parse(FoldedRoute, value), fold: foldRoute },
  'dead-letter': { parse: (value) => z.parse(FoldedDeadLetter, value), fold: foldDeadLetter },
  config: { parse: (value) => z.parse(FoldedConfig, value), fold: foldConfig },
  'config-count': { parse: (value) => z.parse(FoldedConfigCount, value), fold: foldConfigCount },
};

const hourOf = (time: string): string => new Date(time).toISOString().slice(0, 13);
const minuteOf = (time: string): string => new Date(time).toISOString().slice(0, 16);

/** Returns every item that the fact changes. */
export function subjectsOf(fact: Fact): Subject[] {
  const subjects: Subject[] = [];
  if (fact.type === 'config.observed') {
    subjects.push({ kind: 'config', name: String(fact.data.repositoryId) }, { kind: 'config-count', name: 'all' });
  }
  if (countsInTotals(fact)) {
    subjects.push({ kind: 'total', name: 'all' });
    if (fact.type !== 'deliveries.checked') {
      subjects.push({ kind: 'hour', name: hourOf(fact.time) }, { kind: 'minute', name: minuteOf(fact.time) });
    }
  }
  const repository = repositoryOf(fact);
  // An ignored delivery says nothing about the use of Dispatcher, and it should cost no write of a projection.
  if (repository !== undefined && fact.type !== 'delivery.ignored') {
    subjects.push({ kind: 'repository', name: repository });
  }
  const route = routeOf(fact);
  if (route !== null) subjects.push({ kind: 'route', name: route.routeId });
  const deadLetterId = deadLetterIdOf(fact);
  if (deadLetterId !== null) subjects.push({ kind: 'dead-letter', name: deadLetterId });
  return subjects;
}
