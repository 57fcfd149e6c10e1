import { LogIcon } from '@primer/octicons-react';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api, read, type Schemas } from '../../api/client.ts';
import { definedOnly } from '../../api/parameters.ts';
import { pageSize, useList } from '../../api/use-list.ts';
import { CsvButton } from '../../components/csv-button.tsx';
import { type Column, DataList } from '../../components/data-list.tsx';
import { ChoiceFilter, Filters, TextFilter, TimeFilter } from '../../components/filters.tsx';
import { LoadMore, NoRows } from '../../components/load-more.tsx';
import { Page } from '../../components/page.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { RepositoryLink } from '../../components/route-name.tsx';
import { StateLabel } from '../../components/state-label.tsx';
import { Blank } from '../../components/states.tsx';
import { Time } from '../../components/time.tsx';
import { auditActionChoices, isAuditAction, kindOfSubject, stateOfAudit, titleOfAction } from '../../words/audit.ts';
import type { CsvColumn } from '../../words/csv.ts';
import { timeOfSince } from '../../words/since.ts';
import styles from './audit.module.css';

type Entry = Schemas['AuditRow'];

const routeApi = getRouteApi('/audit');

const csvColumns: readonly CsvColumn<Entry>[] = [
  ['Time', ({ time }) => time],
  ['Operator', ({ operator }) => operator],
  ['Action', ({ action }) => action],
  ['Subject', ({ subject }) => subject],
  ['Reason', ({ reason }) => reason],
  ['Result', ({ result }) => result],
  ['Action id', ({ actionId }) => actionId],
];

const columns: readonly Column<Entry>[] = [
  {
    id: 'action',
    header: 'What',
    narrow: 'primary',
    cell: (entry) => (
      <div>
        <div className={styles.action}>{titleOfAction(entry.action)}</div>
        <Subject entry={entry} />
      </div>
    ),
  },
  { id: 'operator', header: 'Who', cell: ({ operator }) => operator },
  { id: 'reason', header: 'Why', grow: true, cell: ({ reason }) => reason },
  {
    id: 'result',
    header: 'Result',
    narrow: 'state',
    cell: ({ result }) => <StateLabel state={stateOfAudit(result)} />,
  },
  { id: 'time', header: 'When', align: 'end', cell: ({ time }) => <Time value={time} inRow align="end" /> },
];

/** What operators did: who, what, when, why, and with which result. */
export function AuditPage() {
  const search = routeApi.useSearch();
  const navigate = routeApi.useNavigate();
  const [openedAt] = useState(() => Date.now());
  const { action, operator, until } = search;
  const since = timeOfSince(search.since, openedAt);
  const list = useList<Entry>(['audit', { action, operator, since, until }], async (cursor, signal) => {
    const query = definedOnly({
      action: isAuditAction(action) ? action : undefined,
      operator,
      since,
      until,
      cursor,
      limit: pageSize,
    });
    const { entries, cursor: next } = await read(api.GET('/api/audit', { params: { query }, signal }));
    return { items: entries, cursor: next };
  });
  const change = (changes: { readonly [Key in keyof typeof search]?: string | undefined }) =>
    void navigate({ search: definedOnly({ ...search, ...changes }), replace: true });
  const isFiltered = Object.keys(search).length > 0;
  return (
    <Page
      title="Audit log"
      lead="Everything that people and API keys changed, newest first. Entries cannot be changed or deleted."
      actions={list.items.length === 0 ? null : <CsvButton name="audit" list={list} columns={csvColumns} />}
    >
      <Filters clear={isFiltered ? () => void navigate({ search: {}, replace: true }) : undefined}>
        <TextFilter
          label="Who"
          placeholder="octocat"
          value={operator}
          change={(value) => change({ operator: value })}
        />
        <ChoiceFilter
          label="What"
          value={action}
          choices={auditActionChoices}
          change={(value) => change({ action: value })}
        />
        <TimeFilter value={search.since} change={(value) => change({ since: value, until: undefined })} />
      </Filters>
      <QueryView query={list.query}>
        {() =>
          list.items.length === 0 ? (
            <NoRows list={list}>
              <Blank
                icon={LogIcon}
                title={isFiltered ? 'No entry matches these filters' : 'Nobody has changed anything yet'}
              >
                {isFiltered
                  ? 'Widen the time, or clear the filters.'
                  : 'Replays, dead letters, API keys and the emergency brake appear here.'}
              </Blank>
            </NoRows>
          ) : (
            <div>
              <DataList label="Audit log" columns={columns} rows={list.items} keyOf={({ factId }) => factId} />
              <LoadMore list={list} noun="entry" plural="entries" />
            </div>
          )
        }
      </QueryView>
    </Page>
  );
}

function Subject({ entry: { action, subject } }: { readonly entry: Entry }) {
  switch (kindOfSubject(action)) {
    case 'run':
      return (
        <Link to="/runs/$runKey" params={{ runKey: subject }} className={styles.id ?? ''}>
          {subject}
        </Link>
      );
    case 'bulk-replay':
      return (
        <Link to="/bulk-replays/$bulkReplayId" params={{ bulkReplayId: subject }} className={styles.id ?? ''}>
          {subject}
        </Link>
      );
    case 'repository':
      return subject.includes('/') ? (
        <RepositoryLink repository={subject} />
      ) : (
        <span className={styles.id}>{subject}</span>
      );
    case 'key':
      return (
        <Link to="/keys" search={{ key: subject }} className={styles.id ?? ''}>
          {subject}
        </Link>
      );
    case 'none':
      return subject === 'dispatches' ? null : <span className={styles.id}>{subject}</span>;
    default:
      return (
        <span className={styles.id} title={subject}>
          {subject.slice(0, 16)}
        </span>
      );
  }
}
