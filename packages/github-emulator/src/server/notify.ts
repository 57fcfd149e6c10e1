import { includesLevel } from '../state/levels.ts';
import { type Json, nodeId } from '../render/json.ts';
import { renderOrganization, renderUser } from '../render/render-accounts.ts';
import { renderRepository } from '../render/render-repositories.ts';
import { PERMISSION_BY_EVENT } from '../state/app-manifests.ts';
import type { Delivery, Installation, Repository } from '../state/entities.ts';
import type { StateStore } from '../state/state-store.ts';
import { sendWebhook, type WebhookSender } from '../webhooks/send-webhook.ts';
import { deliverWebhook } from '../webhooks/webhook-delivery.ts';

export interface Notifier extends WebhookSender {
  /** The emulator's own URL. */
  readonly base: string;
}

/**
 * Sends an event of a repository to the App, if it subscribes to it and the installation has granted the permission of
 * the event: a permission that the App requests later is pending until the owner accepts it.
 */
export async function notifyOfRepository(
  notifier: Notifier,
  repository: Repository,
  event: string,
  payload: Json,
): Promise<void> {
  const { store, base } = notifier;
  const installation = store.installationOn(repository);
  if (installation === undefined || !receives(store, installation, event)) {
    return;
  }
  const owner = store.owner(repository.owner);
  const body = JSON.stringify({
    ...payload,
    repository: { ...renderRepository(store, base, repository), ...record(payload['repository']) },
    ...(owner?.type === 'Organization' ? { organization: renderOrganization(base, owner) } : {}),
    sender: renderUser(store, base, 'octocat'),
    installation: reference(installation),
  });
  await sendWebhook(notifier, repository, { event, body });
}

/** Sends an event about an installation, which every App gets without a subscription. */
export function notifyOfInstallation(
  { store, base, settings }: Notifier,
  event: 'installation' | 'installation_repositories' | 'installation_target',
  payload: Json,
): Promise<Delivery | null> {
  const body = JSON.stringify({ ...payload, sender: renderUser(store, base, 'octocat') });
  return deliverWebhook(store, { event, body }, settings.webhookTimeoutMs);
}

/** The short form of an installation, which events of repositories contain. */
export function reference({ id }: Installation): Json {
  return { id, node_id: nodeId('IntegrationInstallation', id) };
}

function receives(store: StateStore, installation: Installation, event: string): boolean {
  const permission = PERMISSION_BY_EVENT[event];
  const isGranted = permission === undefined || includesLevel(installation.permissions[permission], 'read');
  return installation.suspendedAt === null && store.state.app.events.includes(event) && isGranted;
}

function record(value: unknown): Json {
  return typeof value === 'object' && value !== null ? (value as Json) : {};
}
