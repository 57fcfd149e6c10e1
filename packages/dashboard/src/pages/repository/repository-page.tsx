import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { api, read, type Schemas } from '../../api/client.ts';
import { definedOnly } from '../../api/parameters.ts';
import { pageSize, useList } from '../../api/use-list.ts';
import { type Bar, Bars } from '../../components/charts/bars.tsx';
import { CsvButton } from '../../components/csv-button.tsx';
import { type Column, DataList } from '../../components/data-list.tsx';
import { FactList } from '../../components/fact-list.tsx';
import facts from '../../components/facts.module.css';
import { Figure } from '../../components/figure.tsx';
import { LoadMore } from '../../components/load-more.tsx';
import { Page, Section } from '../../components/page.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { CodeLabel, SourceName } from '../../components/route-name.tsx';
import { RunRows } from '../../components/run-rows.tsx';
import { StateLabel } from '../../components/state-label.tsx';
import { Blank, NotFound } from '../../components/states.tsx';
import tabStyles from '../../components/tabs.module.css';
import { Time } from '../../components/time.tsx';
import { statusOf } from '../../api/problem.ts';
import { count, counted, share } from '../../words/counts.ts';
import type { CsvColumn } from '../../words/csv.ts';
import { workflowFile } from '../../words/names.ts';
import { labelOfSource, labelOfTarget } from '../../words/route-labels.ts';
import { type Outcome, stateOfDecision, stateOfOutcome } from '../../words/states.ts';
import { DispatchingFile } from './dispatching-file.tsx';

type Use = Schemas['InboundUse'];

const routeApi = getRouteApi('/repositories/$owner/$name');

const tabs = [
  ['target', 'As target'],
  ['source', 'As source'],
  ['file', 'dispatching.yml'],
  ['activity', 'Activity'],
] as const;
type Tab = (typeof tabs)[number][0];

/** One repository: who starts its workflows, what its runs start, its dispatching.yml, and its history. */
export function RepositoryPage() {
  const { owner, name } = routeApi.useParams();
  const search = routeApi.useSearch();
  const repository = `${owner}/${name}`;
  const counts = useQuery({
    queryKey: ['repository', repository.toLowerCase()],
    queryFn: ({ signal }) =>
      read(api.GET('/api/repositories/{owner}/{name}', { params: { path: { owner, name } }, signal })),
  });
  const tab: Tab = tabs.find(([each]) => each === search.tab)?.[0] ?? 'target';
  if (statusOf(counts.error) === 404) {
    return (
      <Page title={repository}>
        <NotFound
          title="Nothing is recorded about this repository"
          next={<Link to="/repositories">All repositories</Link>}
        >
          No run of it was received, and no rule names it. Check the name, and whether the App is installed there.
        </NotFound>
      </Page>
    );
  }
  return (
    <Page
      title={repository}
      lead={
        <>
          <Link to="/graph" search={{ repository }}>
            Show its routes in the graph
          </Link>
        </>
      }
    >
      <nav className={`${tabStyles.tabs} ${tabStyles.underlined}`} aria-label="Views of the repository">
        {tabs.map(([each, title]) => (
          <Link
            key={each}
            to="/repositories/$owner/$name"
            params={{ owner, name }}
            search={{ tab: each }}
            resetScroll={false}
            className={tabStyles.tab ?? ''}
            activeOptions={{ exact: true }}
            {...(each === tab ? { 'aria-current': 'page' as const } : {})}
          >
            {title}
          </Link>
        ))}
      </nav>
      {tab === 'target' ? <AsTarget owner={owner} name={name} counts={counts.data} /> : null}
      {tab === 'source' ? <AsSource owner={owner} name={name} counts={counts.data} /> : null}
      {tab === 'file' ? <DispatchingFile owner={owner} name={name} /> : null}
      {tab === 'activity' ? <Activity owner={owner} name={name} /> : null}
    </Page>
  );
}

interface TabProps {
  readonly owner: string;
  readonly name: string;
  readonly counts?: Schemas['RepositoryResponse'] | undefined;
}

/** Returns what starts in the repository of the page. */
const startedBy = (target: Schemas['Route']['target']): string =>
  'workflow' in target ? workflowFile(target.workflow) : `event ${target.eventType}`;

const inboundColumns: readonly Column<Use>[] = [
  {
    id: 'source',
    header: 'Who',
    grow: true,
    narrow: 'primary',
    cell: ({ routeId, route }) => (
      <Link to="/routes/$routeId" params={{ routeId }}>
        <SourceName source={route.source} />
      </Link>
    ),
  },
  { id: 'target', header: 'Starts', cell: ({ route }) => startedBy(route.target) },
  {
    id: 'allowed',
    header: 'Allowed',
    align: 'end',
    cell: ({ allowed }) => <Figure value={allowed} noun="allowed" plural="allowed" />,
  },
  {
    id: 'denied',
    header: 'Refused',
    align: 'end',
    cell: ({ denied }) => <Figure value={denied} noun="refused" plural="refused" />,
  },
  {
    id: 'state',
    header: 'Last decision',
    narrow: 'hidden',
    cell: ({ lastCode }) => (
      <StateLabel state={stateOfDecision({ effect: lastCode === 'allowed' ? 'allow' : 'deny', code: lastCode })} />
    ),
  },
  {
    id: 'code',
    header: 'Code',
    cell: ({ lastCode }) => (lastCode === 'allowed' ? null : <CodeLabel code={lastCode} />),
  },
  {
    id: 'time',
    header: 'Last used',
    align: 'end',
    narrow: 'state',
    cell: ({ lastAt }) => <Time value={lastAt} inRow align="end" />,
  },
];

