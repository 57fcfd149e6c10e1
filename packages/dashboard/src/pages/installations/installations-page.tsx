import { PlugIcon } from '@primer/octicons-react';
import { Link } from '@tanstack/react-router';
import { api, read, type Schemas } from '../../api/client.ts';
import { definedOnly } from '../../api/parameters.ts';
import { useSeesAll } from '../../api/session.ts';
import { pageSize, useList } from '../../api/use-list.ts';
import { useSweeps } from '../../api/use-sweeps.ts';
import { type Column, DataList } from '../../components/data-list.tsx';
import facts from '../../components/facts.module.css';
import { Figure } from '../../components/figure.tsx';
import { LoadMore } from '../../components/load-more.tsx';
import { Page, Section } from '../../components/page.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { ExternalLink, RepositoryLink } from '../../components/route-name.tsx';
import { StateLabel } from '../../components/state-label.tsx';
import { Blank } from '../../components/states.tsx';
import { Time } from '../../components/time.tsx';
import { pendingPermissions } from '../../words/app-access.ts';
import { count, counted, share } from '../../words/counts.ts';
import { groupByInstallation, type InstallationGroup } from './installation-groups.ts';

type Budget = Schemas['Installation'];
type Repository = Schemas['RepositoryRow'];

const columns: readonly Column<Repository>[] = [
  {
    id: 'repository',
    header: 'Repository',
    grow: true,
    narrow: 'primary',
    cell: ({ repository }) => <RepositoryLink repository={repository} />,
  },
  {
    id: 'deliveries',
    header: 'Runs received',
    align: 'end',
    cell: ({ deliveries }) => <Figure value={deliveries} noun="run" />,
  },
  {
    id: 'started',
    header: 'Started here',
    align: 'end',
    cell: ({ started }) => <Figure value={started} noun="started" plural="started" />,
  },
  {
    id: 'seen',
    header: 'Last seen',
    align: 'end',
    narrow: 'state',
    cell: ({ lastFactAt }) => <Time value={lastFactAt} inRow align="end" />,
  },
];

/** Where the App is installed: each installation with its repositories, and with what GitHub still allows it. */
export function InstallationsPage() {
  const budgets = useList<Budget>(['installations', 'all'], async (cursor, signal) => {
    const query = definedOnly({ cursor, limit: pageSize });
    const { installations, cursor: next } = await read(api.GET('/api/installations', { params: { query }, signal }));
    return { items: installations, cursor: next };
  });
  const repositories = useList<Repository>(['repositories'], async (cursor, signal) => {
    const query = definedOnly({ cursor, limit: pageSize });
    const { repositories: items, cursor: next } = await read(
      api.GET('/api/repositories', { params: { query }, signal }),
    );
    return { items, cursor: next };
  });
  const seesAll = useSeesAll();
  const sweeps = useSweeps(seesAll);
  const groups = groupByInstallation(budgets.items, repositories.items, sweeps.data?.sweeps ?? []);
  return (
    <Page
      title="Installations"
      lead="Where the App is installed, what the owner of each account must do, and how many requests GitHub still allows."
    >
      <QueryView query={budgets.query}>
        {() => (
          <QueryView query={repositories.query}>
            {() => (
              <>
                {sweeps.isError && sweeps.data === undefined ? (
                  <p className={facts.muted}>
                    Suspended installations and pending permissions could not be read. Reload the page to try again.
                  </p>
                ) : null}
                {groups.length === 0 ? (
                  <Blank icon={PlugIcon} title="No installation is known yet">
                    An installation appears here after its first request to GitHub or the first sweep.
                  </Blank>
                ) : (
                  <>
                    {groups.map((group) => (
                      <Installation key={group.installationId ?? 'none'} group={group} />
                    ))}
                    <LoadMore list={repositories} noun="repository" plural="repositories" />
                  </>
                )}
              </>
            )}
          </QueryView>
        )}
      </QueryView>
    </Page>
  );
}

function Installation({ group }: { readonly group: InstallationGroup }) {
  const { installationId, account, sweep, budgets, repositories } = group;
  const title =
    installationId === null
      ? 'Not known to be installed'
      : account === null
        ? `Installation ${installationId}`
        : `${account}, installation ${installationId}`;
  return (
    <Section title={title} aside={counted(repositories.length, 'repository', 'repositories')}>
      {sweep === null ? null : <OwnerTask sweep={sweep} />}
      {installationId === null ? (
        <p className={facts.muted}>
          Runs or rules name these repositories, and no decision has found the App installed on them.
        </p>
      ) : budgets.length === 0 ? (
        <p className={facts.muted}>No request to GitHub of the last hour is recorded.</p>
      ) : (
        budgets.map((budget) => <Requests key={budget.resource} budget={budget} />)
      )}
      {repositories.length === 0 ? (
        <p className={facts.muted}>None of its repositories is loaded or was seen yet.</p>
      ) : (
        <DataList
          label={`Repositories of ${title}`}
          columns={columns}
          rows={repositories}
          keyOf={({ repository }) => repository}
        />
      )}
    </Section>
  );
}

/** What the owner of the account must do at GitHub, if anything. */
function OwnerTask({ sweep: { suspendedAt, settingsUrl, access } }: { readonly sweep: Schemas['SweepProgress'] }) {
  const settings =
    settingsUrl === undefined ? null : <ExternalLink href={settingsUrl}>Settings of the installation</ExternalLink>;
  if (suspendedAt !== undefined) {
    return (
      <div className={facts.panel}>
        <StateLabel state={{ icon: 'paused', tone: 'danger', word: 'Suspended' }} />
        <p>
          Suspended (<Time value={suspendedAt} />
          ). GitHub sends no webhooks for its repositories and refuses every request, so their workflows neither start
          others nor are started. Whoever suspended it, an owner of the account or the owner of the App, must unsuspend
          it.
        </p>
        <p>{settings}</p>
      </div>
    );
  }
  const pending = access === undefined ? [] : pendingPermissions(access);
  if (pending.length === 0) return null;
  return (
    <div className={facts.panel}>
      <StateLabel state={{ icon: 'clock', tone: 'attention', word: 'Pending' }} />
      <p>
        Permissions and events wait for an owner of the account to accept them: <code>{pending.join(', ')}</code>. Until
        then, what needs them does not work there. <Link to="/settings">What needs them</Link>
      </p>
      <p>{settings}</p>
    </div>
  );
}

const Requests = ({ budget: { resource, remaining, limit, resetsAt, seenAt } }: { readonly budget: Budget }) => (
  <p className={facts.muted}>
    {count(remaining)} of {count(limit)} requests {resource === 'core' ? '' : `(${resource}) `}left (
    {share(remaining, limit)}), observed <Time value={seenAt} />, renewed <Time value={resetsAt} />.
  </p>
);
