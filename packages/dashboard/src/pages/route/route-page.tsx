import { Banner } from '@primer/react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { api, read, type Schemas } from '../../api/client.ts';
import { definedOnly } from '../../api/parameters.ts';
import { pageSize, useList } from '../../api/use-list.ts';
import { FactList } from '../../components/fact-list.tsx';
import facts from '../../components/facts.module.css';
import { LoadMore } from '../../components/load-more.tsx';
import { Message } from '../../components/message.tsx';
import { Page, Section } from '../../components/page.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { ResultBars } from '../../components/result-bars.tsx';
import { CodeLabel, ExternalLink, RepositoryLink, RouteName } from '../../components/route-name.tsx';
import { StateLabel } from '../../components/state-label.tsx';
import { Blank, ListSkeleton, Pending } from '../../components/states.tsx';
import { Time } from '../../components/time.tsx';
import { counted } from '../../words/counts.ts';
import { labelOfRoute, nameOfRequester, repositoryOfSource } from '../../words/route-labels.ts';
import { rateOf, sentenceOfDurations, sentenceOfResults } from '../../words/route-results.ts';
import { nameOfResponsible, stateOfRoute } from '../../words/states.ts';
import { CheckList } from '../run/check-list.tsx';
import { usePlan } from '../run/run-queries.ts';
import { FilesNow } from './files-now.tsx';
import { checksOfSide, newestDecision } from './route-checks.ts';

type Projection = Schemas['RouteResponse'];

const routeApi = getRouteApi('/routes/$routeId');

/** One route: whether both sides agree, its results, the conditions of both sides, and its history. */
export function RoutePage() {
  const { routeId } = routeApi.useParams();
  const route = useQuery({
    queryKey: ['route', routeId],
    queryFn: ({ signal }) => read(api.GET('/api/routes/{routeId}', { params: { path: { routeId } }, signal })),
    refetchInterval: 60_000,
  });
  const history = useList(['route-facts', routeId], async (cursor, signal) => {
    const query = definedOnly({ cursor, limit: pageSize });
    const { facts: items, cursor: next } = await read(
      api.GET('/api/routes/{routeId}/facts', { params: { path: { routeId }, query }, signal }),
    );
    return { items, cursor: next };
  });
  const { data } = route;
  return (
    <Page
      title={data === undefined ? 'Route' : labelOfRoute(data.route)}
      heading={data === undefined ? 'Route' : <RouteName route={data.route} />}
      lead={data === undefined ? undefined : <Lead route={data.route} />}
    >
      <QueryView query={route}>
        {(loaded) => (
          <>
            <Agreement projection={loaded} />
            <FilesNow routeId={loaded.routeId} route={loaded.route} />
            <Results projection={loaded} />
            <Conditions projection={loaded} />
          </>
        )}
      </QueryView>
      <Section title="History">
        <QueryView query={history.query}>
          {() => (
            <div>
              <FactList label="History of the route" facts={history.items} />
              <LoadMore list={history} noun="entry" plural="entries" />
            </div>
          )}
        </QueryView>
      </Section>
    </Page>
  );
}

function Lead({ route: { source, target } }: { readonly route: Schemas['Route'] }) {
  const sourceRepository = repositoryOfSource(source);
  return (
    <>
      {sourceRepository === null ? nameOfRequester(source) : <RepositoryLink repository={sourceRepository} />} starts{' '}
      {'workflow' in target ? 'a workflow of' : 'an event in'} <RepositoryLink repository={target.repository} />.{' '}
      <Link to="/graph" search={{ repository: target.repository }}>
        Show in the graph
      </Link>
    </>
  );
}

/** Reads the newest decision on the route, with all its checks, from the plans of its newest run. */
function useDecision({ routeId, latest }: Projection) {
  const plan = usePlan(latest.runKey, undefined, true);
  return { plan, decided: newestDecision(plan.data?.facts ?? [], routeId) };
}

