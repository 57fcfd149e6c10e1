import { renderUser } from '../render/render-accounts.ts';
import type { Delivery } from '../state/entities.ts';
import { withdrawAuthorization } from '../state/user-authorizations.ts';
import { deliverWebhook } from '../webhooks/webhook-delivery.ts';
import type { EmulatorContext } from './context.ts';

/**
 * Withdraws a user's authorization of the App, and sends `github_app_authorization`, which every App gets without a
 * subscription. Returns null when the user did not authorize the App, or the App has no webhook URL.
 */
export async function revokeAuthorization(context: EmulatorContext, userId: number): Promise<Delivery | null> {
  const user = withdrawAuthorization(context.store, userId);
  if (user === undefined) return null;
  const body = JSON.stringify({ action: 'revoked', sender: renderUser(context.store, context.base, user.login) });
  const { webhookTimeoutMs } = context.settings;
  return deliverWebhook(context.store, { event: 'github_app_authorization', body }, webhookTimeoutMs);
}
