import { Link } from '@tanstack/react-router';
import type { Schemas } from '../api/client.ts';
import { codeOfDeliveryRow, sentenceOfDeliveryRow, stateOfDeliveryRow } from '../words/delivery-summary.ts';
import { shortCommit } from '../words/names.ts';
import { nameOfRequester } from '../words/requester.ts';
import { stateOfConclusion } from '../words/states.ts';
import { type Column, DataList } from './data-list.tsx';
import { CodeLabel, WorkflowName } from './route-name.tsx';
import styles from './run-rows.module.css';
import { StateIcon, StateLabel } from './state-label.tsx';
import { Time } from './time.tsx';
import { useIsNarrow } from './use-media.ts';

type Row = Schemas['DeliveryRow'];

/** The run of a row as the title of the row: its workflow, or what is known instead. */
export function RunTitle({ row }: { readonly row: Row }) {
  if (row.kind === 'requested') {
    return (
      <span>
        Request of {nameOfRequester(row)} for {row.target}
      </span>
    );
  }
  if (row.kind === 'ignored') return <WorkflowName repository={row.repository} workflow={row.path ?? ''} />;
  if ('repository' in row && typeof row.repository === 'string') {
    return <WorkflowName repository={row.repository} workflow={row.workflow ?? ''} />;
  }
  return <span>Delivery {row.deliveryId}</span>;
}

interface RowProps {
  readonly row: Row;
  readonly showDelivery: boolean;
}

/** The title, which leads to the page of the run, with what GitHub says about it. */
function RunCell({ row, showDelivery }: RowProps) {
  const isNarrow = useIsNarrow();
  return (
    <div className={styles.title}>
      {'runKey' in row && typeof row.runKey === 'string' ? (
        <Link to="/runs/$runKey" params={{ runKey: row.runKey }}>
          <RunTitle row={row} />
        </Link>
      ) : (
        <Link to="/deliveries/$deliveryId" params={{ deliveryId: row.deliveryId }}>
          <RunTitle row={row} />
        </Link>
      )}
      {isNarrow ? null : <RunDetails row={row} showDelivery={showDelivery} />}
    </div>
  );
}

/** The answer in one sentence. On a narrow page also the icon of the result, and what has no place beside the title. */
function BelowTitle({ row, showDelivery }: RowProps) {
  const isNarrow = useIsNarrow();
  return (
    <>
      <div className={styles.answer}>
        {isNarrow ? <StateIcon state={stateOfDeliveryRow(row)} /> : null}
        <span>
          {sentenceOfDeliveryRow(row)} <Code code={codeOfDeliveryRow(row)} />
        </span>
      </div>
      {isNarrow ? <RunDetails row={row} showDelivery={showDelivery} /> : null}
    </>
  );
}

const Code = ({ code }: { readonly code: string | null }) => (code === null ? null : <CodeLabel code={code} />);

function RunDetails({ row, showDelivery }: RowProps) {
  return (
    <div className={styles.meta}>
      {row.kind === 'planned' ? (
        <>
          {row.branch === null ? null : <span className={styles.branch}>{row.branch}</span>}
          <span className={styles.mono}>{shortCommit(row.commit)}</span>
          <span>{row.pullRequest === undefined ? row.event : `${row.event} #${row.pullRequest}`}</span>
          <span>run {stateOfConclusion(row.conclusion).word.toLowerCase()}</span>
        </>
      ) : null}
      {showDelivery ? <span className={styles.mono}>{row.deliveryId}</span> : null}
    </div>
  );
}

const columnsOf = (showDelivery: boolean): readonly Column<Row>[] => [
  {
    id: 'run',
    header: showDelivery ? 'Delivery' : 'Run',
    grow: true,
    narrow: 'primary',
    cell: (row) => <RunCell row={row} showDelivery={showDelivery} />,
    below: (row) => <BelowTitle row={row} showDelivery={showDelivery} />,
  },
  {
    id: 'state',
    header: 'Result',
    // There, the answer has its icon.
    narrow: 'hidden',
    cell: (row) => <StateLabel state={stateOfDeliveryRow(row)} />,
  },
  {
    id: 'time',
    header: 'Received',
    align: 'end',
    narrow: 'state',
    cell: (row) => <Time value={row.time} inRow align="end" />,
  },
];

const runColumns = columnsOf(false);
const deliveryColumns = columnsOf(true);

interface RunRowsProps {
  readonly label: string;
  readonly rows: readonly Row[];
  /** Shows the GUID of each delivery. */
  readonly showDelivery?: boolean;
}

/** Runs, one row for each delivery, with what followed. */
export const RunRows = ({ label, rows, showDelivery = false }: RunRowsProps) => (
  <DataList
    label={label}
    columns={showDelivery ? deliveryColumns : runColumns}
    rows={rows}
    keyOf={({ deliveryId }) => deliveryId}
  />
);
