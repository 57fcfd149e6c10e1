import { useQuery } from '@tanstack/react-query';
import { Link, Navigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { api, read, type Schemas } from '../api/client.ts';
import { statusOf } from '../api/problem.ts';
import { shortCommit } from '../words/names.ts';
import { nameOfRequester } from '../words/requester.ts';
import { stateOfOutcome } from '../words/states.ts';
import { type Column, DataList } from './data-list.tsx';
import { Page } from './page.tsx';
import { QueryView } from './query-view.tsx';
import { WorkflowName } from './route-name.tsx';
import { StateLabel } from './state-label.tsx';
import { Failure, NotFound } from './states.tsx';
import { Time } from './time.tsx';

const names = { run: 'run', commit: 'commit', delivery: 'delivery', dispatch: 'dispatch' };

const columns: readonly Column<Schemas['RunSearchResult']>[] = [
  {
    id: 'run',
    header: 'Run',
    grow: true,
    narrow: 'primary',
    cell: ({ runKey, repository, workflow, ...requester }) => (
      <Link to="/runs/$runKey" params={{ runKey }}>
        {repository === null ? (
          `Request of ${nameOfRequester(requester)}`
        ) : (
          <WorkflowName repository={repository} workflow={workflow ?? ''} />
        )}
      </Link>
    ),
  },
  {
    id: 'outcome',
    header: 'Result',
    cell: ({ outcome }) => (outcome === null ? 'Not planned' : <StateLabel state={stateOfOutcome(outcome)} />),
  },
  { id: 'commit', header: 'Commit', cell: ({ commit }) => (commit === null ? '' : <code>{shortCommit(commit)}</code>) },
  {
    id: 'time',
    header: 'Received',
    align: 'end',
    narrow: 'state',
    cell: ({ time }) => <Time value={time} inRow align="end" />,
  },
];

interface RunSearchResultsProps {
  readonly by: keyof typeof names;
  readonly value: string;
  /** What is shown where nothing was found, below the message. */
  readonly next?: ReactNode;
}

/** Leads to the run with an id, and lists them if there are several. */
export function RunSearchResults({ by, value, next }: RunSearchResultsProps) {
  const query = useQuery({
    queryKey: ['runs', by, value],
    queryFn: ({ signal }) => read(api.GET('/api/runs', { params: { query: { [by]: value } }, signal })),
  });
  return (
    <Page title={`Runs of ${names[by]} ${by === 'commit' ? shortCommit(value) : value}`}>
      <QueryView
        query={query}
        failure={(error) =>
          statusOf(error) === 404 ? <NoRuns by={by} value={value} next={next} /> : <Failure error={error} />
        }
      >
        {({ runs }) => {
          const [first, ...others] = runs;
          if (first !== undefined && others.every(({ runKey }) => runKey === first.runKey)) {
            const search = by === 'dispatch' ? { dispatch: value } : {};
            return <Navigate to="/runs/$runKey" params={{ runKey: first.runKey }} search={search} replace />;
          }
          return (
            <DataList
              label="Runs"
              columns={columns}
              rows={runs}
              keyOf={({ runKey, deliveryId }) => `${runKey} ${deliveryId}`}
            />
          );
        }}
      </QueryView>
    </Page>
  );
}

const NoRuns = ({ by, value, next }: RunSearchResultsProps) => (
  <>
    <NotFound title={`No ${names[by]} ${by === 'commit' ? shortCommit(value) : value} is recorded`}>
      If it completed just now, try again in a few seconds. Only runs that completed in a repository where the GitHub
      App is installed are recorded.
    </NotFound>
    {next}
  </>
);
