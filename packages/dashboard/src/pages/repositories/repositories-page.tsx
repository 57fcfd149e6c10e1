import { RepoIcon } from '@primer/octicons-react';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import { api, read, type Schemas } from '../../api/client.ts';
import { definedOnly } from '../../api/parameters.ts';
import { pageSize, useList } from '../../api/use-list.ts';
import { CsvButton } from '../../components/csv-button.tsx';
import { type Column, DataList } from '../../components/data-list.tsx';
import { Figure } from '../../components/figure.tsx';
import { ChoiceFilter, Filters, TextFilter } from '../../components/filters.tsx';
import { LoadMore } from '../../components/load-more.tsx';
import { Page } from '../../components/page.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { RepositoryLink } from '../../components/route-name.tsx';
import { Blank } from '../../components/states.tsx';
import { Time } from '../../components/time.tsx';
import { count, share } from '../../words/counts.ts';
import type { CsvColumn } from '../../words/csv.ts';
import { activityWithin, inOrder, matchesName, orders } from './repository-rows.ts';
import styles from './repositories.module.css';

type Row = Schemas['RepositoryRow'];

const routeApi = getRouteApi('/repositories');

const columnsAt = (nowMs: number): readonly Column<Row>[] => [
  {
    id: 'repository',
    header: 'Repository',
    grow: true,
    narrow: 'primary',
    cell: ({ repository }) => (
      <span className={styles.name}>
        <RepositoryLink repository={repository} />
      </span>
    ),
  },
  {
    id: 'deliveries',
    header: 'Runs received',
    align: 'end',
    cell: ({ deliveries }) => <Figure value={deliveries} noun="run" />,
  },
  {
    id: 'started',
    header: 'Started here',
    align: 'end',
    cell: ({ started }) => <Figure value={started} noun="started here" plural="started here" />,
  },
  {
    id: 'denied',
    header: 'Refused here',
    align: 'end',
    cell: ({ denied }) => <Figure value={denied} noun="refused" plural="refused" />,
  },
  {
    id: 'rate',
    header: 'Succeeded',
    align: 'end',
    narrow: 'hidden',
    cell: ({ succeeded, completed }) => share(succeeded, completed),
  },
  {
    id: 'hour',
    header: 'This hour',
    align: 'end',
    narrow: 'hidden',
    cell: (row) => count(activityWithin(row, 1, nowMs)),
  },
  {
    id: 'day',
    header: '24 hours',
    align: 'end',
    cell: (row) => <Figure value={activityWithin(row, 24, nowMs)} noun="in 24 hours" plural="in 24 hours" />,
  },
  {
    id: 'time',
    header: 'Last seen',
    align: 'end',
    narrow: 'state',
    cell: ({ lastFactAt }) => <Time value={lastFactAt} inRow align="end" />,
  },
];

const csvColumns: readonly CsvColumn<Row>[] = [
  ['Repository', ({ repository }) => repository],
  ['Last seen', ({ lastFactAt }) => lastFactAt],
  ['Runs received', ({ deliveries }) => deliveries],
  ['Started as target', ({ started }) => started],
  ['Refused as target', ({ denied }) => denied],
  ['Failed as target', ({ failed }) => failed],
  ['Completed as target', ({ completed }) => completed],
  ['Succeeded as target', ({ succeeded }) => succeeded],
];

/** Every repository that a run came from or that a rule named, by name. */
export function RepositoriesPage() {
  const search = routeApi.useSearch();
  const navigate = routeApi.useNavigate();
  const list = useList<Row>(['repositories'], async (cursor, signal) => {
    const query = definedOnly({ cursor, limit: pageSize });
    const { repositories, cursor: next } = await read(api.GET('/api/repositories', { params: { query }, signal }));
    return { items: repositories, cursor: next };
  });
  // An order is that of all repositories, so all are loaded.
  const { hasNextPage, isFetching, isError, fetchNextPage } = list.query;
  const loadsRest = search.order !== undefined && hasNextPage && !isError;
  useEffect(() => {
    if (loadsRest && !isFetching) void fetchNextPage();
  }, [loadsRest, isFetching, fetchNextPage]);
  // As old as the rows.
  const nowMs = list.query.dataUpdatedAt;
  const rows = inOrder(
    list.items.filter(({ repository }) => matchesName(repository, search.q)),
    search.order,
    nowMs,
  );
  return (
    <Page
      title="Repositories"
      lead={
        <>
          Where runs come from and where they start something.{' '}
          <Link to="/installations">Where is the App installed?</Link>
        </>
      }
      actions={list.items.length === 0 ? null : <CsvButton name="repositories" list={list} columns={csvColumns} />}
    >
      <Filters
        clear={
          search.q === undefined && search.order === undefined
            ? undefined
            : () => void navigate({ search: {}, replace: true })
        }
      >
        <TextFilter
          label="Name contains"
          placeholder="octo-org/"
          value={search.q}
          change={(q) => void navigate({ search: definedOnly({ ...search, q }), replace: true })}
        />
        <ChoiceFilter
          label="Order"
          all="By name"
          value={search.order}
          choices={orders}
          change={(order) => void navigate({ search: definedOnly({ ...search, order }), replace: true })}
        />
      </Filters>
      <QueryView query={list.query}>
        {() => (
          <div>
            {rows.length === 0 ? (
              <Blank
                icon={RepoIcon}
                title={search.q === undefined ? 'No repositories yet' : 'No loaded repository has this name'}
              >
                {search.q === undefined
                  ? 'A repository appears with its first run, or when a rule names it.'
                  : list.query.hasNextPage
                    ? 'Load more, or write the whole name into the field at the top of the page.'
                    : 'Check the name: part of owner/name.'}
              </Blank>
            ) : (
              <DataList
                label="Repositories"
                columns={columnsAt(nowMs)}
                rows={rows}
                keyOf={({ repository }) => repository}
              />
            )}
            {loadsRest ? (
              <p className={styles.note}>
                The order is that of the {count(list.items.length)} repositories loaded so far.
              </p>
            ) : (
              <LoadMore list={list} noun="repository" plural="repositories" />
            )}
          </div>
        )}
      </QueryView>
    </Page>
  );
}
