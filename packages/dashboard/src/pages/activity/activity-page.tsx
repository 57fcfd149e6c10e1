import { PulseIcon } from '@primer/octicons-react';
import { Button } from '@primer/react';
import { getRouteApi } from '@tanstack/react-router';
import { api, read, type Schemas } from '../../api/client.ts';
import { definedOnly } from '../../api/parameters.ts';
import { useSeesAll } from '../../api/session.ts';
import { type List, pageSize, useList } from '../../api/use-list.ts';
import { RunTabs } from '../../components/activity-tabs.tsx';
import { FactList } from '../../components/fact-list.tsx';
import { ChoiceFilter, Filters } from '../../components/filters.tsx';
import { Page } from '../../components/page.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { Blank } from '../../components/states.tsx';
import { mergeFacts } from './merge-facts.ts';

type Line = Schemas['FactLine'];
type Feed = 'deliveries' | 'dispatches' | 'audit';

const routeApi = getRouteApi('/activity');

const choices: readonly (readonly [Feed, string])[] = [
  ['deliveries', 'Runs and deliveries'],
  ['dispatches', 'Dispatches'],
  ['audit', 'Actions of operators'],
];

function useFacts(feed: Feed): List<Line> {
  return useList<Line>(['facts', feed], async (cursor, signal) => {
    const query = { list: feed, ...definedOnly({ cursor, limit: pageSize }) };
    const { facts, cursor: next } = await read(api.GET('/api/facts', { params: { query }, signal }));
    return { items: facts, cursor: next };
  });
}

/** What happened last, in all repositories: one line for each fact. */
export function ActivityPage() {
  const search = routeApi.useSearch();
  const navigate = routeApi.useNavigate();
  const seesAll = useSeesAll();
  const lists = { deliveries: useFacts('deliveries'), dispatches: useFacts('dispatches'), audit: useFacts('audit') };
  const offered = seesAll ? choices : choices.filter(([feed]) => feed !== 'audit');
  const chosen = offered.find(([feed]) => feed === search.list)?.[0];
  const shown = chosen === undefined ? offered.map(([feed]) => lists[feed]) : [lists[chosen]];
  const facts = mergeFacts(shown.map(({ items, query }) => ({ items, hasMore: query.hasNextPage })));
  const waiting = shown.find(({ query }) => query.data === undefined) ?? shown[0]!;
  const next = shown.filter(({ query }) => query.hasNextPage);
  return (
    <Page title="Activity" lead="What happened last, in all repositories: one line for each fact.">
      <RunTabs />
      <Filters clear={chosen === undefined ? undefined : () => void navigate({ search: {}, replace: true })}>
        <ChoiceFilter
          label="About"
          value={chosen}
          choices={offered}
          change={(list) => void navigate({ search: definedOnly({ list }), replace: true })}
        />
      </Filters>
      <QueryView query={waiting.query}>
        {() =>
          facts.length === 0 ? (
            <Blank icon={PulseIcon} title="Nothing has happened yet">
              The first line appears when the first run completes.
            </Blank>
          ) : (
            <div>
              <FactList label="Activity" facts={facts} />
              {next.length === 0 ? null : (
                <Button
                  loading={next.some(({ query }) => query.isFetchingNextPage)}
                  onClick={() => {
                    for (const { query } of next) void query.fetchNextPage();
                  }}
                >
                  Load more
                </Button>
              )}
            </div>
          )
        }
      </QueryView>
    </Page>
  );
}
