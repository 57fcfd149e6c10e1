import { WorkflowIcon } from '@primer/octicons-react';
import { getRouteApi } from '@tanstack/react-router';
import { api, read, type Schemas } from '../../api/client.ts';
import { definedOnly } from '../../api/parameters.ts';
import { pageSize, useList } from '../../api/use-list.ts';
import { CsvButton } from '../../components/csv-button.tsx';
import { type Column, DataList } from '../../components/data-list.tsx';
import { ChoiceFilter, Filters, TextFilter } from '../../components/filters.tsx';
import { LoadMore, NoRows } from '../../components/load-more.tsx';
import { Page } from '../../components/page.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { ResultBars } from '../../components/result-bars.tsx';
import { routeColumn } from '../../components/route-columns.tsx';
import { CodeLabel } from '../../components/route-name.tsx';
import { RouteTabs } from '../../components/route-tabs.tsx';
import { StateLabel } from '../../components/state-label.tsx';
import { Blank } from '../../components/states.tsx';
import { Time } from '../../components/time.tsx';
import type { CsvColumn } from '../../words/csv.ts';
import { labelOfSource, labelOfTarget } from '../../words/route-labels.ts';
import { rateOf } from '../../words/route-results.ts';
import { stateOfRoute } from '../../words/states.ts';
import { duration } from '../../words/times.ts';
import styles from './routes.module.css';

type Row = Schemas['RouteRow'];

const routeApi = getRouteApi('/routes');

const states = [
  ['denied', 'Refused'],
  ['dry-run', 'Dry run'],
  ['failed', 'Not started: failed'],
  ['failing', 'Failing: the dispatch or its run failed'],
] as const;

const columns: readonly Column<Row>[] = [
  routeColumn,
  {
    id: 'state',
    header: 'Last result',
    cell: ({ state, conclusion, code }) => (
      <div className={styles.state}>
        <StateLabel state={stateOfRoute(state, conclusion ?? null)} />
        {code === undefined || code === 'allowed' ? null : <CodeLabel code={code} />}
      </div>
    ),
  },
  {
    id: 'results',
    header: 'Results',
    align: 'end',
    narrow: 'hidden',
    cell: ({ results }) => <ResultBars results={results} />,
  },
  {
    id: 'rate',
    header: 'Succeeded',
    align: 'end',
    cell: ({ successRate }) => (
      <>
        {rateOf(successRate)}
        <span className={styles.narrowOnly}> succeeded</span>
      </>
    ),
  },
  {
    id: 'duration',
    header: 'Median time',
    align: 'end',
    narrow: 'hidden',
    cell: ({ p50DurationMs }) => (p50DurationMs === null ? '–' : duration(p50DurationMs)),
  },
  {
    id: 'time',
    header: 'Last used',
    align: 'end',
    narrow: 'state',
    cell: ({ time }) => <Time value={time} inRow align="end" />,
  },
];

const csvColumns: readonly CsvColumn<Row>[] = [
  ['Route id', ({ routeId }) => routeId],
  ['Source', ({ route }) => labelOfSource(route.source)],
  ['Target', ({ route }) => labelOfTarget(route.target)],
  ['State', ({ state }) => state],
  ['Code', ({ code }) => code ?? null],
  ['Conclusion', ({ conclusion }) => conclusion ?? null],
  ['Success rate', ({ successRate }) => successRate],
  ['Median duration in ms', ({ p50DurationMs }) => p50DurationMs],
  ['Last used', ({ time }) => time],
  ['Run', ({ runKey }) => runKey],
];

/** Every route that was ever decided, by target repository, with its newest results. */
export function RoutesPage() {
  const search = routeApi.useSearch();
  const navigate = routeApi.useNavigate();
  const { source, repository, state, code } = search;
  const wantedState = states.find(([each]) => each === state)?.[0];
  const list = useList<Row>(['routes', search], async (cursor, signal) => {
    const query = definedOnly({
      source,
      repository,
      state: wantedState,
      code: code as Schemas['Code'] | undefined,
      cursor,
      limit: pageSize,
    });
    const { routes, cursor: next } = await read(api.GET('/api/routes', { params: { query }, signal }));
    return { items: routes, cursor: next };
  });
  const change = (changes: { readonly [Key in keyof typeof search]?: string | undefined }) =>
    void navigate({ search: definedOnly({ ...search, ...changes }), replace: true });
  const isFiltered = Object.keys(search).length > 0;
  return (
    <Page
      title="Routes"
      lead="Which workflow starts which. A route appears here once it was decided for the first time."
      actions={list.items.length === 0 ? null : <CsvButton name="routes" list={list} columns={csvColumns} />}
    >
      <RouteTabs repository={repository} />
      <Filters clear={isFiltered ? () => void navigate({ search: {}, replace: true }) : undefined}>
        <TextFilter
          label="Source repository"
          placeholder="owner/name"
          value={source}
          change={(value) => change({ source: value })}
        />
        <TextFilter
          label="Target repository"
          placeholder="owner/name"
          value={repository}
          change={(value) => change({ repository: value })}
        />
        <ChoiceFilter
          label="Last result"
          value={state}
          choices={states}
          change={(value) => change({ state: value, code: undefined })}
        />
        <TextFilter
          label="Code"
          placeholder="inbound-no-match"
          value={code}
          change={(value) => change({ code: value, state: undefined })}
        />
      </Filters>
      <QueryView query={list.query}>
        {() =>
          list.items.length === 0 ? (
            <NoRows list={list}>
              <Blank icon={WorkflowIcon} title={isFiltered ? 'No route matches these filters' : 'No routes yet'}>
                {isFiltered
                  ? 'Check the names of the repositories, or clear the filters.'
                  : 'A route appears when a run completes in a repository whose dispatching.yml names a target.'}
              </Blank>
            </NoRows>
          ) : (
            <div>
              <DataList label="Routes" columns={columns} rows={list.items} keyOf={({ routeId }) => routeId} />
              <LoadMore list={list} noun="route" />
            </div>
          )
        }
      </QueryView>
    </Page>
  );
}
