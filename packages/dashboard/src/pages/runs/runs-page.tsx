import { Button } from '@primer/react';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { definedOnly } from '../../api/parameters.ts';
import { useIsOperator, useSeesAll } from '../../api/session.ts';
import { Page } from '../../components/page.tsx';
import { RunList, type RunListSearch } from './run-list.tsx';

const routeApi = getRouteApi('/runs');

/** Every run that was received, with what it started. */
export function RunsPage() {
  const search = routeApi.useSearch();
  const navigate = routeApi.useNavigate();
  return (
    <Page
      title="Runs"
      lead="Completed workflow runs and requests, and what they started."
      actions={<ReplayThese search={search} />}
    >
      <RunList search={search} change={(next) => void navigate({ search: next, replace: true })} />
    </Page>
  );
}

/** Offers to operators to replay every run of the list, once its result or code is chosen. */
function ReplayThese({ search: filters }: { readonly search: RunListSearch }) {
  const { repository, outcome, code, since, ...others } = filters;
  const navigate = useNavigate();
  const isOperator = useIsOperator();
  const seesAll = useSeesAll();
  // A bulk replay has no other filters: it would select more runs than the list shows.
  const isSelectable = Object.values(others).every((value) => value === undefined);
  if (!isOperator || !seesAll || !isSelectable || (outcome === undefined && code === undefined)) return null;
  const search = definedOnly({ repository, outcome, code, since });
  return <Button onClick={() => void navigate({ to: '/bulk-replays', search })}>Replay these runs…</Button>;
}
