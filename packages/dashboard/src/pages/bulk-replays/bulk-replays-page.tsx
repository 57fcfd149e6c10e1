import { HistoryIcon } from '@primer/octicons-react';
import { Button } from '@primer/react';
import { getRouteApi, Link } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { api, read } from '../../api/client.ts';
import { definedOnly } from '../../api/parameters.ts';
import { useIsOperator } from '../../api/session.ts';
import { pageSize, useList } from '../../api/use-list.ts';
import { RunTabs } from '../../components/activity-tabs.tsx';
import { type Column, DataList } from '../../components/data-list.tsx';
import { LoadMore } from '../../components/load-more.tsx';
import { Page } from '../../components/page.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { StateLabel } from '../../components/state-label.tsx';
import { Blank } from '../../components/states.tsx';
import { Time } from '../../components/time.tsx';
import { type BulkReplay, stateOfBulkReplay, titleOfMode, titleOfSelection } from '../../words/bulk-replays.ts';
import { count } from '../../words/counts.ts';
import styles from './bulk-replays.module.css';

const routeApi = getRouteApi('/bulk-replays');

const StartBulkReplayDialog = lazy(async () => ({
  default: (await import('./start-bulk-replay-dialog.tsx')).StartBulkReplayDialog,
}));

const columns: readonly Column<BulkReplay>[] = [
  {
    id: 'selection',
    header: 'Bulk replay',
    grow: true,
    narrow: 'primary',
    cell: ({ bulkReplayId, selection, reason }) => (
      <div>
        <Link to="/bulk-replays/$bulkReplayId" params={{ bulkReplayId }} className={styles.strong ?? ''}>
          {titleOfSelection(selection)}
        </Link>
        <div className={styles.muted}>{reason}</div>
      </div>
    ),
  },
  { id: 'mode', header: 'How', cell: ({ mode }) => titleOfMode(mode) },
  { id: 'state', header: 'State', narrow: 'state', cell: (replay) => <StateLabel state={stateOfBulkReplay(replay)} /> },
  {
    id: 'progress',
    header: 'Requested',
    align: 'end',
    cell: ({ requested, selected }) => (
      <span className={styles.progress}>
        {count(requested)} of {count(selected)}
        <span className={styles.narrowOnly}> requested</span>
      </span>
    ),
  },
  {
    id: 'operator',
    header: 'By',
    cell: ({ operator }) => (
      <>
        <span className={styles.narrowOnly}>by </span>
        {operator}
      </>
    ),
  },
  {
    id: 'started',
    header: 'Started',
    align: 'end',
    cell: ({ startedAt }) => <Time value={startedAt} inRow align="end" />,
  },
];

/** The replays of many runs, newest first. Operators start one after a dry run; the address says which runs it selects. */
export function BulkReplaysPage() {
  const search = routeApi.useSearch();
  const navigate = routeApi.useNavigate();
  const isOperator = useIsOperator();
  const list = useList<BulkReplay>(['bulk-replays'], async (cursor, signal) => {
    const query = definedOnly({ cursor, limit: pageSize });
    const { bulkReplays, cursor: next } = await read(api.GET('/api/bulk-replays', { params: { query }, signal }));
    return { items: bulkReplays, cursor: next };
  });
  const start = isOperator ? (
    <Button
      variant="primary"
      leadingVisual={HistoryIcon}
      onClick={() => void navigate({ search: { outcome: 'config-unreadable' } })}
    >
      New bulk replay
    </Button>
  ) : null;
  return (
    <Page
      title="Bulk replays"
      lead="Each replays many runs, the oldest first and at a limited rate. It goes on without this page."
      actions={list.items.length === 0 ? null : start}
    >
      <RunTabs />
      <QueryView query={list.query}>
        {() =>
          list.items.length === 0 ? (
            <Blank icon={HistoryIcon} title="There are no bulk replays" next={start}>
              After an outage, a bulk replay re-evaluates every run that could not be planned.
            </Blank>
          ) : (
            <div>
              <DataList
                label="Bulk replays"
                columns={columns}
                rows={list.items}
                keyOf={({ bulkReplayId }) => bulkReplayId}
              />
              <LoadMore list={list} noun="bulk replay" />
            </div>
          )
        }
      </QueryView>
      {isOperator && (search.outcome !== undefined || search.code !== undefined) ? (
        <Suspense>
          <StartBulkReplayDialog selection={search} close={() => void navigate({ search: {}, replace: true })} />
        </Suspense>
      ) : null}
    </Page>
  );
}
