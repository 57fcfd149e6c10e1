import { type Fact, foldName } from '@dispatcher/contracts';
import { orderOf, repositoryOf, stepOf } from '@dispatcher/projections';
import { isKey } from './fact-keys.ts';

/** Names of the attributes that are partition keys of the indexes of the facts table. A fact has some of them. */
export const placeNames = ['feed', 'find', 'commit', 'repository', 'route'] as const;
export type Places = Partial<Readonly<Record<(typeof placeNames)[number], string>>>;

/** Partitions of the index `feed`: the lists of all repositories, newest first. */
export const feeds = { deliveries: 'deliveries', dispatches: 'dispatches', audit: 'audit' } as const;

export const deliveryPlace = (deliveryId: string): string => `delivery#${deliveryId}`;
/** Finds the changes of the switch that pauses all dispatches. */
export const pausePlace = 'pause';
export const dispatchPlace = (dispatchId: string): string => `dispatch#${dispatchId}`;

/**
 * Returns the places of a fact in the indexes. Each costs a write unit, so a fact has only those by which somebody looks
 * for it; everything else about a run is found in the run's own partition.
 */
export function placesOf(fact: Fact): Places {
  const places = Object.entries(wantedPlaces(fact)).filter((place): place is [string, string] => isKey(place[1]));
  return Object.fromEntries(places);
}

function wantedPlaces(fact: Fact): Readonly<Record<string, string | undefined>> {
  const find = deliveryPlace(fact.correlationId);
  const repository = repositoryOf(fact);
  switch (fact.type) {
    case 'run.planned': {
      const { trigger } = fact.data;
      const commit = trigger.type === 'dispatch.requested' ? undefined : trigger.run.headSha;
      return { feed: feeds.deliveries, find, commit, repository };
    }
    case 'run.delayed':
    case 'delivery.repeated':
    case 'delivery.ignored':
      return { feed: feeds.deliveries, find, repository };
    case 'message.dead-lettered':
      return { feed: isUnplanned(fact) ? feeds.deliveries : undefined, find };
    case 'route.decided': {
      const { dispatchId, effect, routeId } = fact.data.decision;
      // A denial is an end of its route. It has no dispatch to find.
      return effect === 'deny' ? { repository, route: routeId } : { find: dispatchPlace(dispatchId), repository };
    }
    case 'dispatch.accepted':
      return { feed: feeds.dispatches, route: fact.data.workflowRunId === null ? fact.data.routeId : undefined };
    case 'dispatch.failed':
    case 'dispatch.completed':
      return { feed: feeds.dispatches, route: fact.data.routeId };
    case 'operator.acted':
      // The audit log lists a bulk replay, and not each of its items.
      return { feed: fact.data.bulkReplayId === undefined ? feeds.audit : undefined };
    case 'pause.changed':
      return { feed: feeds.audit, find: pausePlace };
    case 'dead-letter.acted':
    case 'key.changed':
    case 'repository.confirmed':
    case 'bulk-replay.changed':
    case 'schedule.changed':
    case 'webhook.changed':
      return { feed: feeds.audit };
    default:
      return {};
  }
}

/** Returns whether the dead letter is in place of a plan: a message of any other queue is about a run that was planned. */
function isUnplanned({ runKey, data }: Extract<Fact, { type: 'message.dead-lettered' }>): boolean {
  return data.queue === 'runs' && isKey(runKey);
}

/**
 * Returns the sort key of a fact in every index: the time, what the fact is about, and which of several facts about it is
 * the newest. The facts about one delivery begin with the time of its arrival, and those about one dispatch with the time
 * of its start, so they follow each other in a list, the newest one first, and a list shows that one. No write is needed
 * to keep one row per delivery and dispatch.
 */
export function positionOf(fact: Fact): string {
  switch (fact.type) {
    case 'run.planned':
      return position(fact.data.trigger.receivedAt, fact.correlationId, rank(fact.data.revision, 'plan'));
    case 'run.delayed':
      return position(fact.data.receivedAt ?? fact.time, fact.correlationId, rank(fact.data.revision, 'waiting'));
    case 'delivery.repeated':
      return position(fact.data.receivedAt, fact.correlationId, rank(0, 'repeat'));
    case 'delivery.ignored':
    case 'message.dead-lettered':
      return position(fact.time, fact.correlationId, rank(0, 'waiting'));
    case 'dispatch.accepted':
    case 'dispatch.failed':
      return position(fact.time, fact.data.dispatchId, stepOf(fact));
    case 'dispatch.completed':
      return position(
        fact.data.acceptedAt ?? fact.time,
        fact.data.dispatchId,
        `${stepOf(fact)}@${normalized(fact.time)}`,
      );
    default:
      return orderOf(fact);
  }
}

const steps = { waiting: '1', repeat: '2', plan: '3' } as const;

/** A later revision outranks an earlier one; within a revision, the plan outranks what preceded it. */
function rank(revision: number, step: keyof typeof steps): string {
  return `${String(revision).padStart(6, '0')}-${steps[step]}`;
}

// GUIDs have 36 characters; the header of a foreign delivery can have any length, and a key cannot.
const maxIdLength = 100;

function position(time: string, id: string, last: string): string {
  return `${normalized(time)}#${id.slice(0, maxIdLength)}#${last}`;
}

const normalized = (time: string): string => new Date(time).toISOString();

/** Returns the part of a position that the facts about one delivery or dispatch have in common. */
export const subjectOf = (order: string): string => order.slice(0, order.lastIndexOf('#'));

/** Returns the time with which a position begins, in milliseconds. */
export const timeOf = (order: string): string => order.slice(0, order.indexOf('#'));

/** Returns the delivery or dispatch of a position. */
export function idOf(order: string): string {
  return order.slice(order.indexOf('#') + 1, order.lastIndexOf('#'));
}

/** Returns the partition of a repository in the index `repository`. @param name `owner/name`, any case */
export const repositoryPlace = (name: string): string => foldName(name);
