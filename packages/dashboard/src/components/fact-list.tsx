import { Link } from '@tanstack/react-router';
import type { Schemas } from '../api/client.ts';
import { stepOfLine } from '../words/fact-lines.ts';
import { type Column, DataList } from './data-list.tsx';
import { Message } from './message.tsx';
import { ExternalLink } from './route-name.tsx';
import { StateLabel } from './state-label.tsx';
import { Time } from './time.tsx';

type Line = Schemas['FactLine'];

const columns: readonly Column<Line>[] = [
  { id: 'state', header: 'What', cell: (line) => <StateLabel state={stepOfLine(line).state} /> },
  {
    id: 'text',
    header: 'Details',
    grow: true,
    narrow: 'primary',
    cell: (line) => {
      const { text, url } = stepOfLine(line);
      const message = <Message text={text} />;
      return url === null ? message : <ExternalLink href={url}>{message}</ExternalLink>;
    },
  },
  {
    id: 'run',
    header: 'Run',
    cell: ({ runKey }) =>
      runKey === null ? null : (
        <Link to="/runs/$runKey" params={{ runKey }} data-action>
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
export const FactList = ({ label, facts }: { readonly label: string; readonly facts: readonly Line[] }) => (
  <DataList label={label} columns={columns} rows={facts} keyOf={({ factId }) => factId} />
);
