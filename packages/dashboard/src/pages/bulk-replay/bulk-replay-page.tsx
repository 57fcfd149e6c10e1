import { Banner, Button, ProgressBar } from '@primer/react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { api, read, type Schemas } from '../../api/client.ts';
import { definedOnly } from '../../api/parameters.ts';
import { useIsOperator } from '../../api/session.ts';
import { useList } from '../../api/use-list.ts';
import facts from '../../components/facts.module.css';
import { LoadMore } from '../../components/load-more.tsx';
import { Page, Section } from '../../components/page.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { SelectedRuns } from '../../components/selected-runs.tsx';
import { Blank, ListSkeleton } from '../../components/states.tsx';
import { Time } from '../../components/time.tsx';
import {
  type BulkReplay,
  isInProgress,
  percentOf,
  sentenceOfBulkReplay,
  titleOfMode,
  titleOfSelection,
} from '../../words/bulk-replays.ts';

const ChangeBulkReplayDialog = lazy(async () => ({
  default: (await import('./change-bulk-replay-dialog.tsx')).ChangeBulkReplayDialog,
}));

const routeApi = getRouteApi('/bulk-replays/$bulkReplayId');
const pollMs = 2_000;

/** One replay of many runs: its progress, which is read again while it goes on, its result, and its runs. */
export function BulkReplayPage() {
  const { bulkReplayId } = routeApi.useParams();
  const isOperator = useIsOperator();
  const [change, setChange] = useState<'resume' | 'stop' | null>(null);
  const query = useQuery({
    queryKey: ['bulk-replays', bulkReplayId],
    queryFn: async ({ signal }) => {
      const params = { path: { bulkReplayId } };
      return (await read(api.GET('/api/bulk-replays/{bulkReplayId}', { params, signal }))).replay;
    },
    refetchInterval: ({ state: { data } }) => (data !== undefined && isInProgress(data) ? pollMs : false),
  });
  const replay = query.data;
  return (
    <Page
      title={replay === undefined ? 'Bulk replay' : titleOfSelection(replay.selection)}
      lead={
        <>
          Bulk replay <code>{bulkReplayId}</code>
        </>
      }
      actions={
        replay === undefined || replay.state === 'completed' || !isOperator ? null : isInProgress(replay) ? (
          <Button variant="danger" onClick={() => setChange('stop')}>
            Stop…
          </Button>
        ) : (
          <Button onClick={() => setChange('resume')}>Resume…</Button>
        )
      }
    >
      <QueryView query={query} skeleton={<ListSkeleton rows={4} />}>
        {(data) => (
          <>
            <Progress replay={data} />
            <Runs replay={data} />
          </>
        )}
      </QueryView>
      <Suspense>
        {change === null ? null : (
          <ChangeBulkReplayDialog change={change} bulkReplayId={bulkReplayId} close={() => setChange(null)} />
        )}
      </Suspense>
    </Page>
  );
}

function Progress({ replay }: { readonly replay: BulkReplay }) {
  const { selection, mode, perMinute, operator, reason, startedAt, changedAt, changedBy, state, problem } = replay;
  const { repository, outcome, code, since, until } = selection;
  const filters = definedOnly({
    repository: repository ?? undefined,
    outcome: outcome ?? undefined,
    code: code ?? undefined,
    since,
    until,
  });
  return (
    <>
      {problem === null ? null : (
        <Banner variant="warning" title="The last step failed, and is repeated" description={problem} />
      )}
      <Section
        title="Progress"
        aside={
          <Link to="/runs" search={filters}>
            Runs that have this {outcome === null ? 'code' : 'result'} now
          </Link>
        }
      >
        <div className={facts.panel}>
          <p role="status" className={facts.sentence}>
            {sentenceOfBulkReplay(replay)}
          </p>
          <ProgressBar
            progress={percentOf(replay)}
            aria-label="Progress"
            bg={state === 'completed' ? 'success.emphasis' : 'accent.emphasis'}
          />
          <dl className={facts.facts}>
            <dt>Decided</dt>
            <dd>
              from <Time value={since} /> to <Time value={until} />
            </dd>
            <dt>How</dt>
            <dd>
              {titleOfMode(mode)}, at most {perMinute} a minute
            </dd>
            <dt>Reason</dt>
            <dd>{reason}</dd>
            <dt>Started</dt>
            <dd>
              <Time value={startedAt} /> by {operator}
            </dd>
            {changedBy === null ? null : (
              <>
                <dt>Changed</dt>
                <dd>
                  <Time value={changedAt} /> by {changedBy}
                </dd>
              </>
            )}
          </dl>
        </div>
      </Section>
    </>
  );
}

/** The selected runs, each with a link to what it came to. */
function Runs({ replay: { bulkReplayId, selected, state } }: { readonly replay: BulkReplay }) {
  const list = useList<Schemas['SelectedRun']>(['bulk-replay-runs', bulkReplayId, selected], async (cursor, signal) => {
    const params = { path: { bulkReplayId }, query: definedOnly({ cursor }) };
    const page = await read(api.GET('/api/bulk-replays/{bulkReplayId}/runs', { params, signal }));
    return { items: page.runs, cursor: page.cursor };
  });
  return (
    <Section title="Selected runs" aside="The oldest is replayed first.">
      <QueryView query={list.query} skeleton={<ListSkeleton rows={4} />}>
        {() =>
          list.items.length === 0 ? (
            <Blank title={state === 'selecting' ? 'No run is selected yet' : 'No run was selected'}>
              A run is selected if it has this result or code when the bulk replay reads the list.
            </Blank>
          ) : (
            <div>
              <SelectedRuns runs={list.items} isLinked />
              <LoadMore list={list} noun="run" total={selected} />
            </div>
          )
        }
      </QueryView>
    </Section>
  );
}
