import { SegmentedControl } from '@primer/react';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { Schemas } from '../../api/client.ts';
import { useList } from '../../api/use-list.ts';
import { TrendChart } from '../../components/charts/trend-chart.tsx';
import { Page, Section } from '../../components/page.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { RunRows } from '../../components/run-rows.tsx';
import { Blank, ListSkeleton, Pending, Skeleton } from '../../components/states.tsx';
import { failingSentence, failingTitle } from '../../words/failing.ts';
import { sentenceOfOneSided } from '../../words/consents.ts';
import { useNewItems } from '../../live/new-items.ts';
import { NewItemsBar } from '../../components/new-items-bar.tsx';
import { NowCards } from './now-cards.tsx';
import {
  latestRuns,
  readLatestRuns,
  useDeadLetters,
  useGraphOwners,
  useInstallations,
  usePause,
  useQueues,
  useRoutesInNeed,
  useStatus,
  useSummary,
  useTrend,
  type Window,
} from './overview-queries.ts';
import styles from './overview.module.css';
import { FailingRoutes, RefusedRoutes } from './routes-in-need.tsx';
import { StateBanner } from './state-banner.tsx';
import { ConclusionBox, Distribution, FunnelChart, LatencyBox } from './window-figures.tsx';

const routeApi = getRouteApi('/');

const latestKey = ['deliveries', 'latest'];

const windows: readonly (readonly [Window, string])[] = [
  ['hour', 'Last hour'],
  ['day', 'Last 24 hours'],
  ['week', 'Last 7 days'],
];

/** Whether all is well, what needs a person, and what happened lately. */
export function OverviewPage() {
  const search = routeApi.useSearch();
  const navigate = routeApi.useNavigate();
  const window = windows.find(([name]) => name === search.window)?.[0] ?? 'day';
  const status = useStatus();
  const summary = useSummary(window);
  const trend = useTrend();
  const queues = useQueues();
  const deadLetters = useDeadLetters();
  const installations = useInstallations();
  const pause = usePause();
  const failing = useRoutesInNeed('failing');
  const refused = useRoutesInNeed('denied');
  const graph = useGraphOwners();
  const latest = useList<Schemas['DeliveryRow']>(latestKey, (_cursor, signal) => readLatestRuns(signal));
  const newRuns = useNewItems('deliveries', latestKey, latest, readLatestRuns, ({ deliveryId }) => deliveryId);
  const figures = {
    status: status.data,
    summary: summary.data,
    queues: queues.data,
    deadLetters: deadLetters.data,
    installations: installations.data?.installations,
    pause: pause.data,
  };
  return (
    <Page title="Overview">
      <QueryView query={status} skeleton={<Skeleton height={58} />}>
        {(data) => <StateBanner status={data} />}
      </QueryView>
      <NowCards figures={figures} />
      <QueryView query={failing} skeleton={<Pending />}>
        {({ routes }) =>
          routes.length === 0 ? null : (
            <Section
              title={failingTitle}
              aside={
                <Link to="/routes" search={{ state: 'failing' }}>
                  All failing routes
                </Link>
              }
            >
              <p className={styles.remark}>{failingSentence}.</p>
              <FailingRoutes rows={routes} />
            </Section>
          )
        }
      </QueryView>
      <QueryView query={trend} skeleton={<Skeleton height={284} />}>
        {({ hours }) => <TrendChart hours={hours} />}
      </QueryView>
      <div className={styles.window}>
        <SegmentedControl
          aria-label="Time"
          size="small"
          onChange={(index) => void navigate({ search: { window: windows[index]?.[0] ?? 'day' }, replace: true })}
        >
          {windows.map(([name, title]) => (
            <SegmentedControl.Button key={name} selected={name === window}>
              {title}
            </SegmentedControl.Button>
          ))}
        </SegmentedControl>
      </div>
      <QueryView query={summary} skeleton={<Skeleton height={320} />}>
        {(data) => (
          <div className={styles.halves}>
            <div className={styles.column}>
              <FunnelChart summary={data} window={window} />
              <LatencyBox latency={data.latency} />
              <ConclusionBox summary={data} window={window} />
            </div>
            <div className={styles.column}>
              <Distribution summary={data} window={window} />
            </div>
          </div>
        )}
      </QueryView>
      <Section
        title="Refused routes"
        aside={
          <Link to="/routes" search={{ state: 'denied' }}>
            All refused routes
          </Link>
        }
      >
        <QueryView query={refused} skeleton={<ListSkeleton rows={3} />}>
          {({ routes }) =>
            routes.length === 0 ? (
              <Blank title="No route is refused">Both sides agree to every route that was used.</Blank>
            ) : (
              <RefusedRoutes rows={routes} />
            )
          }
        </QueryView>
        <QueryView query={graph} skeleton={<Pending />} failure={() => null}>
          {({ owners }) => <OneSided sentence={sentenceOfOneSided(owners)} />}
        </QueryView>
      </Section>
      <Section title="Latest runs" aside={<Link to="/runs">All runs</Link>}>
        <QueryView query={latest.query} skeleton={<ListSkeleton rows={10} />}>
          {() =>
            latest.items.length === 0 ? (
              <Blank title="No runs yet">
                A run appears here when it completes in a repository where the GitHub App is installed.
              </Blank>
            ) : (
              <div>
                <NewItemsBar items={newRuns} max={latestRuns} noun="run" show={() => void latest.query.refetch()} />
                <RunRows label="Latest runs" rows={latest.items} />
              </div>
            )
          }
        </QueryView>
      </Section>
    </Page>
  );
}

const OneSided = ({ sentence }: { readonly sentence: string | null }) =>
  sentence === null ? null : (
    <p className={styles.oneSided}>
      <Link to="/graph">{sentence}</Link>
    </p>
  );
