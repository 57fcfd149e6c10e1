import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { api, read, type Schemas } from '../../api/client.ts';
import { definedOnly } from '../../api/parameters.ts';
import { pageSize, useList } from '../../api/use-list.ts';
import { DispatchRows } from '../../components/dispatch-rows.tsx';
import { ChoiceFilter, Filters, TextFilter, TimeFilter } from '../../components/filters.tsx';
import { LoadMore, NoRows } from '../../components/load-more.tsx';
import { Page } from '../../components/page.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { Blank } from '../../components/states.tsx';
import { useNewItems } from '../../live/new-items.ts';
import { NewItemsBar } from '../../components/new-items-bar.tsx';
import { timeOfSince } from '../../words/since.ts';
import { conclusionChoices, type DispatchState } from '../../words/states.ts';

const routeApi = getRouteApi('/dispatches');

const states: readonly (readonly [DispatchState, string])[] = [
  ['accepted', 'Started, not completed yet'],
  ['completed', 'Completed'],
  ['failed', 'Not started: failed'],
  ['accepted-unverified', 'Started, run unknown'],
];

/** What was started, and what could not be. */
export function DispatchesPage() {
  const search = routeApi.useSearch();
  const navigate = routeApi.useNavigate();
  const { repository, state, code, conclusion, until } = search;
  const [openedAt] = useState(() => Date.now());
  const since = timeOfSince(search.since, openedAt);
  const readPage = async (cursor: string | undefined, signal: AbortSignal) => {
    const query = definedOnly({
      repository,
      state: state as DispatchState | undefined,
      code,
      conclusion,
      since,
      until,
      cursor,
      limit: pageSize,
    });
    const { dispatches, cursor: next } = await read(api.GET('/api/dispatches', { params: { query }, signal }));
    return { items: dispatches, cursor: next };
  };
  const key = ['dispatches', { ...search, since }];
  const list = useList<Schemas['DispatchRow']>(key, readPage);
  const newRows = useNewItems(
    'dispatches',
    key,
    list,
    (signal) => readPage(undefined, signal),
    ({ dispatchId }) => dispatchId,
  );
  const change = (next: typeof search) => void navigate({ search: next, replace: true });
  const changeOne = (name: keyof typeof search) => (value: string | undefined) => change({ ...search, [name]: value });
  const isFiltered = Object.values(search).some((value) => value !== undefined);
  return (
    <Page title="Dispatches" lead="Workflow runs that Dispatcher started, and those it could not start.">
      <Filters clear={isFiltered ? () => change({}) : undefined}>
        <TextFilter
          label="Target repository"
          placeholder="owner/name"
          value={repository}
          change={changeOne('repository')}
        />
        <ChoiceFilter label="State" value={state} choices={states} change={changeOne('state')} />
        <ChoiceFilter
          label="Conclusion"
          value={conclusion}
          choices={conclusionChoices}
          change={changeOne('conclusion')}
        />
        <TextFilter label="Code" placeholder="workflow-missing" value={code} change={changeOne('code')} />
        <TimeFilter value={search.since} change={changeOne('since')} />
      </Filters>
      <QueryView query={list.query}>
        {() =>
          list.items.length === 0 ? (
            <NoRows list={list}>
              <Blank title={isFiltered ? 'No dispatches match these filters' : 'Nothing was started yet'}>
                {isFiltered
                  ? 'Widen the time, or clear the filters.'
                  : 'A dispatch appears here when a run matches a rule of its own repository and one of the target.'}
              </Blank>
            </NoRows>
          ) : (
            <div>
              <NewItemsBar
                items={newRows}
                max={pageSize}
                noun="dispatch"
                plural="dispatches"
                show={() => void list.query.refetch()}
              />
              <DispatchRows rows={list.items} />
              <LoadMore list={list} noun="dispatch" plural="dispatches" />
            </div>
          )
        }
      </QueryView>
    </Page>
  );
}
