import type {
  Decision,
  DeliveryIgnored,
  DispatchAccepted,
  DispatchCompleted,
  DispatchFailed,
  MessageDeadLettered,
  OperatorActed,
  RunDelayed,
  RunPlanned,
} from '@dispatcher/contracts';
import type { HistoryFact } from '@dispatcher/store';

/** What became of one route of a run. */
export interface RouteResult {
  readonly decision: Decision;
  readonly revision: number;
  readonly accepted: DispatchAccepted['data'] | null;
  readonly failed: DispatchFailed['data'] | null;
  readonly completed: DispatchCompleted['data'] | null;
}

/** What became of a run, by its newest revision. */
export interface RunResult {
  readonly planned: RunPlanned | null;
  readonly ignored: DeliveryIgnored | null;
  /** Set while the newest plan waits for GitHub. */
  readonly delayed: RunDelayed | null;
  readonly routes: readonly RouteResult[];
  readonly deadLetters: readonly MessageDeadLettered[];
  readonly actions: readonly OperatorActed[];
}

/** Folds the facts of a run, which arrive in any order. */
export function runResultOf(facts: readonly HistoryFact[]): RunResult {
  const planned = newest(ofType(facts, 'run.planned'), ({ data }) => data.revision);
  const delayed = newest(ofType(facts, 'run.delayed'), ({ data }) => data.revision);
  const decided = new Map<string, OfType<'route.decided'>>();
  for (const fact of ofType(facts, 'route.decided')) {
    const known = decided.get(fact.data.decision.routeId);
    if (known === undefined || known.data.revision < fact.data.revision) decided.set(fact.data.decision.routeId, fact);
  }
  const redriven = new Set(ofType(facts, 'dead-letter.acted').map(({ data }) => data.deadLetterId));
  return {
    planned,
    ignored: newest(ofType(facts, 'delivery.ignored'), ({ time }) => Date.parse(time)),
    delayed: delayed !== null && delayed.data.revision > (planned?.data.revision ?? -1) ? delayed : null,
    routes: [...decided.values()].map((fact) => routeResultOf(fact, facts)),
    deadLetters: ofType(facts, 'message.dead-lettered').filter(({ id }) => !redriven.has(id)),
    actions: ofType(facts, 'operator.acted'),
  };
}

function routeResultOf(
  { data: { decision, revision } }: OfType<'route.decided'>,
  facts: readonly HistoryFact[],
): RouteResult {
  const mine = facts.filter((fact) => 'dispatchId' in fact.data && fact.data.dispatchId === decision.dispatchId);
  const accepted = newest(ofType(mine, 'dispatch.accepted'), byTime);
  const failed = newest(ofType(mine, 'dispatch.failed'), byTime);
  const completed = newest(ofType(mine, 'dispatch.completed'), byTime);
  return {
    decision,
    revision,
    accepted: accepted?.data ?? null,
    // A later attempt of the same dispatch may have succeeded.
    failed: accepted === null ? (failed?.data ?? null) : null,
    completed: completed?.data ?? null,
  };
}

function byTime({ time }: HistoryFact): number {
  return Date.parse(time);
}

type OfType<Type extends HistoryFact['type']> = Extract<HistoryFact, { type: Type }>;

function ofType<Type extends HistoryFact['type']>(facts: readonly HistoryFact[], type: Type): OfType<Type>[] {
  return facts.filter((fact): fact is OfType<Type> => fact.type === type);
}

function newest<Item>(items: readonly Item[], orderOf: (item: Item) => number): Item | null {
  return items.reduce<Item | null>(
    (found, item) => (found === null || orderOf(item) >= orderOf(found) ? item : found),
    null,
  );
}
