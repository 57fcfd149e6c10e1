import { createRouter, Link } from '@tanstack/react-router';
import { Failure, ListSkeleton, NotFound } from '../components/states.tsx';
import { routeTree } from './page-routes.ts';
import { parseSearch, stringifySearch } from './search.ts';

export const router = createRouter({
  routeTree,
  parseSearch,
  stringifySearch,
  defaultPreload: 'intent',
  scrollRestoration: true,
  defaultPendingMs: 200,
  defaultPendingComponent: ListSkeleton,
  defaultErrorComponent: ({ error, reset }) => <Failure error={error} retry={reset} />,
  defaultNotFoundComponent: () => (
    <NotFound title="There is no such page" next={<Link to="/">Go to Overview</Link>}>
      Check the address. To look for a run, a commit or a repository, use the field at the top.
    </NotFound>
  ),
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
