import * as z from 'zod/mini';
import type { DispatchRequested, RequestedDispatch } from './dispatch-requested.ts';
import { requestIdOf } from './ids.ts';
import { DateTime } from './date-time.ts';

/** What an operator created: an address whose verified messages start a workflow, if its target allows it. */
export const Webhook = z.object({
  /** 16 hex digits. A webhook that is created again under the same name has another one. */
  webhookId: z.string(),
  /** Unique; inbound rules of targets refer to it, and it is the last part of the address. */
  name: z.string(),
  /** How messages are verified: `stripe`, or `hmac-sha256:X-Signature,prefix=v1=`. */
  verify: z.string(),
  /** `owner/name` of the target. */
  repository: z.string(),
  /** File name below `.github/workflows/`. */
  workflow: z.string(),
  /** A branch or tag; null for the target's default branch. */
  ref: z.nullable(z.string()),
  /** Values by input: a JSON pointer into the message if it begins with `/`, otherwise the value itself. */
  inputs: z.record(z.string(), z.string()),
  /** Values by JSON pointer: a message without one of them starts nothing. */
  when: z.record(z.string(), z.string()),
  createdAt: DateTime,
  createdBy: z.string(),
});
export type Webhook = z.infer<typeof Webhook>;

/** Returns whether the value of an input is a JSON pointer into the message. */
export function isPointer(value: string): boolean {
  return value.startsWith('/');
}

/** Returns the target of a webhook, as the scope of a requester names it: `octo-org/deploy:cd.yml`. */
export function targetOfWebhook({ repository, workflow }: Pick<Webhook, 'repository' | 'workflow'>): string {
  return `${repository}:${workflow}`;
}

/** One message of a webhook. */
export interface WebhookMessage {
  readonly inputs: Readonly<Record<string, string>>;
  /** What makes two messages the same one. */
  readonly identity: readonly string[];
  readonly correlationId: string;
  /** ISO 8601 */
  readonly receivedAt: string;
}

/** Returns the request of a message. The same message has the same run key, so it starts at most one run. */
export function requestOfWebhook(
  webhook: Webhook,
  { inputs, identity, correlationId, receivedAt }: WebhookMessage,
): DispatchRequested {
  const { webhookId, name, repository, workflow, ref } = webhook;
  return {
    type: 'dispatch.requested',
    version: 1,
    deliveryId: correlationId,
    receivedAt,
    requestId: requestIdOf('webhook', webhookId, ...identity),
    webhook: { id: webhookId, name, targets: [targetOfWebhook(webhook)] },
    request: { kind: 'workflow', repository, workflow, ref, inputs: { ...inputs } },
  };
}

/** Returns whether a message of this webhook can request this: only the values of pointers are the message's own. */
export function canRequest(webhook: Webhook, request: RequestedDispatch): boolean {
  if (request.kind !== 'workflow') return false;
  const { repository, workflow, ref, inputs } = request;
  if (repository !== webhook.repository || workflow !== webhook.workflow || ref !== webhook.ref) return false;
  const names = Object.keys(webhook.inputs);
  if (Object.keys(inputs).length !== names.length) return false;
  return names.every((name) => {
    const [defined = '', value] = [webhook.inputs[name], inputs[name]];
    return value !== undefined && (isPointer(defined) || value === defined);
  });
}
