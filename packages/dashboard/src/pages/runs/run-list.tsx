import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api, read, type Schemas } from '../../api/client.ts';
import { definedOnly } from '../../api/parameters.ts';
import { pageSize, useList } from '../../api/use-list.ts';
import { RunTabs } from '../../components/activity-tabs.tsx';
import { ChoiceFilter, Filters, TextFilter, TimeFilter } from '../../components/filters.tsx';
import facts from '../../components/facts.module.css';
import { LoadMore, NoRows } from '../../components/load-more.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { RunRows } from '../../components/run-rows.tsx';
import { Blank } from '../../components/states.tsx';
import { useNewItems } from '../../live/new-items.ts';
import { NewItemsBar } from '../../components/new-items-bar.tsx';
import { shortCommit } from '../../words/names.ts';
import { outcomeChoices } from '../../words/outcomes.ts';
import { timeOfSince } from '../../words/since.ts';
import type { DeliveryKind, Outcome } from '../../words/states.ts';

export interface RunListSearch {
  readonly repository?: string;
  readonly branch?: string;
  readonly pullRequest?: string;
  readonly kind?: string;
  readonly outcome?: string;
  readonly code?: string;
  readonly since?: string;
  readonly until?: string;
}

interface RunListProps {
  readonly search: RunListSearch;
  readonly change: (search: RunListSearch) => void;
  readonly showDelivery?: boolean;
}

const kinds: readonly (readonly [Exclude<DeliveryKind, 'planned'>, string])[] = [
  ['requested', 'Requests'],
  ['delayed', 'Waiting for GitHub'],
  ['repeated', 'Delivered again'],
  ['ignored', 'Ignored'],
  ['dead-lettered', 'Dead letters'],
];

/** The list of runs or deliveries with its filters. The API accepts one of kind, outcome and code. */
export function RunList({ search, change, showDelivery = false }: RunListProps) {
  const { repository, branch, pullRequest, kind, outcome, code, until } = search;
  const [openedAt] = useState(() => Date.now());
  const since = timeOfSince(search.since, openedAt);
  const readPage = async (cursor: string | undefined, signal: AbortSignal) => {
    const query = definedOnly({
      repository,
      branch,
      pullRequest: pullRequest === undefined ? undefined : Number(pullRequest),
      kind: kind as Exclude<DeliveryKind, 'planned'> | undefined,
      outcome: outcome as Outcome | undefined,
      code,
      since,
      until,
      cursor,
      limit: pageSize,
    });
    const { deliveries, cursor: next } = await read(api.GET('/api/deliveries', { params: { query }, signal }));
    return { items: deliveries, cursor: next };
  };
  const key = ['deliveries', { ...search, since }];
  const list = useList<Schemas['DeliveryRow']>(key, readPage);
  const newRows = useNewItems(
    'deliveries',
    key,
    list,
    (signal) => readPage(undefined, signal),
    ({ deliveryId }) => deliveryId,
  );
  const isFiltered = Object.values(search).some((value) => value !== undefined);
  return (
    <>
      <RunTabs />
      <Filters clear={isFiltered ? () => change({}) : undefined}>
        <TextFilter
          label="Source repository"
          placeholder="owner/name"
          value={repository}
          change={(value) =>
            change({
              ...search,
              ...set('repository', value),
              ...unset('pullRequest', value === undefined),
              ...unset('kind', kind === 'requested'),
            })
          }
        />
        {repository === undefined && branch === undefined ? null : (
          <TextFilter
            label="Branch or tag"
            placeholder="main"
            value={branch}
            change={(value) => change({ ...search, ...set('branch', value) })}
          />
        )}
        {/* Each repository numbers its own. */}
        {repository === undefined ? null : (
          <TextFilter
            label="Pull request"
            placeholder="number"
            value={pullRequest}
            change={(value) => change({ ...search, ...set('pullRequest', value?.replace('#', '')) })}
          />
        )}
        <ChoiceFilter
          label="Result"
          value={outcome}
          choices={outcomeChoices}
          change={(value) => change({ ...withoutResult(search), ...set('outcome', value) })}
        />
        <ChoiceFilter
          label="Kind"
          value={kind}
          choices={kinds}
          change={(value) =>
            change({
              ...withoutResult(search),
              ...set('kind', value),
              ...unset('repository', value === 'requested'),
              ...unset('pullRequest', value === 'requested'),
            })
          }
        />
        <TextFilter
          label="Code"
          placeholder="no-match"
          value={code}
          change={(value) => change({ ...withoutResult(search), ...set('code', value) })}
        />
        <TimeFilter value={search.since} change={(value) => change({ ...search, ...set('since', value) })} />
      </Filters>
      <QueryView query={list.query}>
        {() =>
          list.items.length === 0 ? (
            <NoRows list={list}>
              <NoRuns search={search} isFiltered={isFiltered} />
            </NoRows>
          ) : (
            <div>
              <NewItemsBar
                items={newRows}
                max={pageSize}
                noun={showDelivery ? 'delivery' : 'run'}
                plural={showDelivery ? 'deliveries' : 'runs'}
                show={() => void list.query.refetch()}
              />
              {pullRequest === undefined ? null : <OtherEvents rows={list.items} />}
              <RunRows label={showDelivery ? 'Deliveries' : 'Runs'} rows={list.items} showDelivery={showDelivery} />
              <LoadMore
                list={list}
                noun={showDelivery ? 'delivery' : 'run'}
                plural={showDelivery ? 'deliveries' : 'runs'}
              />
            </div>
          )
        }
      </QueryView>
    </>
  );
}

/** Leads from the runs of a pull request to those of its newest commit, whose pushes are recorded without its number. */
function OtherEvents({ rows }: { readonly rows: readonly Schemas['DeliveryRow'][] }) {
  const newest = rows.find((row) => row.kind === 'planned');
  if (newest === undefined) return null;
  return (
    <p className={facts.muted}>
      This list has only runs of the event <code>pull_request</code>. Runs of every event on its newest commit:{' '}
      <Link to="/find" search={{ q: newest.commit }}>
        {shortCommit(newest.commit)}
      </Link>
    </p>
  );
}

const set = (name: keyof RunListSearch, value: string | undefined): RunListSearch => ({ [name]: value });

const unset = (name: keyof RunListSearch, condition: boolean): RunListSearch => (condition ? set(name, undefined) : {});

const withoutResult = (search: RunListSearch): RunListSearch =>
  ({ ...search, kind: undefined, outcome: undefined, code: undefined }) as unknown as RunListSearch;

function NoRuns({ search, isFiltered }: { readonly search: RunListSearch; readonly isFiltered: boolean }) {
  if (search.pullRequest !== undefined) {
    return (
      <Blank title={`No run of pull request #${search.pullRequest} was found`}>
        Only runs of the event <code>pull_request</code> whose branch is in {search.repository} itself are recorded with
        the number. To find the runs of every event, and those of forks, paste the head commit with all 40 digits into
        the field at the top.
      </Blank>
    );
  }
  if (isFiltered) return <Blank title="No runs match these filters">Widen the time, or clear the filters.</Blank>;
  return (
    <Blank title="No runs yet">
      A run appears here when it completes in a repository where the GitHub App is installed. Locally,{' '}
      <code>npm run deliver</code> completes one.
    </Blank>
  );
}
