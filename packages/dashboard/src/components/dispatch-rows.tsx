import { Link } from '@tanstack/react-router';
import type { Schemas } from '../api/client.ts';
import { hiddenName } from '../words/hidden-name.ts';
import { repositoryOfSource } from '../words/route-labels.ts';
import { stateOfDispatch } from '../words/states.ts';
import { type Column, DataList } from './data-list.tsx';
import { Message } from './message.tsx';
import { CodeLabel, ExternalLink, RouteName } from './route-name.tsx';
import styles from './run-rows.module.css';
import { StateLabel } from './state-label.tsx';
import { Time } from './time.tsx';

type Row = Schemas['DispatchRow'];

const columns: readonly Column<Row>[] = [
  {
    id: 'route',
    header: 'Dispatch',
    grow: true,
    narrow: 'primary',
    cell: ({ runKey, dispatchId, route, code }) => (
      <div className={styles.title}>
        {repositoryOfSource(route.source) === hiddenName ? (
          <RouteName route={route} />
        ) : (
          <Link to="/runs/$runKey" params={{ runKey }} search={{ dispatch: dispatchId }}>
            <RouteName route={route} />
          </Link>
        )}
        {code === null ? null : <CodeLabel code={code} />}
      </div>
    ),
    below: ({ message }) =>
      message === undefined ? null : (
        <p className={styles.message}>
          <Message text={message} />
        </p>
      ),
  },
  {
    id: 'state',
    header: 'State',
    cell: ({ state, conclusion, resolved }) => (
      <>
        <StateLabel state={stateOfDispatch(state, conclusion)} />
        {resolved === true ? <div className={styles.meta}>Resolved by a later dispatch</div> : null}
      </>
    ),
  },
  {
    id: 'run',
    header: 'Started run',
    cell: ({ targetRunUrl }) => (targetRunUrl === null ? '' : <ExternalLink href={targetRunUrl}>Run</ExternalLink>),
  },
  {
    id: 'time',
    header: 'Time',
    align: 'end',
    narrow: 'state',
    cell: ({ time }) => <Time value={time} inRow align="end" />,
  },
];

/** Dispatches with their newest step. */
export const DispatchRows = ({
  rows,
  label = 'Dispatches',
}: {
  readonly rows: readonly Row[];
  readonly label?: string;
}) => <DataList label={label} columns={columns} rows={rows} keyOf={({ dispatchId }) => dispatchId} />;
