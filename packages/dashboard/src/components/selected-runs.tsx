import { Link } from '@tanstack/react-router';
import type { Schemas } from '../api/client.ts';
import { stateOfOutcome } from '../words/states.ts';
import { type Column, DataList } from './data-list.tsx';
import { CodeLabel, WorkflowName } from './route-name.tsx';
import { StateLabel } from './state-label.tsx';
import { Time } from './time.tsx';

type SelectedRun = Schemas['SelectedRun'];

const Title = ({ run: { repository, workflow, target } }: { readonly run: SelectedRun }) =>
  repository === null ? (
    <span>Request for {target}</span>
  ) : (
    <WorkflowName repository={repository} workflow={workflow ?? ''} />
  );

const runColumn: Column<SelectedRun> = {
  id: 'run',
  header: 'Run',
  grow: true,
  narrow: 'primary',
  cell: (run) => <Title run={run} />,
};

const linkedRunColumn: Column<SelectedRun> = {
  ...runColumn,
  cell: (run) => (
    <Link to="/runs/$runKey" params={{ runKey: run.runKey }}>
      <Title run={run} />
    </Link>
  ),
};

const columns: readonly Column<SelectedRun>[] = [
  { id: 'state', header: 'Result then', cell: ({ outcome }) => <StateLabel state={stateOfOutcome(outcome)} /> },
  { id: 'code', header: 'Code', cell: ({ code, outcome }) => (code === outcome ? null : <CodeLabel code={code} />) },
  {
    id: 'time',
    header: 'Decided',
    align: 'end',
    narrow: 'state',
    cell: ({ time }) => <Time value={time} inRow align="end" />,
  },
];

interface SelectedRunsProps {
  readonly runs: readonly SelectedRun[];
  /** Whether each leads to its page, where the newest result is. */
  readonly isLinked?: boolean;
}

/** The runs of a bulk replay, with the result that they had when they were selected. */
export const SelectedRuns = ({ runs, isLinked = false }: SelectedRunsProps) => (
  <DataList
    label="Selected runs"
    rows={runs}
    keyOf={({ runKey }) => runKey}
    columns={[isLinked ? linkedRunColumn : runColumn, ...columns]}
  />
);
