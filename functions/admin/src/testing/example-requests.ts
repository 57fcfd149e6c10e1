import { dispatchId, routeId, runKey } from '@dispatcher/contracts';
import { sampleRoute, sampleRun } from '@dispatcher/store/testing';
import { seededKeyId, seededKeyName } from './seed-keys.ts';
import { obsoleteSchedule, seededSchedule } from './seed-schedules.ts';
import { obsoleteWebhook, seededWebhook } from './seed-webhooks.ts';
import { largeRunKey, timeAt } from './seed-facts.ts';
import { seededBulkReplayId, stoppedBulkReplayId } from './seed-bulk-replays.ts';
import { storedDeadLetterId } from './seed-dead-letters.ts';

const completedRunKey = runKey(sampleRun(3, timeAt(30)));
const ownRouteId = routeId(sampleRoute(0));

/** An example URL for each GET. Paginated ones have at least three pages of seeded data. */
export const exampleUrls: Readonly<Record<string, string>> = {
  '/health': '/health',
  '/api/openapi.json': '/api/openapi.json',
  '/api/me': '/api/me',
  '/api/summary': '/api/summary?window=all',
  '/api/trend': '/api/trend',
  '/api/queues': '/api/queues',
  '/api/status': '/api/status',
  '/api/dead-letters': '/api/dead-letters',
  '/api/dead-letters/{queue}': '/api/dead-letters/runs?limit=1',
  '/api/dead-letters/{queue}/depth': '/api/dead-letters/runs/depth',
  '/api/facts': '/api/facts?list=deliveries&limit=1',
  '/api/deliveries': '/api/deliveries?limit=1',
  '/api/deliveries/{id}': '/api/deliveries/delivery-3?limit=1',
  '/api/runs': `/api/runs?limit=1&commit=${'a'.repeat(40)}`,
  '/api/runs/{runKey}': `/api/runs/${largeRunKey}`,
  '/api/plans/{runKey}': `/api/plans/${largeRunKey}`,
  '/api/files/{blobId}': `/api/files/${'b'.repeat(40)}`,
  '/api/dispatches': '/api/dispatches?limit=1',
  '/api/dispatches/{dispatchId}': `/api/dispatches/${dispatchId(completedRunKey, ownRouteId)}?limit=1`,
  '/api/repositories': '/api/repositories?limit=1',
  '/api/repositories/{owner}/{name}': '/api/repositories/Octo-Org/Target-0',
  '/api/repositories/{owner}/{name}/facts': '/api/repositories/Octo-Org/Target-0/facts?limit=1',
  '/api/repositories/{owner}/{name}/inbound': '/api/repositories/octo-org/target-0/inbound?limit=1',
  '/api/repositories/{owner}/{name}/graph': '/api/repositories/Octo-Org/Deploy/graph',
  '/api/graph': '/api/graph?limit=1',
  '/api/graph/{owner}': '/api/graph/Octo-Org?limit=1',
  '/api/sweeps': '/api/sweeps?limit=1',
  '/api/routes': '/api/routes?limit=1',
  '/api/routes/{routeId}': `/api/routes/${ownRouteId}`,
  '/api/routes/{routeId}/facts': `/api/routes/${ownRouteId}/facts?limit=1`,
  '/api/installations': '/api/installations?limit=1',
  '/api/audit': '/api/audit?limit=1',
  '/api/stream': '/api/stream',
  '/api/pause': '/api/pause',
  '/api/keys': '/api/keys?limit=1',
  '/api/schedules': '/api/schedules?limit=1',
  '/api/webhooks': '/api/webhooks?limit=1',
  '/api/bulk-replays': '/api/bulk-replays?limit=1',
  '/api/bulk-replays/{bulkReplayId}': `/api/bulk-replays/${seededBulkReplayId}`,
  '/api/bulk-replays/{bulkReplayId}/runs': `/api/bulk-replays/${seededBulkReplayId}/runs`,
};

/** More URLs of the same GETs: each filter, alone and combined. They have rows in the seeded data. */
export const filteredUrls: readonly (readonly [path: string, url: string])[] = [
  ['/api/facts', '/api/facts?list=dispatches&limit=1'],
  ['/api/facts', '/api/facts?list=dispatches&type=dispatch.failed&limit=1'],
  ['/api/facts', '/api/facts?list=dispatches&source=octo-org/app&target=octo-org/target-0&limit=1'],
  ['/api/facts', '/api/facts?list=audit&since=2026-11-03T14:00:00Z&limit=1'],
  ['/api/deliveries', '/api/deliveries?repository=Octo-Org/App&limit=1'],
  ['/api/deliveries', '/api/deliveries?outcome=planned&since=2026-11-03T14:00:00Z&limit=1'],
  ['/api/deliveries', '/api/deliveries?repository=octo-org/app&outcome=planned&until=2027-01-01T00:00:00Z&limit=1'],
  ['/api/runs', '/api/runs?outcome=planned&limit=1'],
  ['/api/runs', '/api/runs?branch=main&limit=1'],
  ['/api/runs', '/api/runs?repository=octo-org/app&pullRequest=7&limit=1'],
  ['/api/plans/{runKey}', `/api/plans/${largeRunKey}?revision=1`],
  ['/api/dispatches', '/api/dispatches?state=failed&limit=1'],
  ['/api/dispatches', '/api/dispatches?code=dispatch-rejected&limit=1'],
  ['/api/dispatches', '/api/dispatches?conclusion=success&limit=1'],
  ['/api/dispatches', '/api/dispatches?repository=octo-org/target-0&since=2026-11-03T14:00:00Z&limit=1'],
  ['/api/routes', '/api/routes?state=denied&limit=1'],
  ['/api/routes', '/api/routes?repository=octo-org/target-0&limit=1'],
  ['/api/routes', '/api/routes?source=octo-org/app&limit=1'],
  ['/api/dead-letters/{queue}', '/api/dead-letters/runs?state=open&limit=1'],
  ['/api/dead-letters/{queue}', '/api/dead-letters/runs?reason=message-invalid&limit=1'],
  ['/api/audit', '/api/audit?operator=ada&limit=1'],
  ['/api/audit', '/api/audit?action=as-recorded&since=2026-11-03T14:00:00Z&limit=1'],
];

