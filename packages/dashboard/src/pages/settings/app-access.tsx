import { useSweeps } from '../../api/use-sweeps.ts';
import { type Column, DataList } from '../../components/data-list.tsx';
import facts from '../../components/facts.module.css';
import { Message } from '../../components/message.tsx';
import { Section } from '../../components/page.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { StateLabel } from '../../components/state-label.tsx';
import { ListSkeleton } from '../../components/states.tsx';
import { type FeatureAccess, featureAccess } from '../../words/app-access.ts';

const columns: readonly Column<FeatureAccess>[] = [
  {
    id: 'feature',
    header: 'For',
    grow: true,
    narrow: 'primary',
    cell: ({ name, needs, without, next }) => (
      <>
        <strong>{name.charAt(0).toUpperCase() + name.slice(1)}</strong>
        <p className={facts.muted}>
          <code>{needs}</code>
        </p>
        {without.length === 0 ? null : (
          <p>
            Without it: <Message text={without.join('; ')} />.
          </p>
        )}
        {next === null ? null : <p>{next}</p>}
      </>
    ),
  },
  { id: 'state', header: 'State', narrow: 'state', cell: ({ state }) => <StateLabel state={state} /> },
];

/** What the App may do at GitHub, as the last sweep read it: granted, pending or missing, and what that costs. */
export function AppAccess() {
  const sweeps = useSweeps();
  return (
    <Section title="GitHub App">
      <QueryView query={sweeps} skeleton={<ListSkeleton rows={4} />}>
        {({ sweeps: rows }) => {
          const features = featureAccess(rows);
          return features === null ? (
            <p className={facts.muted}>
              The permissions are read with the next sweep through the repositories, at most six hours from now.
            </p>
          ) : (
            <DataList label="Permissions and events" columns={columns} rows={features} keyOf={({ name }) => name} />
          );
        }}
      </QueryView>
    </Section>
  );
}
