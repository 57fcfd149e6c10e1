import { PulseIcon, SearchIcon } from '@primer/octicons-react';
import { Button } from '@primer/react';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { api, read, type Schemas } from '../../api/client.ts';
import { definedOnly } from '../../api/parameters.ts';
import { useSeesAll } from '../../api/session.ts';
import { pageSize, useList } from '../../api/use-list.ts';
import { RunTabs } from '../../components/activity-tabs.tsx';
import { FactList } from '../../components/fact-list.tsx';
import { ChoiceFilter, Filters, TextFilter, TimeFilter } from '../../components/filters.tsx';
import { NewItemsBar } from '../../components/new-items-bar.tsx';
import { Page } from '../../components/page.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { Blank } from '../../components/states.tsx';
import { newInAll, useNewItems } from '../../live/new-items.ts';
import type { StreamList } from '../../live/stream.ts';
import { timeOfSince } from '../../words/since.ts';
import { type ActivitySearch, listChoices, listsWith, type ListedType, typeChoices } from './activity-filters.ts';
import styles from '../../components/facts.module.css';
import { mergeFacts } from './merge-facts.ts';

type Line = Schemas['FactLine'];

const routeApi = getRouteApi('/activity');

/** Reads one list with the filters, and counts what is new in it. Nothing is read of a list that can have no match. */
function useFacts(name: StreamList, search: ActivitySearch, shown: readonly StreamList[]) {
  const [openedAt] = useState(() => Date.now());
  const { type, source, target, until } = search;
  const since = timeOfSince(search.since, openedAt);
  const key = ['facts', name, { type, source, target, since, until }];
  const readPage = async (cursor: string | undefined, signal: AbortSignal) => {
    const filters = { type: type as ListedType | undefined, source, target, since, until };
    const query = { list: name, ...definedOnly({ ...filters, cursor, limit: pageSize }) };
    const { facts, cursor: next } = await read(api.GET('/api/facts', { params: { query }, signal }));
    return { items: facts, cursor: next };
  };
  const isShown = shown.includes(name);
  const list = useList<Line>(key, readPage, isShown);
  const readFirst = (signal: AbortSignal) => readPage(undefined, signal);
  return { name, list, news: useNewItems(name, key, list, readFirst, ({ factId }) => factId, isShown) };
}

/** What happened last, in all repositories. Decisions and issues are in the history of their run. */
export function ActivityPage() {
  const search = routeApi.useSearch();
  const navigate = routeApi.useNavigate();
  const seesAll = useSeesAll();
  const offered = listChoices.filter(([name]) => seesAll || name !== 'audit');
  const names = offered.map(([name]) => name);
  const shownNames = listsWith(search, names);
  const lists = [
    useFacts('deliveries', search, shownNames),
    useFacts('dispatches', search, shownNames),
    useFacts('audit', search, shownNames),
  ];
  const shown = lists.filter(({ name }) => shownNames.includes(name));
  const change = (changes: { readonly [Key in keyof ActivitySearch]?: string | undefined }) =>
    void navigate({ search: definedOnly({ ...search, ...changes }), replace: true });
  const changeOne = (name: keyof ActivitySearch) => (value: string | undefined) => change({ [name]: value });
  const isFiltered = Object.keys(search).length > 0;
  return (
    <Page
      title="Activity"
      lead="What happened last, in all repositories. Decisions and issues are in the history of their run."
    >
      <RunTabs />
      <Filters clear={isFiltered ? () => void navigate({ search: {}, replace: true }) : undefined}>
        <ChoiceFilter
          label="About"
          value={search.list}
          choices={offered}
          change={(list) => change({ list, type: undefined })}
        />
        <ChoiceFilter
          label="What"
          value={search.type}
          choices={typeChoices(
            names,
            names.find((name) => name === search.list),
          )}
          change={changeOne('type')}
        />
        <TextFilter
          label="Source repository"
          placeholder="owner/name"
          value={search.source}
          change={changeOne('source')}
        />
        <TextFilter
          label="Target repository"
          placeholder="owner/name"
          value={search.target}
          change={changeOne('target')}
        />
        <TimeFilter value={search.since} change={(since) => change({ since, until: undefined })} />
      </Filters>
      <Facts shown={shown} isFiltered={isFiltered} />
    </Page>
  );
}

interface FactsProps {
  readonly shown: readonly ReturnType<typeof useFacts>[];
  readonly isFiltered: boolean;
}

function Facts({ shown, isFiltered }: FactsProps) {
  const waiting = shown.find(({ list }) => list.query.data === undefined) ?? shown[0];
  if (waiting === undefined) return <NoMatch />;
  const loaded = shown.map(({ list: { items, query } }) => ({ items, hasMore: query.hasNextPage }));
  const facts = mergeFacts(loaded, { isFiltered });
  const next = shown.filter(({ list }) => list.query.hasNextPage);
  const more =
    next.length === 0 ? null : (
      <Button
        loading={next.some(({ list }) => list.query.isFetchingNextPage)}
        onClick={() => {
          for (const { list } of next) void list.query.fetchNextPage();
        }}
      >
        Load more
      </Button>
    );
  const refresh = () => {
    for (const { list } of shown) void list.query.refetch();
  };
  return (
    <QueryView query={waiting.list.query}>
      {() => (
        <div>
          <NewItemsBar items={newInAll(shown.map(({ news }) => news))} max={pageSize} noun="fact" show={refresh} />
          {facts.length > 0 ? (
            <>
              <FactList label="Activity" facts={facts} />
              {more === null || !isFiltered || shown.length < 2 ? null : (
                <p className={styles.muted}>More facts can also appear between these.</p>
              )}
              {more}
            </>
          ) : more !== null ? (
            <Blank icon={SearchIcon} title="No match so far" next={more}>
              Nothing read so far matches the filters. Load more to continue.
            </Blank>
          ) : isFiltered ? (
            <NoMatch />
          ) : (
            <Blank icon={PulseIcon} title="Nothing has happened yet">
              The first line appears when the first run completes.
            </Blank>
          )}
        </div>
      )}
    </QueryView>
  );
}

const NoMatch = () => (
  <Blank icon={PulseIcon} title="No fact matches these filters">
    Widen the time, or clear the filters. Actions of operators are about no source and no target.
  </Blank>
);
