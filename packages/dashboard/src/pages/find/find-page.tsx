import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, Navigate } from '@tanstack/react-router';
import { Fragment } from 'react';
import { api, read } from '../../api/client.ts';
import { RunSearchResults } from '../../components/run-search-results.tsx';
import { Page, Section } from '../../components/page.tsx';
import { RunTitle } from '../../components/run-rows.tsx';
import { NotFound } from '../../components/states.tsx';
import { type FindTarget, findTarget } from '../../words/find.ts';
import { FindRoute } from './find-route.tsx';
import styles from './find.module.css';

const routeApi = getRouteApi('/find');

/** Leads from a text to what it names, or says what would find it. */
export function FindPage() {
  const { q } = routeApi.useSearch();
  if (q === undefined) return <Start />;
  return <Result key={q} text={q} target={findTarget(q)} />;
}

function Result({ text, target }: { readonly text: string; readonly target: FindTarget }) {
  if (target.kind === 'page') {
    if (target.page === 'run') return <Navigate to="/runs/$runKey" params={{ runKey: target.runKey }} replace />;
    if (target.page === 'route') return <Navigate to="/routes/$routeId" params={{ routeId: target.routeId }} replace />;
    if (target.page === 'runs') return <Navigate to="/runs" search={target.search} replace />;
    return <Navigate to="/repositories/$owner/$name" params={{ owner: target.owner, name: target.name }} replace />;
  }
  if (target.kind === 'route') return <FindRoute sides={target.sides} next={<Examples />} />;
  if (target.kind === 'search') return <RunSearchResults by={target.by} value={target.value} next={<Examples />} />;
  return (
    <Page title="Find">
      <NotFound
        title={`Nothing was found for “${text}”`}
        next={
          <Link to="/repositories" search={{ q: text }}>
            Repositories with “{text}” in their name
          </Link>
        }
      >
        {target.say}
      </NotFound>
      <Examples />
    </Page>
  );
}

function Start() {
  const latest = useQuery({
    queryKey: ['deliveries', { limit: 12 }],
    queryFn: ({ signal }) => read(api.GET('/api/deliveries', { params: { query: { limit: 12 } }, signal })),
  });
  return (
    <Page title="Find" lead="Paste what you have into the field at the top. Press / to go there.">
      <Section title="Latest deliveries">
        <div className={styles.chips}>
          {(latest.data?.deliveries ?? []).map((row) => (
            <Link key={row.deliveryId} className={styles.chip ?? ''} to="/find" search={{ q: row.deliveryId }}>
              <RunTitle row={row} />
            </Link>
          ))}
        </div>
      </Section>
      <Examples />
    </Page>
  );
}

const examples = [
  ['A run of either side', 'its URL or its id: https://github.com/octo-org/app/actions/runs/9000000001'],
  ['A commit', 'its URL, or all 40 digits'],
  ['A pull request', 'its URL, or octo-org/app#7: its runs of the event pull_request'],
  ['A branch', 'its URL: https://github.com/octo-org/app/tree/main'],
  ['A delivery', 'the GUID that GitHub shows in the App’s settings: X-GitHub-Delivery'],
  ['A dispatch', 'its id of 32 digits, which is in issues and in the log'],
  ['A route', 'octo-org/app ci.yml → octo-org/deploy cd.yml, with or without the workflows; or its id of 16 digits'],
  ['A repository', 'octo-org/app, or its URL'],
] as const;

const Examples = () => (
  <Section title="What can be found">
    <dl className={styles.examples}>
      {examples.map(([what, by]) => (
        <Fragment key={what}>
          <dt>{what}</dt>
          <dd>{by}</dd>
        </Fragment>
      ))}
    </dl>
  </Section>
);
