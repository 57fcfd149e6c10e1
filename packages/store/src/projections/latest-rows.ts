import { triggeredAt, type Fact, type RouteDecided } from '@dispatcher/contracts';
import { orderOf, repositoryOf } from '../facts/fact-keys.ts';
import type { InboundUse, Installation, RepositoryRow, RouteRow } from './projection-schemas.ts';
import { routePlaces, routeRowKey } from '../lists/route-filter.ts';
import {
  freshnessKey,
  inboundKey,
  installationKey,
  type ProjectionKey,
  repositoryKey,
  repositoryRowKey,
} from './projection-keys.ts';

/** One attribute of a projection item. The newest value wins, regardless of the order of arrival. */
export interface LatestValue {
  readonly key: ProjectionKey;
  readonly name: string;
  /** Decides which value is newer: (time, fact id). Stored beside the value as `<name>Order`. */
  readonly order: string;
  readonly value: unknown;
  /** Partition keys of the item in indexes, by attribute; null removes it from the index. */
  readonly places?: Readonly<Record<string, string | null>>;
}

/** Returns every value for which this fact may be the newest. */
export function latestOf(fact: Fact): readonly LatestValue[] {
  return [...ofRepository(fact), ...ofRoute(fact), ...ofOperation(fact)];
}

/** Returns the newest value per attribute in the batch. The conditional write compares it with earlier batches. */
export function newestOf(facts: readonly Fact[]): readonly LatestValue[] {
  const newest = new Map<string, LatestValue>();
  for (const value of facts.flatMap(latestOf)) {
    const place = JSON.stringify([value.key, value.name]);
    const known = newest.get(place);
    if (known === undefined || known.order < value.order) newest.set(place, value);
  }
  return [...newest.values()];
}

function ofRepository(fact: Fact): LatestValue[] {
  const repository = repositoryOf(fact);
  // An ignored delivery says nothing about the use of Dispatcher, and it should cost no write of a projection.
  if (repository === undefined || fact.type === 'delivery.ignored') return [];
  const row: RepositoryRow = { repository, lastFactAt: fact.time };
  const listed = { key: repositoryRowKey(repository), name: 'row', order: orderOf(fact), value: row };
  if (fact.type === 'run.planned') {
    const endedAt = triggeredAt(fact.data.trigger);
    const order = orderAt(endedAt, fact);
    return [listed, { key: repositoryKey(repository), name: 'lastRunAt', order, value: endedAt }];
  }
  if (fact.type === 'route.decided') {
    return [listed, { ...listed, key: repositoryKey(repository), name: 'lastDecisionAt', value: fact.time }];
  }
  return [listed];
}

function ofRoute(fact: Fact): LatestValue[] {
  const row = routeRowOf(fact);
  if (row === null) return [];
  const listed = { key: routeRowKey(row), name: 'row', order: orderOf(fact), value: row, places: routePlaces(row) };
  return fact.type === 'route.decided' ? [listed, inboundOf(fact)] : [listed];
}

/** Returns the part of an inbound row that is not a counter. */
export function inboundOf(fact: RouteDecided): LatestValue {
  const { routeId, route, code } = fact.data.decision;
  const value: Omit<InboundUse, 'allowed' | 'denied'> = { routeId, route, lastAt: fact.time, lastCode: code };
  return { key: inboundKey(route.target.repository, routeId), name: 'last', order: orderOf(fact), value };
}

export function routeRowOf(fact: Fact): RouteRow | null {
  const { time } = fact;
  switch (fact.type) {
    case 'route.decided': {
      const { routeId, route, effect, dispatchId, code } = fact.data.decision;
      const state = effect === 'allow' ? 'allowed' : 'denied';
      return { routeId, route, state, time, runKey: fact.runKey, dispatchId, code };
    }
    case 'dispatch.accepted': {
      const { routeId, route, dispatchId, htmlUrl: targetRunUrl } = fact.data;
      return { routeId, route, state: 'accepted', time, runKey: fact.runKey, dispatchId, targetRunUrl };
    }
    case 'dispatch.failed': {
      const { routeId, route, dispatchId, code } = fact.data;
      return { routeId, route, state: 'failed', time, runKey: fact.runKey, dispatchId, code };
    }
    case 'dispatch.completed': {
      const { routeId, route, dispatchId, conclusion, targetRunUrl } = fact.data;
      return { routeId, route, state: 'completed', time, runKey: fact.runKey, dispatchId, conclusion, targetRunUrl };
    }
    default:
      return null;
  }
}

function ofOperation(fact: Fact): LatestValue[] {
  switch (fact.type) {
    case 'run.planned':
      return fact.data.trigger.type === 'run.completed' ? [deliveryAt(fact.data.trigger.receivedAt, fact)] : [];
    case 'delivery.repeated':
      return [deliveryAt(fact.data.receivedAt, fact)];
    case 'deliveries.checked': {
      const { checkedUntil, lagMs: checkLagMs } = fact.data;
      const value = { checkedUntil, checkLagMs };
      return [{ key: freshnessKey, name: 'check', order: orderOf(fact), value }];
    }
    case 'installation.budget': {
      const { installationId, resource } = fact.data;
      const value: Installation = { ...fact.data, seenAt: fact.time };
      return [{ key: installationKey(installationId, resource), name: 'row', order: orderOf(fact), value }];
    }
    default:
      return [];
  }
}

function deliveryAt(receivedAt: string, fact: Fact): LatestValue {
  return { key: freshnessKey, name: 'lastDeliveryAt', order: orderAt(receivedAt, fact), value: receivedAt };
}

/** Like {@link orderOf}, but by another time that the fact contains. */
function orderAt(time: string, fact: Fact): string {
  return `${new Date(time).toISOString()}#${fact.id}`;
}
