import { Link } from '@tanstack/react-router';
import type { Schemas } from '../api/client.ts';
import { stepOf } from '../words/run-facts.ts';
import type { HistoryFact } from '../words/run-history.ts';
import { type Column, DataList } from './data-list.tsx';
import { Message } from './message.tsx';
import { ExternalLink } from './route-name.tsx';
import { StateLabel } from './state-label.tsx';
import { Time } from './time.tsx';

type Fact = Schemas['FactSummary'];

// A summary has all that the line of a fact shows; it lacks the checks.
const lineOf = (fact: Fact) => stepOf(fact as unknown as HistoryFact);

const columns: readonly Column<Fact>[] = [
  { id: 'state', header: 'What', cell: (fact) => <StateLabel state={lineOf(fact).state} /> },
  {
    id: 'text',
    header: 'Details',
    grow: true,
    narrow: 'primary',
    cell: (fact) => {
      const { text, url } = lineOf(fact);
      return url === null ? <Message text={text} /> : <ExternalLink href={url}>{text}</ExternalLink>;
    },
  },
  {
    id: 'run',
    header: 'Run',
    cell: ({ runKey }) =>
      runKey === undefined ? null : (
        <Link to="/runs/$runKey" params={{ runKey }}>
          Open run
        </Link>
      ),
  },
  {
    id: 'time',
    header: 'When',
    align: 'end',
    narrow: 'state',
    cell: ({ time }) => <Time value={time} inRow align="end" />,
  },
];

/** Facts of one object, newest first, each as one line. */
export const FactList = ({ label, facts }: { readonly label: string; readonly facts: readonly Fact[] }) => (
  <DataList label={label} columns={columns} rows={facts} keyOf={({ id }) => id} />
);
