import { useQuery } from '@tanstack/react-query';
import { Link, Navigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { api, read } from '../../api/client.ts';
import { pageSize } from '../../api/use-list.ts';
import { Page } from '../../components/page.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { NotFound } from '../../components/states.tsx';
import { counted } from '../../words/counts.ts';
import { isBetween, labelOfSides, type RouteSides } from '../../words/route-sides.ts';

interface FindRouteProps {
  readonly sides: RouteSides;
  /** What is shown where nothing was found, below the message. */
  readonly next: ReactNode;
}

/** Leads to the route between two sides, and to the list of routes between the repositories if it is not the only one. */
export function FindRoute({ sides, next }: FindRouteProps) {
  const between = { source: sides.source.repository, repository: sides.target.repository };
  const query = useQuery({
    queryKey: ['routes-between', between],
    queryFn: ({ signal }) =>
      read(api.GET('/api/routes', { params: { query: { ...between, limit: pageSize } }, signal })),
  });
  return (
    <Page title={labelOfSides(sides)}>
      <QueryView query={query}>
        {({ routes, cursor }) => {
          const found = routes.filter(({ route }) => isBetween(route, sides));
          const [first] = found;
          if (first !== undefined && found.length === 1 && cursor === null) {
            return <Navigate to="/routes/$routeId" params={{ routeId: first.routeId }} replace />;
          }
          if (first !== undefined || cursor !== null) return <Navigate to="/routes" search={between} replace />;
          return (
            <>
              <NotFound
                title="This route is not recorded"
                next={
                  routes.length === 0 ? (
                    <Link to="/graph" search={{ repository: between.repository }}>
                      What the files of {between.repository} and its neighbors say
                    </Link>
                  ) : (
                    <Link to="/routes" search={between}>
                      {counted(routes.length, 'other route')} from {between.source} to {between.repository}
                    </Link>
                  )
                }
              >
                {labelOfSides(sides)} is not among the routes from {between.source} to {between.repository}. A route is
                recorded when Dispatcher first decides it for a run. Check the names of the workflow files.
              </NotFound>
              {next}
            </>
          );
        }}
      </QueryView>
    </Page>
  );
}