/** Path parameters with small responses, for tests that send thousands of requests. */
export const smallExamples: Readonly<Record<string, string>> = { runKey: completedRunKey, id: 'delivery-3' };

/** A valid request for each mutation. */
export const exampleMutations: Readonly<Record<string, { readonly url: string; readonly body: object }>> = {
  '/api/runs/{runKey}/replay': {
    url: `/api/runs/${completedRunKey}/replay`,
    body: { mode: 'as-recorded', reason: 'The target was down.' },
  },
  '/api/deliveries/{id}/replay': {
    url: '/api/deliveries/delivery-3/replay',
    body: { mode: 'dispatch-again', routeId: ownRouteId, reason: 'The target was down.' },
  },
  '/api/bulk-replays': {
    url: '/api/bulk-replays',
    body: { outcome: 'config-unreadable', since: '2026-11-03T14:00:00.000Z', reason: 'GitHub was down.' },
  },
  // Repeating them changes nothing, so that a test may send them thousands of times.
  '/api/bulk-replays/{bulkReplayId}/stop': {
    url: `/api/bulk-replays/${stoppedBulkReplayId}/stop`,
    body: { reason: 'The target is down again.' },
  },
  '/api/bulk-replays/{bulkReplayId}/resume': {
    url: `/api/bulk-replays/${stoppedBulkReplayId}/resume`,
    body: { reason: 'The target is back.' },
  },
  // As in a rotation: each request creates one more key of this name.
  '/api/keys': {
    url: '/api/keys',
    body: { name: seededKeyName, role: 'viewer', rotate: true, reason: 'For the dashboard.' },
  },
  '/api/keys/{keyId}/revoke': { url: `/api/keys/${seededKeyId}/revoke`, body: { reason: 'It was replaced.' } },
  '/api/schedules': {
    url: '/api/schedules',
    body: {
      name: 'on-weekdays',
      cron: '0 3 * * 1-5',
      timezone: 'Europe/Berlin',
      target: 'octo-org/deploy:cd.yml',
      inputs: { environment: 'staging' },
      reason: 'For the nightly deployment.',
    },
  },
  '/api/schedules/{name}/pause': {
    url: `/api/schedules/${seededSchedule}/pause`,
    body: { reason: 'The target is being moved.' },
  },
  '/api/schedules/{name}/resume': {
    url: `/api/schedules/${seededSchedule}/resume`,
    body: { reason: 'The target is ready.' },
  },
  '/api/schedules/{name}/run': {
    url: `/api/schedules/${seededSchedule}/run`,
    body: { reason: 'The last night failed.' },
  },
  '/api/schedules/{name}/delete': {
    url: `/api/schedules/${obsoleteSchedule}/delete`,
    body: { reason: 'No longer needed.' },
  },
  '/api/webhooks': {
    url: '/api/webhooks',
    body: {
      name: 'pagerduty',
      verify: 'hmac-sha256:X-PagerDuty-Signature,prefix=v1=',
      target: 'octo-org/deploy:cd.yml',
      inputs: { incident: '/event/data/title', environment: 'staging' },
      when: { '/event/event_type': 'incident.triggered' },
      secret: 'the-secret-of-the-subscription',
      reason: 'Scale out on an incident.',
    },
  },
  '/api/webhooks/{name}/rotate': {
    url: `/api/webhooks/${seededWebhook}/rotate`,
    body: { keepHours: 1, reason: 'The secret was in a log.' },
  },
  '/api/webhooks/{name}/pause': {
    url: `/api/webhooks/${seededWebhook}/pause`,
    body: { reason: 'The target is being moved.' },
  },
  '/api/webhooks/{name}/resume': {
    url: `/api/webhooks/${seededWebhook}/resume`,
    body: { reason: 'The target is ready.' },
  },
  '/api/webhooks/{name}/test': {
    url: `/api/webhooks/${seededWebhook}/test`,
    body: { message: { status: 'firing', alerts: [{ labels: { alertname: 'High CPU' } }] }, reason: 'A first try.' },
  },
  '/api/webhooks/{name}/delete': {
    url: `/api/webhooks/${obsoleteWebhook}/delete`,
    body: { reason: 'No longer needed.' },
  },
  '/api/pause': { url: '/api/pause', body: { reason: 'A bad release.' } },
  '/api/resume': { url: '/api/resume', body: { reason: 'It is rolled back.' } },
  '/api/repositories/{owner}/{name}/confirm': {
    url: '/api/repositories/octo-partner/app/confirm',
    body: {
      role: 'source',
      otherRepository: 'octo-org/deploy',
      repositoryId: 2,
      reason: 'The partner moved its repository.',
    },
  },
  '/api/dead-letters/inspect': {
    url: '/api/dead-letters/inspect',
    body: { queue: 'runs', deadLetterId: storedDeadLetterId },
  },
  '/api/dead-letters/redrive': {
    url: '/api/dead-letters/redrive',
    body: { queue: 'runs', select: { all: true }, reason: 'The cause is fixed.' },
  },
  '/api/dead-letters/discard': {
    url: '/api/dead-letters/discard',
    body: { queue: 'runs', select: { reason: 'died' }, reason: 'No longer needed.' },
  },
};
