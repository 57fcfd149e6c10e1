import { useQuery } from '@tanstack/react-query';
import { Link, Navigate } from '@tanstack/react-router';
import { api, read } from '../api/client.ts';
import { DataList } from './data-list.tsx';
import { Page } from './page.tsx';
import { QueryView } from './query-view.tsx';
import { Time } from './time.tsx';

interface LookupPageProps {
  readonly by: 'delivery' | 'dispatch';
  readonly id: string;
}

/** Leads from the id of a delivery or of a dispatch to the page of its run. */
export function LookupPage({ by, id }: LookupPageProps) {
  const runs = useQuery({
    queryKey: ['runs', by, id],
    queryFn: ({ signal }) =>
      read(
        api.GET('/api/runs', { params: { query: by === 'delivery' ? { delivery: id } : { dispatch: id } }, signal }),
      ),
  });
  return (
    <Page title={by === 'delivery' ? 'Delivery' : 'Dispatch'} lead={<code>{id}</code>}>
      <QueryView query={runs}>
        {({ runs: found }) => {
          const [first, ...others] = found;
          if (first !== undefined && others.every(({ runKey }) => runKey === first.runKey)) {
            return (
              <Navigate
                to="/runs/$runKey"
                params={{ runKey: first.runKey }}
                search={by === 'dispatch' ? { dispatch: id } : {}}
                replace
              />
            );
          }
          return (
            <DataList
              label="Runs"
              rows={found}
              keyOf={({ runKey }) => runKey}
              columns={[
                {
                  id: 'run',
                  header: 'Run',
                  grow: true,
                  narrow: 'primary',
                  cell: ({ runKey, repository, workflow }) => (
                    <Link to="/runs/$runKey" params={{ runKey }}>
                      {repository === null ? runKey : `${repository} ${workflow ?? ''}`}
                    </Link>
                  ),
                },
                {
                  id: 'time',
                  header: 'Received',
                  align: 'end',
                  narrow: 'state',
                  cell: ({ time }) => <Time value={time} inRow align="end" />,
                },
              ]}
            />
          );
        }}
      </QueryView>
    </Page>
  );
}
