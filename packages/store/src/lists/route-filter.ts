import { type Code, foldName, type RouteSource } from '@dispatcher/contracts';
import { type FoldedRoute, isFailing } from '@dispatcher/projections';
import type { List } from '../pages.ts';
import { filteredList } from './list-keys.ts';

/** Filters of the list of routes. At most one of `state` and `code`. */
export interface RouteFilter {
  /** The source, `owner/name` in any case. */
  readonly source?: string | undefined;
  /** The target, `owner/name` in any case. */
  readonly repository?: string | undefined;
  readonly state?: FilteredRouteState | undefined;
  /** Code of a route that is denied, a dry run, or failed. */
  readonly code?: Code | undefined;
}

/** States in which nothing starts. */
const statesWithoutStart = ['denied', 'dry-run', 'failed'] as const;
/** States that a list can be restricted to. `failing`: also those whose newest run failed. */
export const filteredRouteStates = [...statesWithoutStart, 'failing'] as const;
export type FilteredRouteState = (typeof filteredRouteStates)[number];

const routes = 'routes';

/** Returns a route's place in the list. The target comes first, so that the routes into one repository are one range. */
export const routeOrder = (routeId: string, target: string): string => `${target}#${routeId}`;

/**
 * The index attribute of every route, besides `order`. State and code are not part of a key: each would cost a write unit
 * per change, and {@link matchesRoute} compares them while a page is read.
 */
export const routePlaces: Readonly<Record<string, string>> = { list: routes };

export function routeList(table: string, { repository, source, state, code }: RouteFilter): List {
  const prefix = repository === undefined ? undefined : `${foldName(repository)}#`;
  // Route ids are hex digits, which sort before `~`.
  const range = prefix === undefined ? undefined : { from: prefix, to: `${prefix}~` };
  const list = { ...filteredList(table, { list: routes }, range), newestFirst: false };
  const compared = [source === undefined ? undefined : foldName(source), state, code];
  return compared.every((value) => value === undefined) ? list : { ...list, filter: JSON.stringify(compared) };
}

/** Returns whether the list contains the route. A code is one of a route in which nothing starts. The target is part of the read. */
export function matchesRoute({ route, latest }: FoldedRoute, { source, state, code }: RouteFilter): boolean {
  return (
    (source === undefined || isOfRepository(route.source, source)) &&
    (state === undefined || latest.state === state || (state === 'failing' && isFailing(latest))) &&
    (code === undefined || (startsNothing(latest.state) && latest.code === code))
  );
}

const isOfRepository = (source: RouteSource, name: string): boolean =>
  'repository' in source && foldName(source.repository) === foldName(name);

const startsNothing = (state: string): boolean => (statesWithoutStart as readonly string[]).includes(state);
