import type { Webhooks } from '@dispatcher/store';

/** A webhook that a test may pause, resume, rotate and test. */
export const seededWebhook = 'grafana';
/** A webhook that a test may delete. */
export const obsoleteWebhook = 'obsolete';

/** Stores three webhooks, so that the list has several pages. */
export async function seedWebhooks(webhooks: Pick<Webhooks, 'create'>): Promise<void> {
  for (const [at, name] of [seededWebhook, obsoleteWebhook, 'stripe'].entries()) {
    const webhookId = `000000000000000${at + 1}`;
    await webhooks.create({
      webhook: {
        webhookId,
        name,
        verify: 'standard-webhooks',
        repository: 'octo-org/deploy',
        workflow: 'cd.yml',
        ref: null,
        inputs: { alert: '/alerts/0/labels/alertname', environment: 'staging' },
        when: { '/status': 'firing' },
        createdAt: '2026-11-03T14:00:00.000Z',
        createdBy: 'ada',
      },
      pausedAt: null,
      secret: {
        version: '00000000-0000-4000-8000-000000000002',
        previous: { version: '00000000-0000-4000-8000-000000000001', until: '2026-11-04T14:00:00.000Z' },
      },
      receipts: {
        webhookId,
        last: { receivedAt: '2026-11-03T14:00:17.000Z', runKey: `request-${'a'.repeat(32)}` },
        refusedInARow: 2,
        refused: { at: '2026-11-03T14:05:00.000Z', reason: 'The header webhook-signature is missing.' },
      },
    });
  }
}
