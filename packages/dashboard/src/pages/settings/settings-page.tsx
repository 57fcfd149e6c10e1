import { Banner, Button } from '@primer/react';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import type { Schemas } from '../../api/client.ts';
import { useHealth, useIsOperator, useMe, useSeesAll } from '../../api/session.ts';
import { useSweeps } from '../../api/use-sweeps.ts';
import { type Column, DataList } from '../../components/data-list.tsx';
import facts from '../../components/facts.module.css';
import { Page, Section } from '../../components/page.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { ExternalLink } from '../../components/route-name.tsx';
import { RunbookLink } from '../../components/runbook-link.tsx';
import { StateLabel } from '../../components/state-label.tsx';
import { ListSkeleton } from '../../components/states.tsx';
import { Time } from '../../components/time.tsx';
import { useIsNarrow } from '../../components/use-media.ts';
import { registeredApp } from '../../words/app-access.ts';
import { figureOf, stateOfCheck } from '../../words/system-checks.ts';
import { usePause, useStatus } from '../overview/overview-queries.ts';
import { AppAccess } from './app-access.tsx';

const BrakeDialog = lazy(async () => ({ default: (await import('./brake-dialog.tsx')).BrakeDialog }));

/** The emergency brake, what is checked about the running system, what the App may do, and what runs. */
export function SettingsPage() {
  return (
    <Page
      title="Settings"
      lead="The emergency brake, the checks of the running system, what the App may do, and the configuration."
    >
      <Brake />
      <Checks />
      <AppAccess />
      <Configuration />
    </Page>
  );
}

function Brake() {
  const pause = usePause();
  const isOperator = useIsOperator();
  const [isOpen, setIsOpen] = useState(false);
  return (
    <Section title="Emergency brake">
      <QueryView query={pause} skeleton={<ListSkeleton rows={1} />}>
        {({ paused, changedAt, operator, reason }) => (
          <div className={facts.panel}>
            <p className={facts.line}>
              <StateLabel
                state={
                  paused
                    ? { icon: 'paused', tone: 'danger', word: 'All dispatches are paused' }
                    : { icon: 'check', tone: 'success', word: 'Dispatches start' }
                }
              />
            </p>
            {changedAt === null ? (
              <p className={facts.muted}>The brake was never used.</p>
            ) : (
              <p className={facts.muted}>
                {paused ? 'Paused' : 'Resumed'} <Time value={changedAt} />
                {operator === null ? '' : ` by ${operator}`}
                {reason === null ? '.' : `: ${reason}`}
              </p>
            )}
            {isOperator ? (
              <div>
                <Button variant={paused ? 'primary' : 'danger'} onClick={() => setIsOpen(true)}>
                  {paused ? 'Resume dispatches…' : 'Pause all dispatches…'}
                </Button>
              </div>
            ) : (
              <p className={facts.muted}>Operators can change it.</p>
            )}
            <Suspense>{isOpen ? <BrakeDialog isPaused={paused} close={() => setIsOpen(false)} /> : null}</Suspense>
          </div>
        )}
      </QueryView>
    </Section>
  );
}

type SystemCheck = Schemas['StatusCheck'];

const columns: readonly Column<SystemCheck>[] = [
  { id: 'title', header: 'Check', grow: true, narrow: 'primary', cell: (check) => <Title check={check} /> },
  { id: 'state', header: 'State', narrow: 'state', cell: ({ state }) => <StateLabel state={stateOfCheck(state)} /> },
  {
    id: 'value',
    header: 'Value',
    cell: ({ value, threshold, unit }) => (value === 0 && threshold === 0 ? 'None' : figureOf(value, unit)),
  },
  {
    id: 'limit',
    header: 'Limit',
    cell: (check) => <Limit check={check} />,
  },
  { id: 'runbook', header: 'Runbook', cell: ({ runbook }) => <RunbookLink runbook={runbook} /> },
];

/** What is checked, and what is so if it is not fine. */
const Title = ({ check: { title, state, message } }: { readonly check: SystemCheck }) => (
  <>
    {title}
    {state === 'ok' ? null : <p className={facts.muted}>{message}</p>}
  </>
);

/** The highest value that is fine, with its word where the list has no headings. */
function Limit({ check: { threshold, unit } }: { readonly check: SystemCheck }) {
  const isNarrow = useIsNarrow();
  if (threshold === 0) return isNarrow ? null : '–';
  return `${isNarrow ? 'limit ' : ''}${figureOf(threshold, unit)}`;
}

/** What the API checks about the running system: the same as monitors and the command line see. */
function Checks() {
  const status = useStatus();
  return (
    <Section title="Checks">
      <QueryView query={status} skeleton={<ListSkeleton rows={8} />}>
        {({ checks }) => <DataList label="Checks" columns={columns} rows={checks} keyOf={({ name }) => name} />}
      </QueryView>
      <p className={facts.muted}>
        <RunbookLink runbook="README.md">All runbooks</RunbookLink> are pages of this dashboard.{' '}
        <code>dispatcher doctor</code> checks the rest on your machine: the webhook, the private key, the sign-in, and a
        test run from the delivery to the started workflow.
      </p>
    </Section>
  );
}

const signIns = {
  disabled: 'Disabled: only this machine has access',
  basic: 'Name and password',
  github: 'GitHub',
  oidc: 'OpenID Connect',
};

function Configuration() {
  const health = useHealth();
  const me = useMe();
  const sweeps = useSweeps(useSeesAll());
  const app = registeredApp(sweeps.data?.sweeps ?? []);
  return (
    <Section title="Configuration">
      <QueryView query={health} skeleton={<ListSkeleton rows={3} />}>
        {({ version, imageDigest, startedAt, authentication }) => (
          <div className={facts.panel}>
            <dl className={facts.facts}>
              <dt>Version</dt>
              <dd>{version}</dd>
              <dt>Image</dt>
              <dd>{imageDigest === null ? 'Does not run from an image' : <code>{imageDigest}</code>}</dd>
              <dt>Started</dt>
              <dd>
                <Time value={startedAt} />
                <span className={facts.muted}> (the process that answered; AWS Lambda runs several)</span>
              </dd>
              <dt>Address</dt>
              <dd>{location.origin}</dd>
              <dt>Sign-in</dt>
              <dd>{signIns[authentication]}</dd>
              {me.data === undefined ? null : (
                <>
                  <dt>You</dt>
                  <dd>
                    {me.data.name}, {me.data.role}
                    {me.data.session === null ? null : (
                      <>
                        ; your session ends <Time value={me.data.session.endsAt} />
                      </>
                    )}
                  </dd>
                </>
              )}
              <dt>GitHub App</dt>
              <dd>
                {app === null ? null : (
                  <>
                    <ExternalLink href={app.url}>{app.name}</ExternalLink>, id {app.id}.{' '}
                  </>
                )}
                <Link to="/installations">Where it is installed</Link>
              </dd>
            </dl>
            {authentication === 'disabled' ? (
              <Banner
                variant="info"
                layout="compact"
                title="Authentication is disabled"
                description="Everybody who can reach this address is an operator. It answers on the loopback address only."
              />
            ) : null}
          </div>
        )}
      </QueryView>
    </Section>
  );
}