function Agreement({ projection }: { readonly projection: Projection }) {
  const { agreement } = projection;
  const { plan, decided } = useDecision(projection);
  if (agreement === null) return null;
  if (agreement.agreed) {
    return (
      <Banner
        variant="success"
        layout="compact"
        title="Both sides agree"
        description={
          <>
            As of the newest decision, <Time value={agreement.decidedAt} />.
          </>
        }
      />
    );
  }
  return (
    <Banner
      variant="critical"
      title={`Refused. ${nameOfResponsible(agreement.responsible)} must act.`}
      description={
        <>
          <Message text={agreement.message} /> <CodeLabel code={agreement.code} /> {plan.isPending ? <Pending /> : null}
          {decided === null ? null : <Message text={decided.data.decision.fix} />}
        </>
      }
    />
  );
}

function Results({ projection }: { readonly projection: Projection }) {
  const { latest, results, successRate, lastSuccess } = projection;
  return (
    <Section title="Results">
      <div className={facts.panel}>
        <dl className={facts.facts}>
          <dt>Last results</dt>
          <dd className={facts.line}>
            <ResultBars results={results} max={30} /> {sentenceOfResults(results)}
          </dd>
          <dt>Newest</dt>
          <dd className={facts.line}>
            <StateLabel state={stateOfRoute(latest.state, latest.conclusion ?? null)} /> <Time value={latest.time} />{' '}
            <Link to="/runs/$runKey" params={{ runKey: latest.runKey }} search={{ dispatch: latest.dispatchId }}>
              Open run
            </Link>
          </dd>
          <dt>Success rate</dt>
          <dd>{rateOf(successRate)}</dd>
          <dt>Duration</dt>
          <dd>{sentenceOfDurations(results)}</dd>
          <dt>Last success</dt>
          <dd className={facts.line}>
            {lastSuccess === null ? (
              'None is recorded.'
            ) : (
              <>
                <Time value={lastSuccess.time} />{' '}
                <ExternalLink href={lastSuccess.targetRunUrl}>Started run</ExternalLink>
              </>
            )}
          </dd>
        </dl>
      </div>
    </Section>
  );
}

/** What both sides ask for, as the newest decision found it. */
function Conditions({ projection }: { readonly projection: Projection }) {
  const { plan, decided } = useDecision(projection);
  if (plan.isPending) return <ListSkeleton rows={4} />;
  const { sourceFile, targetFile, checks = [] } = decided?.data.decision ?? {};
  return (
    <Section
      title="Conditions of both sides"
      aside={
        decided === null ? undefined : (
          <>
            As of the decision <Time value={decided.time} align="end" />
          </>
        )
      }
    >
      <QueryView
        query={plan}
        failure={() => (
          <Blank title="The checks of this decision are not stored any more">
            The next decision of this route shows them again.
          </Blank>
        )}
      >
        {() => (
          <div className={facts.sides}>
            {(['source', 'target'] as const).map((side) => {
              const file = side === 'source' ? sourceFile : targetFile;
              const ofSide = checksOfSide(checks, side);
              return (
                <div key={side} className={facts.side}>
                  <h3 className={facts.sideTitle}>{side === 'source' ? 'Source' : 'Target'}</h3>
                  {file === undefined ? (
                    <p className={facts.muted}>No dispatching.yml was read.</p>
                  ) : (
                    <p className={facts.muted}>
                      {file.path} of <RepositoryLink repository={file.repository} /> at{' '}
                      <code>{file.sha.slice(0, 7)}</code>
                    </p>
                  )}
                  <Checks checks={ofSide} side={side} />
                </div>
              );
            })}
          </div>
        )}
      </QueryView>
    </Section>
  );
}

/** The failed checks of a side, and the satisfied ones folded: there are up to thirty of them. */
function Checks({
  checks,
  side,
}: {
  readonly checks: readonly Schemas['Check'][];
  readonly side: 'source' | 'target';
}) {
  if (checks.length === 0) return <p className={facts.muted}>Not checked.</p>;
  const failed = checks.filter(({ satisfied }) => !satisfied);
  const satisfied = checks.filter((check) => check.satisfied);
  return (
    <>
      {failed.length === 0 ? null : <CheckList checks={failed} label={`Failed checks of the ${side}`} />}
      {satisfied.length === 0 ? null : (
        <details className={facts.folded}>
          <summary>{counted(satisfied.length, 'satisfied condition')}</summary>
          <CheckList checks={satisfied} label={`Satisfied checks of the ${side}`} />
        </details>
      )}
    </>
  );
}