const csvColumns: readonly CsvColumn<Use>[] = [
  ['Route id', ({ routeId }) => routeId],
  ['Source', ({ route }) => labelOfSource(route.source)],
  ['Target', ({ route }) => labelOfTarget(route.target)],
  ['Allowed', ({ allowed }) => allowed],
  ['Refused', ({ denied }) => denied],
  ['Last decision', ({ lastAt }) => lastAt],
  ['Last code', ({ lastCode }) => lastCode],
];

/** Who uses the repository's inbound rules, and whom they refused. */
function AsTarget({ owner, name, counts }: TabProps) {
  const list = useList<Use>(['inbound', owner, name], async (cursor, signal) => {
    const query = definedOnly({ cursor, limit: pageSize });
    const { uses, cursor: next } = await read(
      api.GET('/api/repositories/{owner}/{name}/inbound', { params: { path: { owner, name }, query }, signal }),
    );
    return { items: uses, cursor: next };
  });
  const refused = list.items.filter(({ denied }) => denied > 0);
  return (
    <>
      {counts === undefined || counts.asTarget.lastDecisionAt === null ? null : (
        <p>
          {counted(counts.asTarget.allowed, 'dispatch', 'dispatches')} allowed and {count(counts.asTarget.denied)}{' '}
          refused; the last decision was <Time value={counts.asTarget.lastDecisionAt} />.
        </p>
      )}
      <Section
        title="Who starts its workflows"
        aside={
          list.items.length === 0 ? null : (
            <CsvButton name={`inbound ${owner}/${name}`} list={list} columns={csvColumns} />
          )
        }
      >
        <QueryView query={list.query}>
          {() =>
            list.items.length === 0 ? (
              <Blank title="Nobody has requested to start a workflow here">
                For a source to start one, name the source under <code>inbound</code> in this repository’s
                dispatching.yml, and this repository under <code>outbound</code> in the source’s.
              </Blank>
            ) : (
              <div>
                <DataList
                  label="Routes into the repository"
                  columns={inboundColumns}
                  rows={list.items}
                  keyOf={({ routeId }) => routeId}
                />
                <LoadMore list={list} noun="route" />
              </div>
            )
          }
        </QueryView>
      </Section>
      {refused.length === 0 ? null : (
        <Section title="Refused attempts" aside="Routes that were refused at least once, among those that are loaded">
          <DataList
            label="Refused attempts"
            columns={inboundColumns}
            rows={refused.toSorted((a, b) => b.lastAt.localeCompare(a.lastAt))}
            keyOf={({ routeId }) => routeId}
          />
        </Section>
      )}
      {counts === undefined || counts.asTarget.denied === 0 ? null : (
        <Section title="Decisions by code">
          <div className={facts.panel}>
            <Bars label="Decisions by code" bars={barsOf(counts.asTarget.decisions)} />
          </div>
        </Section>
      )}
    </>
  );
}

const barsOf = (decisions: Readonly<Record<string, number>>): readonly Bar[] => {
  const all = Object.values(decisions).reduce((sum, each) => sum + each, 0);
  return Object.entries(decisions)
    .toSorted(([, a], [, b]) => b - a)
    .map(([code, value]) => ({
      id: code,
      label: code,
      value,
      tone: code === 'allowed' ? ('success' as const) : ('danger' as const),
      remark: share(value, all),
    }));
};

/** What the repository's runs came to. */
function AsSource({ owner, name, counts }: TabProps) {
  const repository = `${owner}/${name}`;
  const list = useList<Schemas['DeliveryRow']>(['deliveries', { repository }], async (cursor, signal) => {
    const query = definedOnly({ repository, cursor, limit: pageSize });
    const { deliveries, cursor: next } = await read(api.GET('/api/deliveries', { params: { query }, signal }));
    return { items: deliveries, cursor: next };
  });
  const plans = Object.entries(counts?.asSource.plans ?? {});
  const all = plans.reduce((sum, [, value]) => sum + value, 0);
  return (
    <>
      {plans.length === 0 ? null : (
        <Section title="Runs by result" aside={`${counted(counts?.asSource.deliveries ?? 0, 'run')} received`}>
          <div className={facts.panel}>
            <Bars
              label="Runs by result"
              bars={plans
                .toSorted(([, a], [, b]) => b - a)
                .map(([outcome, value]) => ({
                  id: outcome,
                  label: (
                    <Link to="/runs" search={{ repository, outcome }}>
                      {stateOfOutcome(outcome as Outcome).word}
                    </Link>
                  ),
                  value,
                  tone: outcome === 'planned' ? ('success' as const) : ('accent' as const),
                  remark: share(value, all),
                }))}
            />
          </div>
        </Section>
      )}
      <Section title="Runs">
        <QueryView query={list.query}>
          {() =>
            list.items.length === 0 ? (
              <Blank title="No runs of this repository">
                Runs appear when they complete and the App is installed in the repository.
              </Blank>
            ) : (
              <div>
                <RunRows label="Runs" rows={list.items} />
                <LoadMore list={list} noun="run" />
              </div>
            )
          }
        </QueryView>
      </Section>
    </>
  );
}

function Activity({ owner, name }: TabProps) {
  const list = useList(['repository-facts', owner, name], async (cursor, signal) => {
    const query = definedOnly({ cursor, limit: pageSize });
    const { facts: items, cursor: next } = await read(
      api.GET('/api/repositories/{owner}/{name}/facts', { params: { path: { owner, name }, query }, signal }),
    );
    return { items, cursor: next };
  });
  return (
    <QueryView query={list.query}>
      {() => (
        <div>
          <FactList label="Activity" facts={list.items} />
          <LoadMore list={list} noun="entry" plural="entries" />
        </div>
      )}
    </QueryView>
  );
}
