import { Link } from '@tanstack/react-router';
import type { Schemas } from '../../api/client.ts';
import { type Column, DataList } from '../../components/data-list.tsx';
import { routeCodeColumn, routeColumn, routeStateColumn } from '../../components/route-columns.tsx';
import { Time } from '../../components/time.tsx';

type Row = Schemas['RouteRow'];

const columns: readonly Column<Row>[] = [
  routeColumn,
  routeStateColumn,
  routeCodeColumn,
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
