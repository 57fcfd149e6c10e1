import { Link } from '@tanstack/react-router';
import type { Schemas } from '../../api/client.ts';
import { type Column, DataList } from '../../components/data-list.tsx';
import { Figure } from '../../components/figure.tsx';
import { routeCodeColumn, routeColumn, routeStateColumn } from '../../components/route-columns.tsx';
import { Time } from '../../components/time.tsx';
import { useIsNarrow } from '../../components/use-media.ts';
import { failingTitle } from '../../words/failing.ts';
import { refusalsIn } from '../../words/route-results.ts';

type Row = Schemas['RouteRow'];

const lastSeenColumn: Column<Row> = {
  id: 'time',
  header: 'Last seen',
  align: 'end',
  narrow: 'state',
  cell: ({ time, runKey }) => (
    <Link to="/runs/$runKey" params={{ runKey }}>
      <Time value={time} inRow align="end" />
    </Link>
  ),
};

const failingColumns: readonly Column<Row>[] = [routeColumn, routeStateColumn, routeCodeColumn, lastSeenColumn];

const refusedColumns: readonly Column<Row>[] = [
  routeColumn,
  routeCodeColumn,
  {
    id: 'count',
    header: 'Refusals',
    align: 'end',
    cell: ({ results }) => <Figure value={refusalsIn(results)?.count ?? 1} noun="refusal" />,
  },
  {
    id: 'first',
    header: 'First seen',
    align: 'end',
    cell: (row) => <FirstSeen row={row} />,
  },
  lastSeenColumn,
];

/** When the refusals began that came one after the other up to now. */
function FirstSeen({ row: { time, results } }: { readonly row: Row }) {
  const isNarrow = useIsNarrow();
  const { firstAt, isCut } = refusalsIn(results) ?? { firstAt: time, isCut: false };
  return (
    <>
      {isNarrow ? 'first ' : null}
      <Time value={firstAt} inRow align="end" />
      {isCut ? ' or earlier' : null}
    </>
  );
}

interface RoutesProps {
  readonly rows: readonly Row[];
}

const keyOf = ({ routeId }: Row): string => routeId;

/** Routes whose newest dispatch could not be started, or whose newest run failed. */
export const FailingRoutes = ({ rows }: RoutesProps) => (
  <DataList label={failingTitle} columns={failingColumns} rows={rows} keyOf={keyOf} />
);

/** Routes whose newest decision refused them: why, how often one after the other, and since when. */
export const RefusedRoutes = ({ rows }: RoutesProps) => (
  <DataList label="Refused routes" columns={refusedColumns} rows={rows} keyOf={keyOf} />
);
