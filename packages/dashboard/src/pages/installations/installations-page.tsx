import { PlugIcon } from '@primer/octicons-react';
import { api, read, type Schemas } from '../../api/client.ts';
import { definedOnly } from '../../api/parameters.ts';
import { pageSize, useList } from '../../api/use-list.ts';
import { type Column, DataList } from '../../components/data-list.tsx';
import { LoadMore } from '../../components/load-more.tsx';
import { Page } from '../../components/page.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { Blank } from '../../components/states.tsx';
import { Time } from '../../components/time.tsx';
import { count, share } from '../../words/counts.ts';

type Row = Schemas['Installation'];

const columns: readonly Column<Row>[] = [
  {
    id: 'installation',
    header: 'Installation',
    grow: true,
    narrow: 'primary',
    cell: ({ installationId, resource }) => (
      <>
        {installationId} {resource === 'core' ? null : resource}
      </>
    ),
  },
  {
    id: 'remaining',
    header: 'Requests to GitHub left this hour',
    align: 'end',
    cell: ({ remaining, limit }) => `${count(remaining)} of ${count(limit)} (${share(remaining, limit)})`,
  },
  {
    id: 'resets',
    header: 'Renewed',
    align: 'end',
    cell: ({ resetsAt }) => <Time value={resetsAt} inRow align="end" />,
  },
  {
    id: 'seen',
    header: 'Observed',
    align: 'end',
    narrow: 'state',
    cell: ({ seenAt }) => <Time value={seenAt} inRow align="end" />,
  },
];

/** The installations of the App that were used, with what GitHub still allows them. */
export function InstallationsPage() {
  const list = useList<Row>(['installations', 'all'], async (cursor, signal) => {
    const query = definedOnly({ cursor, limit: pageSize });
    const { installations, cursor: next } = await read(api.GET('/api/installations', { params: { query }, signal }));
    return { items: installations, cursor: next };
  });
  return (
    <Page
      title="Installations"
      lead="Where the App is installed and was used, and how many requests GitHub still allows it."
    >
      <QueryView query={list.query}>
        {() =>
          list.items.length === 0 ? (
            <Blank icon={PlugIcon} title="No installation was used yet">
              An installation appears here with its first request to GitHub.
            </Blank>
          ) : (
            <div>
              <DataList
                label="Installations"
                columns={columns}
                rows={list.items}
                keyOf={({ installationId, resource }) => `${installationId} ${resource}`}
              />
              <LoadMore list={list} noun="installation" />
            </div>
          )
        }
      </QueryView>
    </Page>
  );
}
