import { type Fact, isLeftToAnotherRun, triggeredAt, DateTime } from '@dispatcher/contracts';
import * as z from 'zod/mini';
import { laterOf, shortOrderOf } from '../facts/order.ts';
import type { Repository, RepositoryRow } from '../read-models/schemas.ts';
import { countHour, HourCounts, toHours } from './hour-counts.ts';

const counts = z.record(z.string(), z.int());
/** The installation that covers the repository, by the newest fact that names one. */
const InstallationOfRepository = z.object({ order: z.string(), installationId: z.int() });
type InstallationOfRepository = z.infer<typeof InstallationOfRepository>;

/** Everything about one repository, as source and as target. */
export const FoldedRepository = z.object({
  lastFactAt: DateTime,
  deliveries: z.int(),
  plans: counts,
  lastRunAt: z.nullable(DateTime),
  allowed: z.int(),
  denied: z.int(),
  decisions: counts,
  lastDecisionAt: z.nullable(DateTime),
  started: z.int(),
  failed: z.int(),
  /** Absent from items of an earlier release until they are rebuilt. */
  completed: z._default(z.int(), 0),
  succeeded: z.int(),
  /** Deliveries of the repository as source and decisions on it as target, by hour. */
  hours: z.nullable(HourCounts),
  /** Absent from items of an earlier release until they are rebuilt. */
  installation: z._default(z.nullable(InstallationOfRepository), null),
});
export type FoldedRepository = z.infer<typeof FoldedRepository>;

const empty: Omit<FoldedRepository, 'lastFactAt'> = {
  deliveries: 0,
  plans: {},
  lastRunAt: null,
  allowed: 0,
  denied: 0,
  decisions: {},
  lastDecisionAt: null,
  started: 0,
  failed: 0,
  completed: 0,
  succeeded: 0,
  hours: null,
  installation: null,
};

/** @param facts facts about this repository */
export function foldRepository(known: FoldedRepository | null, facts: readonly Fact[]): FoldedRepository | null {
  return facts.reduce(foldFact, known);
}

function foldFact(known: FoldedRepository | null, fact: Fact): FoldedRepository {
  const state = { ...empty, ...known, lastFactAt: laterOf(known?.lastFactAt ?? null, fact.time) };
  const hours = () => countHour(state.hours, fact.time);
  switch (fact.type) {
    case 'run.planned': {
      const { trigger, outcome, revision } = fact.data;
      const planned = {
        ...state,
        plans: raised(state.plans, outcome),
        lastRunAt: laterOf(state.lastRunAt, triggeredAt(trigger)),
        installation: newerOf(
          state.installation,
          fact,
          trigger.type === 'run.completed' ? trigger.installationId : undefined,
        ),
      };
      // A raised revision is a second plan of the same delivery.
      return revision > 0 ? planned : { ...planned, deliveries: state.deliveries + 1, hours: hours() };
    }
    case 'delivery.repeated':
      return { ...state, deliveries: state.deliveries + 1, hours: hours() };
    case 'route.decided': {
      const { code, effect, target } = fact.data.decision;
      const isAllowed = effect === 'allow';
      return {
        ...state,
        allowed: state.allowed + Number(isAllowed),
        denied: state.denied + Number(!isAllowed && !isLeftToAnotherRun({ code })),
        decisions: raised(state.decisions, code),
        lastDecisionAt: laterOf(state.lastDecisionAt, fact.time),
        hours: hours(),
        installation: newerOf(state.installation, fact, target?.installationId),
      };
    }
    case 'dispatch.accepted':
      return { ...state, started: state.started + 1 };
    case 'dispatch.failed':
      return { ...state, failed: state.failed + 1 };
    case 'dispatch.completed':
      return {
        ...state,
        completed: state.completed + 1,
        succeeded: state.succeeded + Number(fact.data.conclusion === 'success'),
      };
    default:
      return state;
  }
}

/** Keeps the newest by order, in whichever order the facts are folded. */
function newerOf(
  known: InstallationOfRepository | null,
  fact: Fact,
  installationId: number | undefined,
): InstallationOfRepository | null {
  if (installationId === undefined) return known;
  const order = shortOrderOf(fact);
  return known === null || known.order < order ? { order, installationId } : known;
}

const raised = (known: Readonly<Record<string, number>>, name: string) => ({
  ...known,
  [name]: (known[name] ?? 0) + 1,
});

/** @param repository lower case */
export function repositoryRowOf(repository: string, state: FoldedRepository): RepositoryRow {
  const { lastFactAt, deliveries, allowed, denied, started, failed, completed, succeeded } = state;
  const { hours, installation } = state;
  const own = { repository, lastFactAt, deliveries, allowed, denied, started, failed, completed, succeeded };
  return {
    ...own,
    hours: hours === null ? null : toHours(hours),
    installationId: installation?.installationId ?? null,
  };
}

/** @param repository lower case */
export function repositoryViewOf(repository: string, state: FoldedRepository): Repository {
  const { deliveries, plans, lastRunAt, decisions, allowed, denied, lastDecisionAt } = state;
  const { started, failed, completed, succeeded, hours, installation } = state;
  return {
    repository,
    asSource: { deliveries, plans, lastRunAt },
    asTarget: { decisions, allowed, denied, lastDecisionAt, started, failed, completed, succeeded },
    hours: hours === null ? null : toHours(hours),
    installationId: installation?.installationId ?? null,
  };
}
