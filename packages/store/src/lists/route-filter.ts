import { type Code, foldName } from '@dispatcher/contracts';
import type { List } from '../pages.ts';
import { type ProjectionKey, partitions } from '../projections/projection-keys.ts';
import type { RouteRow } from '../projections/projection-schemas.ts';
import { filteredList } from './list-keys.ts';

/** Filters of the list of routes. At most one of `state` and `code`. */
export interface RouteFilter {
  /** The target, `owner/name` in any case. */
  readonly repository?: string | undefined;
  readonly state?: FilteredRouteState | undefined;
  /** Code of a denied or failed route. */
  readonly code?: Code | undefined;
}

/**
 * States that a list can be restricted to: those that need action. A route that works passes through the other three at
 * every dispatch, and an entry for each of them would cost six write units per dispatch.
 */
export const filteredRouteStates = ['denied', 'failed'] as const;
export type FilteredRouteState = (typeof filteredRouteStates)[number];

/** Returns the key of a route's row. The target comes first, so that the routes into one repository are one range. */
export function routeRowKey({ routeId, route }: Pick<RouteRow, 'routeId' | 'route'>): ProjectionKey {
  return { pk: partitions.routes, sk: `${foldName(route.target.repository)}#${routeId}` };
}

/** Returns the index attributes of a route's row. The indexes sort it like the table, by its sort key. */
export function routePlaces(row: RouteRow): Readonly<Record<string, string | null>> {
  const needsAction = row.state === 'denied' || row.state === 'failed';
  return {
    order: needsAction ? routeRowKey(row).sk : null,
    ofState: needsAction ? `${partitions.routes}#${row.state}` : null,
    ofCode: needsAction && row.code !== undefined ? `${partitions.routes}#${row.code}` : null,
  };
}

export function routeList(table: string, { repository, state, code }: RouteFilter): List {
  const prefix = repository === undefined ? undefined : `${foldName(repository)}#`;
  // Route ids are hex digits, which sort before `~`.
  const range = prefix === undefined ? undefined : { from: prefix, to: `${prefix}~` };
  const unfiltered: List = { table, index: null, hash: 'pk', value: partitions.routes, newestFirst: false, range };
  if (state === undefined && code === undefined) return unfiltered;
  return { ...filteredList(table, { list: partitions.routes, state, code }, range), newestFirst: false };
}
