import { WorkflowIcon } from '@primer/octicons-react';
import { getRouteApi } from '@tanstack/react-router';
import { useEffect, useMemo } from 'react';
import { api, read } from '../../api/client.ts';
import { definedOnly } from '../../api/parameters.ts';
import { pageSize, useList } from '../../api/use-list.ts';
import { type Column, DataList } from '../../components/data-list.tsx';
import { ChoiceFilter, Filters, TextFilter } from '../../components/filters.tsx';
import { Page, Section } from '../../components/page.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { routeCodeColumn, routeColumn, routeStateColumn } from '../../components/route-columns.tsx';
import { RouteTabs } from '../../components/route-tabs.tsx';
import { Blank } from '../../components/states.tsx';
import { useIsNarrow } from '../../components/use-media.ts';
import { counted } from '../../words/counts.ts';
import { ConsentList, CycleWarning } from './consent-list.tsx';
import { GraphCanvas } from './graph-canvas.tsx';
import styles from './graph.module.css';
import { buildGraph, busiest, type EdgeState, neighbourhood, type RouteRow, wordOfEdge } from './route-graph.ts';
import { useConsents } from './use-consents.ts';

const routeApi = getRouteApi('/graph');

/** A graph of more routes is not readable, and not laid out in time. */
const maxRoutes = 2_000;

/** With more repositories than this within two steps, the graph opens with one step. */
const maxNodesAtFirst = 24;

const stepChoices = [
  ['1', '1 step'],
  ['2', '2 steps'],
  ['3', '3 steps'],
  ['all', 'Everything'],
] as const;

const columns: readonly Column<RouteRow>[] = [routeColumn, routeStateColumn, routeCodeColumn];

/** One repository with what leads to it and what follows from it; the same routes as a table below. */
export function GraphPage() {
  const search = routeApi.useSearch();
  const navigate = routeApi.useNavigate();
  const isNarrow = useIsNarrow();
  const list = useList<RouteRow>(['routes', 'graph'], async (cursor, signal) => {
    const query = definedOnly({ cursor, limit: pageSize });
    const { routes, cursor: next } = await read(api.GET('/api/routes', { params: { query }, signal }));
    return { items: routes, cursor: next };
  });
  const { items, query } = list;
  const { hasNextPage, isFetchingNextPage, fetchNextPage, isError } = query;
  const isCut = items.length >= maxRoutes;
  const wantsMore = hasNextPage && !isCut && !isError;
  useEffect(() => {
    if (wantsMore && !isFetchingNextPage) void fetchNextPage();
  }, [wantsMore, isFetchingNextPage, fetchNextPage]);
  // The items are a new list in each rendering; the pages are not.
  const { data } = query;
  const consents = useConsents(ownerOf(search.repository ?? items[0]?.route.target.repository));
  const whole = useMemo(
    () => buildGraph(data?.pages.flatMap((page) => page.items) ?? [], consents.edges),
    [data, consents],
  );
  const center = search.repository?.toLowerCase() ?? busiest(whole);
  const shown = useMemo(() => {
    if (search.steps === 'all' || center === null) return whole;
    if (search.steps !== undefined) return neighbourhood(whole, center, Number(search.steps));
    const wide = neighbourhood(whole, center, 2);
    return wide.nodes.length > maxNodesAtFirst ? neighbourhood(whole, center, 1) : wide;
  }, [whole, center, search.steps]);
  const change = (changes: { readonly [Key in keyof typeof search]?: string | undefined }) =>
    void navigate({ search: definedOnly({ ...search, ...changes }), replace: true });
  const name = whole.nodes.find(({ id }) => id === center)?.name ?? search.repository;
  const rows = shown.edges.flatMap(({ routes }) => routes);
  const isEmpty = items.length === 0 && consents.edges.length === 0;
  return (
    <Page
      title="Graph of the routes"
      lead="From left to right: what starts what. Choose a repository to see it with its neighbors."
    >
      <RouteTabs />
      <Filters clear={Object.keys(search).length > 0 ? () => void navigate({ search: {}, replace: true }) : undefined}>
        <TextFilter
          label="Repository"
          placeholder={name ?? 'owner/name'}
          value={search.repository}
          change={(repository) => change({ repository })}
        />
        <ChoiceFilter
          label="Neighbors"
          all="As many as are readable"
          value={search.steps}
          choices={stepChoices}
          change={(steps) => change({ steps })}
        />
      </Filters>
      <QueryView query={query}>
        {() =>
          isEmpty || (shown.edges.length === 0 && !wantsMore) ? (
            <Blank
              icon={WorkflowIcon}
              title={isEmpty ? 'No routes yet' : `No routes of ${search.repository ?? 'this repository'}`}
            >
              {isEmpty
                ? 'A route appears when a dispatching.yml was read, or when it is decided for the first time.'
                : 'Check the name: owner/name. Neither a decided route nor a dispatching.yml names it.'}
            </Blank>
          ) : (
            <>
              <CycleWarning owner={consents.owner} />
              {wantsMore ? <p role="status">Loading: {counted(items.length, 'route')} so far.</p> : null}
              {isNarrow || wantsMore ? null : (
                <>
                  <GraphCanvas graph={shown} center={center} />
                  <Legend />
                </>
              )}
              {isCut ? <p className={styles.note}>Only the first {maxRoutes} routes are shown.</p> : null}
              <Section
                title={search.steps === 'all' ? 'All routes' : `Routes around ${name ?? ''}`}
                aside={counted(rows.length, 'route')}
              >
                <DataList label="Routes of the graph" columns={columns} rows={rows} keyOf={({ routeId }) => routeId} />
              </Section>
              <ConsentList edges={shown.edges.flatMap(({ consents: unused }) => unused)} />
            </>
          )
        }
      </QueryView>
    </Page>
  );
}

const ownerOf = (repository: string | undefined): string | null => repository?.split('/')[0] ?? null;

const states: readonly EdgeState[] = ['agreed', 'requested', 'offered', 'failing'];

const Legend = () => (
  <ul className={styles.legend} aria-label="Lines">
    {states.map((state) => (
      <li key={state}>
        <span className={styles.line} data-state={state} /> {wordOfEdge(state)}
      </li>
    ))}
  </ul>
);
