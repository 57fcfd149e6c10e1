/** A page of the dashboard, as the tests and the screenshots open it. */
export interface DashboardPage {
  readonly name: string;
  readonly path: string;
}

/** Ids of the running system that paths contain. */
export interface KnownIds {
  readonly runKey: string;
  readonly deliveryId: string;
  readonly dispatchId: string;
  readonly routeId: string;
  /** Of a redrive or a discard that an operator did. */
  readonly actionId: string;
  readonly bulkReplayId: string;
}

/** Returns every page, with an example of each that shows one thing. */
export function dashboardPages({
  runKey,
  deliveryId,
  dispatchId,
  routeId,
  actionId,
  bulkReplayId,
}: KnownIds): readonly DashboardPage[] {
  return [
    { name: 'overview', path: '/' },
    { name: 'find', path: '/find?q=refs%2Fheads%2Fnowhere' },
    { name: 'runs', path: '/runs' },
    { name: 'run', path: `/runs/${runKey}` },
    { name: 'deliveries', path: '/deliveries' },
    { name: 'delivery', path: `/deliveries/${deliveryId}` },
    { name: 'activity', path: '/activity' },
    { name: 'bulk-replays', path: '/bulk-replays' },
    { name: 'bulk-replay', path: `/bulk-replays/${bulkReplayId}` },
    { name: 'dispatches', path: '/dispatches' },
    { name: 'dispatch', path: `/dispatches/${dispatchId}` },
    { name: 'routes', path: '/routes' },
    { name: 'route', path: `/routes/${routeId}` },
    { name: 'graph', path: '/graph?repository=octo-org%2Fdeploy' },
    { name: 'repositories', path: '/repositories' },
    { name: 'repository', path: '/repositories/octo-org/orders' },
    { name: 'installations', path: '/installations' },
    { name: 'dead-letters', path: '/dead-letters' },
    { name: 'dead-letters-of-a-queue', path: '/dead-letters?queue=runs&reason=attempts-exhausted' },
    { name: 'dead-letter-action', path: `/dead-letters/actions/${actionId}` },
    { name: 'try-it', path: '/try' },
    { name: 'audit', path: '/audit' },
    { name: 'keys', path: '/keys' },
    { name: 'schedules', path: '/schedules' },
    { name: 'webhooks', path: '/webhooks' },
    { name: 'settings', path: '/settings' },
    { name: 'runbook', path: '/runbook/dead-letters#find-the-cause' },
    { name: 'api-docs', path: '/api/docs' },
  ];
}

/** Reads examples from the API: a refused run, and a dispatch that started a workflow. */
export async function findKnownIds(url: string, headers: Readonly<Record<string, string>> = {}): Promise<KnownIds> {
  const get = async <T>(path: string): Promise<T> => {
    const response = await fetch(url + path, { headers });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  };
  const { deliveries } = await get<{ deliveries: { deliveryId: string; runKey: string | null; denied?: number }[] }>(
    '/api/deliveries?limit=100',
  );
  const delivery = deliveries.find(({ denied = 0 }) => denied > 0) ?? deliveries.find(({ runKey }) => runKey !== null);
  const { dispatches } = await get<{ dispatches: { dispatchId: string }[] }>('/api/dispatches?limit=100');
  const { routes } = await get<{ routes: { routeId: string }[] }>('/api/routes?limit=100');
  const { entries } = await get<{ entries: { action: string; actionId: string }[] }>('/api/audit?limit=100');
  const { bulkReplays } = await get<{ bulkReplays: { bulkReplayId: string }[] }>('/api/bulk-replays?limit=100');
  const action = entries.find((entry) => entry.action === 'redrive') ?? entries[0];
  const [dispatch] = dispatches;
  const [route] = routes;
  const [bulkReplay] = bulkReplays;
  if (!delivery || !dispatch || !route || !action || !bulkReplay)
    throw new Error('The system has no delivery, dispatch, route, action of an operator or bulk replay yet.');
  return {
    runKey: delivery.runKey ?? '',
    deliveryId: delivery.deliveryId,
    dispatchId: dispatch.dispatchId,
    routeId: route.routeId,
    actionId: action.actionId,
    bulkReplayId: bulkReplay.bulkReplayId,
  };
}
