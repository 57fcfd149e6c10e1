import { dispatchId, type Fact, foldName, fullName } from '@dispatcher/contracts';

// Expected content of every list and search, computed from all facts at once in the simplest way, without code of the
// store.

type Of<T extends Fact['type']> = Extract<Fact, { type: T }>;

function ofType<T extends Fact['type']>(facts: readonly Fact[], ...types: readonly T[]): Of<T>[] {
  return facts.filter((fact): fact is Of<T> => types.some((type) => type === fact.type));
}

/** Sorts by texts, the greatest first. */
function descending<T>(items: readonly T[], textOf: (item: T) => string): T[] {
  return items.toSorted((a, b) => (textOf(a) < textOf(b) ? 1 : -1));
}

const newestFirst = <T extends Fact>(facts: readonly T[]): T[] => descending(facts, ({ time, id }) => `${time} ${id}`);

export interface DispatchModel {
  readonly dispatchId: string;
  readonly time: string;
  readonly updatedAt: string;
  readonly repository: string;
  readonly state: string;
  readonly code: string | null;
  readonly resolved: boolean;
}

/** One row per dispatch, newest dispatch first: when it was accepted or refused last, and its newest step. */
export function dispatchesModel(facts: readonly Fact[]): DispatchModel[] {
  const steps = ofType(facts, 'dispatch.accepted', 'dispatch.failed', 'dispatch.completed');
  const rows = [...Map.groupBy(steps, ({ data }) => data.dispatchId).values()].map((group) => {
    const completed = newestFirst(ofType(group, 'dispatch.completed'))[0];
    const accepted = ofType(group, 'dispatch.accepted')[0];
    const refused = ofType(group, 'dispatch.failed').toSorted((a, b) => revisionOf(b) - revisionOf(a))[0];
    const shown = completed ?? accepted ?? refused;
    if (shown === undefined) throw new Error('A dispatch has a step.');
    const { runKey, data } = shown;
    const isResolved = ofType(facts, 'dispatch.accepted').some(
      (each) =>
        each.runKey === runKey && each.data.routeId === data.routeId && generationOf(each) > generationOf(shown),
    );
    return {
      dispatchId: data.dispatchId,
      time: (accepted ?? shown).time,
      updatedAt: shown.time,
      repository: foldName(data.route.target.repository),
      state: stateOf(shown),
      code: data.code ?? null,
      resolved: shown.type === 'dispatch.failed' && isResolved,
    };
  });
  return descending(rows, ({ time, dispatchId: id }) => `${time}#${id}`);
}

const revisionOf = ({ data }: Of<'dispatch.failed'>): number => data.revision ?? 0;

function generationOf({ runKey, data }: Of<'dispatch.accepted' | 'dispatch.failed' | 'dispatch.completed'>): number {
  return [0, 1, 2].find((generation) => dispatchId(runKey, data.routeId, generation) === data.dispatchId) ?? -1;
}

function stateOf(fact: Of<'dispatch.accepted' | 'dispatch.failed' | 'dispatch.completed'>): string {
  if (fact.type === 'dispatch.failed') return 'failed';
  if (fact.type === 'dispatch.completed') return 'completed';
  return fact.data.workflowRunId === null ? 'accepted-unverified' : 'accepted';
}

export interface DeliveryModel {
  readonly deliveryId: string;
  readonly time: string;
  readonly updatedAt: string;
  readonly kind: string;
  readonly repository: string | null;
  readonly outcome: string | null;
  readonly code: string | null;
}

/** One row per delivery, the last received one first, with the result of its newest revision. */
export function deliveriesModel(facts: readonly Fact[]): DeliveryModel[] {
  const own = ofType(facts, 'run.planned', 'run.delayed', 'delivery.repeated', 'delivery.ignored');
  const rows = [...Map.groupBy(own, ({ correlationId }) => correlationId).values()].map((group) => {
    const plan = ofType(group, 'run.planned').toSorted((a, b) => b.data.revision - a.data.revision)[0];
    const shown = plan ?? group[0];
    if (shown === undefined) throw new Error('A delivery has a fact.');
    const { correlationId: deliveryId, time: updatedAt } = shown;
    return { deliveryId, time: receivedAtOf(shown), updatedAt, ...deliveryOf(shown) };
  });
  return descending(rows, ({ time, deliveryId }) => `${time}#${deliveryId}`);
}

