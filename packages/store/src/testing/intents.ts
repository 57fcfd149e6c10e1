import type { Intent } from '../state/index.ts';
import { sampleRoute } from '@dispatcher/projections/testing';

/** Returns an intent to start Target-1's cd.yml on main, for a run of Octo-Org/app. */
export function sampleIntent(dispatchId: string, change: Partial<Intent> = {}): Intent {
  const route = sampleRoute(1);
  return {
    dispatchId,
    revision: 0,
    runKey: '11-9000000001-1',
    correlationId: 'delivery-1',
    routeId: 'a'.repeat(16),
    route,
    target: { repositoryId: 101, installationId: 7 },
    ref: 'main',
    inputs: { sha: 'b'.repeat(40) },
    sourceRunUrl: 'https://github.com/Octo-Org/app/actions/runs/9000000001',
    sourceEndedAt: '2026-11-03T13:59:00Z',
    lineage: { depth: 1, path: [route.source, route.target] },
    ...change,
  };
}
