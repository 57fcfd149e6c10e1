import { randomBytes, randomUUID } from 'node:crypto';
import {
  factId,
  requestOfWebhook,
  runKey,
  targetOfWebhook,
  type Webhook,
  type WebhookChanged,
} from '@dispatcher/contracts';
import { type Bus, ProblemError, type Queue, type WebhookSecretWriter } from '@dispatcher/lambda';
import type { StoredWebhook, Webhooks, WebhookSecret } from '@dispatcher/store';
import {
  generateSecret,
  mapMessage,
  type MappedMessage,
  parseVerification,
  problemOfSecret,
} from '@dispatcher/webhooks';
import { type OperatorAction, publishAfterwards } from '../http/operator-action.ts';

export interface WebhookDependencies {
  readonly webhooks: Webhooks;
  readonly secrets: WebhookSecretWriter;
  /** The queue `runs`. */
  readonly runs: Queue;
  readonly bus: Pick<Bus, 'publish'>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

type NewWebhook = Omit<Webhook, 'webhookId' | 'createdAt' | 'createdBy'>;

/** The result of a change that sets a secret. `secret` is null if the sender generated it. */
interface WithSecret {
  readonly stored: StoredWebhook;
  readonly secret: string | null;
}

const hour = 3_600_000;
const iso = (time: number): string => new Date(time).toISOString();

/**
 * Creates a webhook. The fact is published before the webhook is stored, so that every webhook is recorded.
 * @param given the secret that the sender generated; undefined to generate one
 * @throws ProblemError 409 if the name is in use, 400 if the secret is not one of the scheme
 */
export async function createWebhook(
  deps: WebhookDependencies,
  newWebhook: NewWebhook,
  given: string | undefined,
  action: OperatorAction,
): Promise<WithSecret> {
  const { name, verify } = newWebhook;
  // GitHub's own deliveries to the App arrive there.
  if (name === 'github' || (await deps.webhooks.getWebhook(name)) !== null) throw nameInUse(name);
  const secret = secretFor(verify, given);
  const webhookId = randomBytes(8).toString('hex');
  const version = randomUUID();
  const createdAt = iso(deps.now());
  const stored: StoredWebhook = {
    webhook: { ...newWebhook, webhookId, createdAt, createdBy: action.operator },
    pausedAt: null,
    secret: { version, previous: null },
    receipts: { webhookId, last: null, refusedInARow: 0, refused: null },
  };
  await deps.bus.publish([changedFact('created', stored.webhook, action, createdAt)]);
  await deps.secrets.create(webhookId, version, secret);
  if (await deps.webhooks.create(stored)) return { stored, secret: given === undefined ? secret : null };
  await deps.secrets.delete(webhookId);
  throw nameInUse(name);
}

const nameInUse = (name: string) =>
  new ProblemError(409, `A webhook has the name ${name} already. Choose another name, or delete that webhook.`);

function secretFor(verify: string, given: string | undefined): string {
  const verification = parseVerification(verify);
  if (typeof verification === 'string') throw new ProblemError(400, `verify: ${verification}`);
  if (given === undefined) return generateSecret(verification);
  const problem = problemOfSecret(verification, given);
  if (problem !== null) throw new ProblemError(400, `secret: ${problem}`);
  return given;
}

/**
 * Sets a new secret. The former one is accepted for some hours, so that the sender can be changed without a refused message.
 * @throws ProblemError 409 if the secret was rotated at the same time
 */
export async function rotateSecret(
  deps: WebhookDependencies,
  name: string,
  { secret: given, keepHours }: { readonly secret?: string | undefined; readonly keepHours: number },
  action: OperatorAction,
): Promise<WithSecret> {
  const { webhook, secret: former } = await find(deps, name);
  const secret = secretFor(webhook.verify, given);
  const version = randomUUID();
  const until = iso(deps.now() + keepHours * hour);
  const next: WebhookSecret = { version, previous: keepHours === 0 ? null : { version: former.version, until } };
  await deps.bus.publish([changedFact('rotated', webhook, action, iso(deps.now()))]);
  await deps.secrets.put(webhook.webhookId, version, secret);
  if (!(await deps.webhooks.rotate(webhook, former, next))) {
    throw new ProblemError(409, `The secret of ${name} was rotated at the same time. Rotate it again.`);
  }
  return { stored: await find(deps, name), secret: given === undefined ? secret : null };
}

/**
 * Pauses a webhook. It is stored before the fact is published, so that a failing bus cannot keep a webhook active. Requests
 * that wait start nothing any more.
 */
export async function pauseWebhook(deps: WebhookDependencies, name: string, action: OperatorAction) {
  const { webhook } = await find(deps, name);
  await orNotFound(name, deps.webhooks.setPaused(webhook, iso(deps.now())));
  await publishAfterwards(deps.bus, changedFact('paused', webhook, action, iso(deps.now())));
  return find(deps, name);
}

/** Resumes a webhook. Messages during the pause are not made up for. */
export async function resumeWebhook(deps: WebhookDependencies, name: string, action: OperatorAction) {
  const { webhook } = await find(deps, name);
  await deps.bus.publish([changedFact('resumed', webhook, action, iso(deps.now()))]);
  await orNotFound(name, deps.webhooks.setPaused(webhook, null));
  return find(deps, name);
}

/**
 * Says what a message would request, and requests it if asked to.
 * @param isRun whether the message also requests its dispatch
 */
export async function testWebhook(
  deps: WebhookDependencies,
  name: string,
  { message, isRun }: { readonly message: object; readonly isRun: boolean },
  action: OperatorAction,
): Promise<{ readonly mapped: MappedMessage; readonly runKey: string | null }> {
  const { webhook, pausedAt } = await find(deps, name);
  if (isRun && pausedAt !== null)
    throw new ProblemError(409, `The webhook ${name} is paused: resume it, then test it.`);
  const mapped = mapMessage(webhook, message);
  const receivedAt = iso(deps.now());
  await deps.bus.publish([changedFact('tested', webhook, action, receivedAt)]);
  if (!isRun || mapped.state !== 'matched') return { mapped, runKey: null };
  const identity = ['test', action.actionId];
  const correlationId = randomUUID();
  const request = requestOfWebhook(webhook, { inputs: mapped.inputs, identity, correlationId, receivedAt });
  await deps.runs.send(request, `webhook-${webhook.webhookId}`);
  return { mapped, runKey: runKey(request) };
}

/** Deletes a webhook and its secret. Requests that wait start nothing any more. */
export async function deleteWebhook(deps: WebhookDependencies, name: string, action: OperatorAction): Promise<Webhook> {
  const { webhook } = await find(deps, name);
  await orNotFound(name, deps.webhooks.delete(webhook));
  await publishAfterwards(deps.bus, changedFact('deleted', webhook, action, iso(deps.now())));
  try {
    await deps.secrets.delete(webhook.webhookId);
  } catch (error) {
    const message = `The webhook ${name} was deleted, but its secret was not: delete it in Secrets Manager. Its name ends with ${webhook.webhookId}.`;
    throw new ProblemError(503, `${message} ${(error as Error).message}`);
  }
  return webhook;
}

async function find({ webhooks }: WebhookDependencies, name: string): Promise<StoredWebhook> {
  const stored = await webhooks.getWebhook(name);
  if (stored === null) throw notFound(name);
  return stored;
}

const notFound = (name: string) => new ProblemError(404, `There is no webhook ${name}. GET /api/webhooks lists them.`);

async function orNotFound(name: string, change: Promise<boolean>): Promise<void> {
  if (!(await change)) throw notFound(name);
}

function changedFact(
  change: WebhookChanged['data']['action'],
  webhook: Webhook,
  { actionId, operator, reason }: OperatorAction,
  time: string,
): WebhookChanged {
  const { webhookId, name, verify } = webhook;
  const id = factId('webhook.changed', actionId, change);
  const target = targetOfWebhook(webhook);
  const data = { actionId, action: change, webhookId, name, verify, target, operator, reason };
  return { version: 1, id, type: 'webhook.changed', time, correlationId: id, data };
}
