import { type Code, foldName } from '@dispatcher/contracts';
import type { FoldedRoute } from '@dispatcher/projections';
import type { List } from '../pages.ts';
import { filteredList } from './list-keys.ts';

/** Filters of the list of routes. At most one of `state` and `code`. */
export interface RouteFilter {
  /** The target, `owner/name` in any case. */
  readonly repository?: string | undefined;
  readonly state?: FilteredRouteState | undefined;
  /** Code of a route that is denied, a dry run, or failed. */
  readonly code?: Code | undefined;
}

/**
 * States that a list can be restricted to: those in which nothing starts. A route that works passes through the other three at
 * every dispatch, and an entry for each of them would cost a write unit each time.
 */
export const filteredRouteStates = ['denied', 'dry-run', 'failed'] as const;
export type FilteredRouteState = (typeof filteredRouteStates)[number];

const routes = 'routes';

/** Returns a route's place in the list. The target comes first, so that the routes into one repository are one range. */
export const routeOrder = (routeId: string, target: string): string => `${target}#${routeId}`;

/** Returns the index attributes of a route, besides `order`. The code takes the place of the subject. */
export function routePlaces({ latest: { state, code } }: FoldedRoute): Readonly<Record<string, string>> {
  if (state !== 'denied' && state !== 'dry-run' && state !== 'failed') return { list: routes };
  return {
    list: routes,
    ofState: `${routes}#${state}`,
    ...(code === undefined ? {} : { ofSubject: `${routes}#${code}` }),
  };
}

export function routeList(table: string, { repository, state, code }: RouteFilter): List {
  const prefix = repository === undefined ? undefined : `${foldName(repository)}#`;
  // Route ids are hex digits, which sort before `~`.
  const range = prefix === undefined ? undefined : { from: prefix, to: `${prefix}~` };
  return { ...filteredList(table, { list: routes, state, subject: code }, range), newestFirst: false };
}