type DeliveryFact = Of<'run.planned' | 'run.delayed' | 'delivery.repeated' | 'delivery.ignored'>;

function receivedAtOf(fact: DeliveryFact): string {
  if (fact.type === 'run.planned') return fact.data.trigger.receivedAt;
  return ('receivedAt' in fact.data ? fact.data.receivedAt : undefined) ?? fact.time;
}

function deliveryOf(fact: DeliveryFact) {
  const none = { repository: null, outcome: null, code: null };
  switch (fact.type) {
    case 'run.planned': {
      const { trigger, outcome, code } = fact.data;
      if (trigger.type === 'dispatch.requested') return { kind: 'requested', ...none, outcome, code };
      return { kind: 'planned', repository: foldName(fullName(trigger.repository)), outcome, code };
    }
    case 'run.delayed':
      return { kind: 'delayed', ...none, repository: foldName(fact.data.repository ?? '') };
    case 'delivery.repeated':
      return { kind: 'repeated', ...none, repository: foldName(fact.data.repository) };
    default:
      return { kind: 'ignored', ...none, repository: foldName(fact.data.repository) };
  }
}

/** Ids of the audit log's facts, newest first. */
export function auditModel(facts: readonly Fact[]): string[] {
  const types = [
    'operator.acted',
    'dead-letter.acted',
    'key.changed',
    'pause.changed',
    'bulk-replay.changed',
    'repository.confirmed',
    'schedule.changed',
    'webhook.changed',
  ] as const;
  const listed = ofType(facts, ...types).filter(
    (fact) => fact.type !== 'operator.acted' || fact.data.bulkReplayId === undefined,
  );
  return newestFirst(listed).map(({ id }) => id);
}

/** Results of a search, sorted as text: the run key, and the dispatch by which it was found. */
export function foundModel(facts: readonly Fact[], search: { readonly by: string; readonly value: string }): string[] {
  const found = facts.flatMap((fact) => {
    if (fact.type === 'run.planned') {
      const { trigger: run } = fact.data;
      if (run.type !== 'run.completed') return [];
      const { id, headSha } = run.run;
      const isFound =
        search.by === 'run-id' ? String(id) === search.value : search.by === 'commit' && headSha === search.value;
      return isFound ? [`${fact.runKey} null`] : [];
    }
    if (fact.type === 'dispatch.accepted') {
      const isFound = search.by === 'run-id' && String(fact.data.workflowRunId) === search.value;
      return isFound ? [`${fact.runKey} ${fact.data.dispatchId}`] : [];
    }
    if (fact.type !== 'route.decided' || search.by !== 'dispatch') return [];
    const { dispatchId: id, effect } = fact.data.decision;
    return id === search.value && effect === 'allow' ? [`${fact.runKey} ${id}`] : [];
  });
  return [...new Set(found)].toSorted();
}

/** Ids of the decisions that allowed one dispatch, oldest first. */
export function dispatchModel(facts: readonly Fact[], id: string): string[] {
  const own = ofType(facts, 'route.decided').filter(
    ({ data: { decision } }) => decision.dispatchId === id && decision.effect === 'allow',
  );
  return newestFirst(own)
    .toReversed()
    .map((fact) => fact.id);
}

/** Ids of the ends of a route, sorted as text. */
export function endsModel(facts: readonly Fact[], routeId: string): string[] {
  const denied = ofType(facts, 'route.decided').filter(
    ({ data: { decision } }) => decision.routeId === routeId && decision.effect === 'deny',
  );
  const unverified = ofType(facts, 'dispatch.accepted').filter(({ data }) => data.workflowRunId === null);
  const ended = [...ofType(facts, 'dispatch.failed', 'dispatch.completed'), ...unverified];
  const own = ended.filter(({ data }) => data.routeId === routeId);
  return [...denied, ...own].map(({ id }) => id).toSorted();
}
