// Every page: its path, the parameters of its URL, and its module, which is loaded when the page is opened.
import { createRootRoute, createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { Layout } from '../layout/layout.tsx';
import { searchOf } from './search.ts';

const root = createRootRoute({ component: Layout });
const getParentRoute = () => root;

/** The parameters of every list of rows by time. */
const listParameters = ['since', 'until'] as const;

// Each a constant: TypeScript does not infer the path of a route that is written into the list below.

const overview = createRoute({
  getParentRoute,
  path: '/',
  validateSearch: searchOf('window'),
  component: lazyRouteComponent(() => import('../pages/overview/overview-page.tsx'), 'OverviewPage'),
});

const find = createRoute({
  getParentRoute,
  path: '/find',
  validateSearch: searchOf('q'),
  component: lazyRouteComponent(() => import('../pages/find/find-page.tsx'), 'FindPage'),
});

const runs = createRoute({
  getParentRoute,
  path: '/runs',
  validateSearch: searchOf('repository', 'branch', 'pullRequest', 'kind', 'outcome', 'code', ...listParameters),
  component: lazyRouteComponent(() => import('../pages/runs/runs-page.tsx'), 'RunsPage'),
});

const run = createRoute({
  getParentRoute,
  path: '/runs/$runKey',
  validateSearch: searchOf('revision', 'dispatch'),
  component: lazyRouteComponent(() => import('../pages/run/run-page.tsx'), 'RunPage'),
});

const deliveries = createRoute({
  getParentRoute,
  path: '/deliveries',
  validateSearch: searchOf('repository', 'branch', 'pullRequest', 'kind', 'outcome', 'code', ...listParameters),
  component: lazyRouteComponent(() => import('../pages/deliveries/deliveries-page.tsx'), 'DeliveriesPage'),
});

const delivery = createRoute({
  getParentRoute,
  path: '/deliveries/$deliveryId',
  validateSearch: searchOf(),
  component: lazyRouteComponent(() => import('../pages/delivery/delivery-page.tsx'), 'DeliveryPage'),
});

const dispatches = createRoute({
  getParentRoute,
  path: '/dispatches',
  validateSearch: searchOf('repository', 'state', 'code', 'conclusion', ...listParameters),
  component: lazyRouteComponent(() => import('../pages/dispatches/dispatches-page.tsx'), 'DispatchesPage'),
});

const dispatch = createRoute({
  getParentRoute,
  path: '/dispatches/$dispatchId',
  validateSearch: searchOf(),
  component: lazyRouteComponent(() => import('../pages/dispatch/dispatch-page.tsx'), 'DispatchPage'),
});

const activity = createRoute({
  getParentRoute,
  path: '/activity',
  validateSearch: searchOf('list', 'type', 'source', 'target', ...listParameters),
  component: lazyRouteComponent(() => import('../pages/activity/activity-page.tsx'), 'ActivityPage'),
});

const bulkReplays = createRoute({
  getParentRoute,
  path: '/bulk-replays',
  validateSearch: searchOf('repository', 'outcome', 'code', 'since'),
  component: lazyRouteComponent(() => import('../pages/bulk-replays/bulk-replays-page.tsx'), 'BulkReplaysPage'),
});

const bulkReplay = createRoute({
  getParentRoute,
  path: '/bulk-replays/$bulkReplayId',
  validateSearch: searchOf(),
  component: lazyRouteComponent(() => import('../pages/bulk-replay/bulk-replay-page.tsx'), 'BulkReplayPage'),
});

const routes = createRoute({
  getParentRoute,
  path: '/routes',
  validateSearch: searchOf('source', 'repository', 'state', 'code'),
  component: lazyRouteComponent(() => import('../pages/routes/routes-page.tsx'), 'RoutesPage'),
});

const route = createRoute({
  getParentRoute,
  path: '/routes/$routeId',
  validateSearch: searchOf(),
  component: lazyRouteComponent(() => import('../pages/route/route-page.tsx'), 'RoutePage'),
});

const graph = createRoute({
  getParentRoute,
  path: '/graph',
  validateSearch: searchOf('repository', 'steps', 'route'),
  component: lazyRouteComponent(() => import('../pages/graph/graph-page.tsx'), 'GraphPage'),
});

const repositories = createRoute({
  getParentRoute,
  path: '/repositories',
  validateSearch: searchOf('q', 'order'),
  component: lazyRouteComponent(() => import('../pages/repositories/repositories-page.tsx'), 'RepositoriesPage'),
});

const repository = createRoute({
  getParentRoute,
  path: '/repositories/$owner/$name',
  validateSearch: searchOf('tab'),
  component: lazyRouteComponent(() => import('../pages/repository/repository-page.tsx'), 'RepositoryPage'),
});

const installations = createRoute({
  getParentRoute,
  path: '/installations',
  validateSearch: searchOf(),
  component: lazyRouteComponent(() => import('../pages/installations/installations-page.tsx'), 'InstallationsPage'),
});

const deadLetters = createRoute({
  getParentRoute,
  path: '/dead-letters',
  validateSearch: searchOf('queue', 'state', 'reason', 'id', ...listParameters),
  component: lazyRouteComponent(() => import('../pages/dead-letters/dead-letters-page.tsx'), 'DeadLettersPage'),
});

const deadLetterAction = createRoute({
  getParentRoute,
  path: '/dead-letters/actions/$actionId',
  validateSearch: searchOf('kind', 'since'),
  component: lazyRouteComponent(() => import('../pages/dead-letters/action-page.tsx'), 'DeadLetterActionPage'),
});

const tryIt = createRoute({
  getParentRoute,
  path: '/try',
  validateSearch: searchOf('run', 'example'),
  component: lazyRouteComponent(() => import('../pages/try-it/try-it-page.tsx'), 'TryItPage'),
});

const audit = createRoute({
  getParentRoute,
  path: '/audit',
  validateSearch: searchOf('action', 'operator', ...listParameters),
  component: lazyRouteComponent(() => import('../pages/audit/audit-page.tsx'), 'AuditPage'),
});

const keys = createRoute({
  getParentRoute,
  path: '/keys',
  validateSearch: searchOf('key'),
  component: lazyRouteComponent(() => import('../pages/keys/keys-page.tsx'), 'KeysPage'),
});

const schedules = createRoute({
  getParentRoute,
  path: '/schedules',
  validateSearch: searchOf(),
  component: lazyRouteComponent(() => import('../pages/schedules/schedules-page.tsx'), 'SchedulesPage'),
});

const webhooks = createRoute({
  getParentRoute,
  path: '/webhooks',
  validateSearch: searchOf(),
  component: lazyRouteComponent(() => import('../pages/webhooks/webhooks-page.tsx'), 'WebhooksPage'),
});

const settings = createRoute({
  getParentRoute,
  path: '/settings',
  validateSearch: searchOf(),
  component: lazyRouteComponent(() => import('../pages/settings/settings-page.tsx'), 'SettingsPage'),
});

const apiDocs = createRoute({
  getParentRoute,
  path: '/api/docs',
  validateSearch: searchOf(),
  component: lazyRouteComponent(() => import('../pages/api-docs/api-docs-page.tsx'), 'ApiDocsPage'),
});

const runbook = createRoute({
  getParentRoute,
  path: '/runbook/$page',
  validateSearch: searchOf(),
  component: lazyRouteComponent(() => import('../pages/runbook/runbook-page.tsx'), 'RunbookPage'),
});

export const routeTree = root.addChildren([
  overview,
  find,
  runs,
  run,
  deliveries,
  delivery,
  dispatches,
  dispatch,
  bulkReplays,
  bulkReplay,
  routes,
  route,
  graph,
  repositories,
  repository,
  activity,
  installations,
  deadLetters,
  deadLetterAction,
  tryIt,
  audit,
  keys,
  schedules,
  webhooks,
  settings,
  runbook,
  apiDocs,
]);
