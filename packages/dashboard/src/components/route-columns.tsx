import { Link } from '@tanstack/react-router';
import type { Schemas } from '../api/client.ts';
import { stateOfRoute } from '../words/states.ts';
import type { Column } from './data-list.tsx';
import { CodeLabel, RouteName } from './route-name.tsx';
import { StateLabel } from './state-label.tsx';

type RouteRow = Schemas['RouteRow'];

// The columns that every list of routes has.

/** The name of the route, which leads to its page. */
export const routeColumn: Column<Pick<RouteRow, 'routeId' | 'route'>> = {
  id: 'route',
  header: 'Route',
  grow: true,
  narrow: 'primary',
  cell: ({ routeId, route }) => (
    <Link to="/routes/$routeId" params={{ routeId }}>
      <RouteName route={route} />
    </Link>
  ),
};

/** The newest step of the route, as an icon and a word. */
export const routeStateColumn: Column<Pick<RouteRow, 'state' | 'conclusion'>> = {
  id: 'state',
  header: 'Last result',
  cell: ({ state, conclusion }) => <StateLabel state={stateOfRoute(state, conclusion ?? null)} />,
};

/** Why the route was refused or failed; empty where it works. */
export const routeCodeColumn: Column<Pick<RouteRow, 'code'>> = {
  id: 'code',
  header: 'Code',
  cell: ({ code }) => (code === undefined || code === 'allowed' ? null : <CodeLabel code={code} />),
};
