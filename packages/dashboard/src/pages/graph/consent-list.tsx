import { Banner } from '@primer/react';
import type { Schemas } from '../../api/client.ts';
import { type Column, DataList } from '../../components/data-list.tsx';
import { Section } from '../../components/page.tsx';
import { CodeLabel, RequesterName, RouteLine, WorkflowName } from '../../components/route-name.tsx';
import { counted } from '../../words/counts.ts';
import { type ConsentEdge, labelOfConsentSource, labelOfConsentTarget, wordOfConsent } from './route-graph.ts';

const columns: readonly Column<ConsentEdge>[] = [
  {
    id: 'route',
    header: 'Source and target',
    grow: true,
    narrow: 'primary',
    cell: (edge) => <ConsentName edge={edge} />,
  },
  { id: 'state', header: 'What the files say', cell: (edge) => wordOfConsent(edge) },
  {
    id: 'code',
    header: 'Code',
    cell: ({ code, target }) => (
      <>
        {code === null ? null : <CodeLabel code={code} />}
        {target.renamedTo === undefined ? null : ` is ${target.renamedTo} now`}
      </>
    ),
  },
];

/** What the files say of routes that no run used yet. */
export function ConsentList({ edges }: { readonly edges: readonly ConsentEdge[] }) {
  if (edges.length === 0) return null;
  return (
    <Section
      title="Not used yet"
      aside={`${counted(edges.length, 'connection')}, from each dispatching.yml as it was last read`}
    >
      <DataList label="Connections that no run used yet" columns={columns} rows={edges} keyOf={keyOf} />
    </Section>
  );
}

const keyOf = (edge: ConsentEdge): string =>
  [edge.state, labelOfConsentSource(edge), labelOfConsentTarget(edge), edge.id, edge.outbound, edge.inbound].join(' ');

function ConsentName({ edge }: { readonly edge: ConsentEdge }) {
  const { source, target } = edge;
  return (
    <RouteLine
      source={
        'repository' in source ? (
          <WorkflowName repository={source.repository} workflow={source.workflow} />
        ) : (
          <RequesterName name={labelOfConsentSource(edge)} />
        )
      }
      target={
        <WorkflowName repository={target.repository} workflow={target.workflow ?? `event ${target.eventType ?? ''}`} />
      }
    />
  );
}

/** Warns of repositories that start each other. */
export function CycleWarning({ owner }: { readonly owner: Schemas['GraphOwner'] | null }) {
  const [first] = owner?.cycles ?? [];
  if (owner === null || first === undefined) return null;
  const names = first.map(({ repository, workflow }) => `${repository} ${workflow}`);
  const others = owner.cycleCount - 1;
  return (
    <Banner
      variant="warning"
      title="Repositories start each other in a loop"
      description={`${[...names, names[0]].join(' → ')}${others > 0 ? `, and ${counted(others, 'more loop')}` : ''}. Dispatcher denies the first repetition as route-loop.`}
    />
  );
}
