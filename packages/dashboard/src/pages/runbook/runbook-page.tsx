import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useLocation } from '@tanstack/react-router';
import { createElement, type ReactNode, useEffect } from 'react';
import type { Runbook, RunbookNode } from '../../../build/runbooks.ts';
import { Page } from '../../components/page.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { RunbookLink } from '../../components/runbook-link.tsx';
import { ListSkeleton, NotFound } from '../../components/states.tsx';
import { titleOfRunbook } from '../../words/runbooks.ts';
import styles from './runbook.module.css';

const directory = '../../../../../docs/runbooks';
/** Each is a file of its own, which is rendered when the dashboard is built. */
const runbooks = import.meta.glob<Runbook>('../../../../../docs/runbooks/*.md', { import: 'default' });

const routeApi = getRouteApi('/runbook/$page');

/** A runbook: what to do about a problem. */
export function RunbookPage() {
  const { page } = routeApi.useParams();
  const load = runbooks[`${directory}/${page}.md`];
  const query = useQuery({
    queryKey: ['runbook', page],
    queryFn: async () => (await load?.()) ?? null,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const all = <RunbookLink runbook="README.md">All runbooks</RunbookLink>;
  return (
    <Page title={query.data?.title ?? titleOfRunbook(page)} actions={page === 'README' ? undefined : all}>
      {load === undefined ? (
        <NotFound title="There is no such runbook" next={all}>
          The address names none of the runbooks of this version.
        </NotFound>
      ) : (
        <QueryView query={query} skeleton={<ListSkeleton rows={8} />}>
          {({ content }) => <Content nodes={content} />}
        </QueryView>
      )}
    </Page>
  );
}

/** Shows the text, and scrolls to the heading that the address names. */
function Content({ nodes }: { readonly nodes: readonly RunbookNode[] }) {
  const heading = useLocation({ select: ({ hash }) => hash });
  useEffect(() => document.getElementById(heading)?.scrollIntoView(), [heading]);
  return <div className={styles.text}>{nodes.map(elementOf)}</div>;
}

function elementOf(node: RunbookNode, key: number): ReactNode {
  if (typeof node === 'string') return node;
  const { tag, id, href, runbook } = node;
  const children = node.children.map(elementOf);
  if (runbook !== undefined) {
    return (
      <RunbookLink key={key} runbook={runbook}>
        {children}
      </RunbookLink>
    );
  }
  if (href !== undefined) {
    return (
      <a key={key} href={href} rel="noreferrer">
        {children}
      </a>
    );
  }
  return createElement(tag, { key, id }, ...children);
}
