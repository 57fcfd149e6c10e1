import {
  type RequestedDispatch,
  type DispatchRequested,
  dispatchId,
  factId,
  routeId,
  type Decision,
  type RouteDecided,
  runKey as runKeyOf,
} from '@dispatcher/contracts';
import { completedRun } from '@dispatcher/contracts/testing';
import type { RunDecided } from '../facts/issue-fact.ts';

/** Returns the decision about run 77 of octo-org/app and cd.yml of octo-org/deploy, allowed unless overridden. */
export function decidedRoute(change: Partial<Decision> = {}): RunDecided {
  const route = {
    source: { repository: 'octo-org/app', workflow: 'ci.yml' },
    target: { repository: 'octo-org/deploy', workflow: 'cd.yml' },
  };
  const runKey = '11-77-1';
  const decision: Decision = {
    effect: 'allow',
    code: 'allowed',
    message: 'Both sides agree.',
    fix: 'Nothing to do.',
    responsible: 'nobody',
    checks: [{ side: 'source', name: 'source-branch', satisfied: true, expected: 'main', actual: 'main' }],
    routeId: routeId(route),
    route,
    dispatchId: dispatchId(runKey, routeId(route)),
    rule: 'outbound[0].targets[0]',
    sourceFile: { repository: 'octo-org/app', sha: 'a'.repeat(40), path: 'dispatching.yml' },
    targetFile: { repository: 'octo-org/deploy', sha: 'b'.repeat(40), path: 'dispatching.yml' },
    target: { repositoryId: 22, installationId: 5, visibility: 'public' },
    ref: 'main',
    inputs: { sha: 'c'.repeat(40) },
    ...change,
  };
  return {
    version: 1,
    id: factId('route.decided', runKey, 0, decision.routeId, 0),
    type: 'route.decided',
    time: '2026-01-02T03:04:10.000Z',
    correlationId: '0d1e2f3a-0000-4000-8000-000000000000',
    runKey,
    data: {
      revision: 0,
      index: 0,
      decision,
      lineage: { depth: 0, path: [] },
      trigger: completedRun({}, { deliveryId: '0d1e2f3a-0000-4000-8000-000000000000' }),
    },
  };
}

const aWorkflow: RequestedDispatch = {
  kind: 'workflow',
  repository: 'octo-org/deploy',
  workflow: 'cd.yml',
  ref: null,
  inputs: {},
};
export const anEvent: RequestedDispatch = {
  kind: 'event',
  repository: 'octo-org/deploy',
  eventType: 'deploy',
  clientPayload: '{"sha":"abc"}',
};

/** Returns the allowed decision about a request of the key `nightly`. */
export function decidedRequest(
  number: number,
  request: RequestedDispatch = aWorkflow,
  change: Partial<Decision> = {},
): RouteDecided {
  const { sourceFile: _, ...decision } = decidedRoute().data.decision;
  const { repository } = request;
  const target =
    request.kind === 'workflow'
      ? { repository, workflow: request.workflow }
      : { repository, eventType: request.eventType };
  const route = { source: { key: 'nightly' }, target };
  const trigger: DispatchRequested = {
    type: 'dispatch.requested',
    version: 1,
    deliveryId: `request-${number}`,
    receivedAt: '2026-01-02T03:04:05.000Z',
    requestId: String(number).padStart(32, '0'),
    key: { id: '0123456789abcdef', name: 'nightly', targets: [repository] },
    request,
  };
  const runKey = runKeyOf(trigger);
  const id = dispatchId(runKey, routeId(route));
  const inputs = request.kind === 'workflow' ? { dispatch: id } : {};
  return {
    version: 1,
    id: factId('route.decided', runKey, 0, routeId(route), 0),
    type: 'route.decided',
    time: '2026-01-02T03:04:10.000Z',
    correlationId: trigger.deliveryId,
    runKey,
    data: {
      revision: 0,
      index: 0,
      decision: { ...decision, rule: 'targets[0]', routeId: routeId(route), route, dispatchId: id, inputs, ...change },
      lineage: { depth: 0, path: [] },
      trigger,
    },
  };
}
