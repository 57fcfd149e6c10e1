import { Link } from '@tanstack/react-router';
import type { Schemas } from '../../api/client.ts';
import { type Column, DataList } from '../../components/data-list.tsx';
import { CodeLabel, RouteName } from '../../components/route-name.tsx';
import { StateLabel } from '../../components/state-label.tsx';
import { Time } from '../../components/time.tsx';
import { stateOfRoute } from '../../words/states.ts';

type Row = Schemas['RouteRow'];

const columns: readonly Column<Row>[] = [
  {
    id: 'route',
    header: 'Route',
    grow: true,
    narrow: 'primary',
    cell: ({ routeId, route }) => (
      <Link to="/routes/$routeId" params={{ routeId }}>
        <RouteName route={route} />
      </Link>
    ),
  },
  {
    id: 'state',
    header: 'State',
    cell: ({ state, conclusion }) => <StateLabel state={stateOfRoute(state, conclusion ?? null)} />,
  },
  { id: 'code', header: 'Code', cell: ({ code }) => (code === undefined ? null : <CodeLabel code={code} />) },
  {
    id: 'time',
    header: 'Last seen',
    align: 'end',
    narrow: 'state',
    cell: ({ time, runKey }) => (
      <Link to="/runs/$runKey" params={{ runKey }}>
        <Time value={time} inRow align="end" />
      </Link>
    ),
  },
];

/** Routes whose newest step failed or was refused. */
export const RoutesInNeed = ({ label, rows }: { readonly label: string; readonly rows: readonly Row[] }) => (
  <DataList label={label} columns={columns} rows={rows} keyOf={({ routeId }) => routeId} />
);
