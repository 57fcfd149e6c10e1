import { isPointer, OperatorReason, targetOfWebhook } from '@dispatcher/contracts';
import { problemOfValue } from '@dispatcher/rules';
import type { StoredWebhook } from '@dispatcher/store';
import { parseVerification, problemOfPointer } from '@dispatcher/webhooks';
import * as z from 'zod';
import { actionOf, noticeIn, type OperatorAction } from '../http/operator-action.ts';
import { ListQuery } from '../http/requests.ts';
import type { Api } from '../http/zod-provider.ts';
import {
  createWebhook,
  deleteWebhook,
  pauseWebhook,
  resumeWebhook,
  rotateSecret,
  testWebhook,
  type WebhookDependencies,
} from '../webhooks/webhook-changes.ts';
import { checkRequestedWorkflow, partsOf, requestedWorkflowFields, requesterName } from './requested-workflow.ts';

const time = z.iso.datetime();
const maxConditions = 10;

/** The sender's own secret; without one, Dispatcher generates it. */
const secret = z.string().min(1).max(200).optional();

export const CreateWebhookRequest = z
  .strictObject({
    name: requesterName,
    /** `standard-webhooks`, `github`, `stripe`, `slack`, `token`, or `hmac-sha256:HEADER` with options. */
    verify: z.string().max(500),
    ...requestedWorkflowFields,
    /** Values by JSON pointer: a message without one of them starts nothing. */
    when: z.record(z.string(), z.string().max(1_024)).default({}),
    secret,
    /** The operator's reason, recorded; secrets in it are not. */
    reason: OperatorReason,
  })
  .superRefine((webhook, context) => {
    const verification = parseVerification(webhook.verify);
    if (typeof verification === 'string') {
      context.addIssue({ code: 'custom', path: ['verify'], message: verification });
    }
    checkRequestedWorkflow(webhook, context, problemOfMappedValue);
    const pointers = Object.keys(webhook.when);
    if (pointers.length > maxConditions) {
      context.addIssue({ code: 'custom', path: ['when'], message: `write at most ${maxConditions} conditions` });
    }
    for (const pointer of pointers) {
      const problem = problemOfPointer(pointer);
      if (problem !== null)
        context.addIssue({ code: 'custom', path: ['when', pointer.slice(0, 100)], message: problem });
    }
  });

function problemOfMappedValue(value: string) {
  if (!isPointer(value)) return problemOfValue(value);
  const fix = problemOfPointer(value);
  return fix === null ? null : { message: 'this is not a JSON pointer', fix };
}

export const WebhookResponse = z.object({
  /** 16 hex digits. A webhook that is created again under the same name has another one. */
  webhookId: z.string(),
  name: z.string(),
  /** The path of its address. With the scheme `token`, `/` and the token may follow. */
  path: z.string(),
  verify: z.string(),
  /** `owner/name:workflow.yml` */
  target: z.string(),
  /** Null: the target's default branch. */
  ref: z.string().nullable(),
  /** A JSON pointer into the message if it begins with `/`, otherwise the value itself. */
  inputs: z.record(z.string(), z.string()),
  /** Values by JSON pointer: a message without one of them starts nothing. */
  when: z.record(z.string(), z.string()),
  createdAt: time,
  createdBy: z.string(),
  /** Null unless an operator paused it. */
  pausedAt: time.nullable(),
  /** Until when the secret before the last rotation is accepted, too; null if it is not. */
  formerSecretUntil: time.nullable(),
  /** The last message that requested its dispatch; null if there was none. */
  last: z.object({ receivedAt: time, runKey: z.string() }).nullable(),
  /** Number of messages that were refused since the last one that was not. Counted once a minute after the first ten. */
  refusedInARow: z.int(),
  /** The last message that was refused, and why; null if there was none. */
  refused: z.object({ at: time, reason: z.string() }).nullable(),
});

export const WebhooksResponse = z.object({
  webhooks: z.array(WebhookResponse).readonly(),
  cursor: z.string().nullable(),
});

/** The only response with the secret, which cannot be read back. */
export const WebhookSecretResponse = z.object({
  actionId: z.string(),
  webhook: WebhookResponse,
  /** It is shown once. Null if the request had it. */
  secret: z.string().nullable(),
  /** What to do about a secret in the reason, which was redacted. */
  notice: z.string().optional(),
});

export const WebhookChangeRequest = z.strictObject({ reason: OperatorReason });

export const WebhookChangeResponse = z.object({
  actionId: z.string(),
  webhook: WebhookResponse,
  notice: z.string().optional(),
});

export const RotateSecretRequest = z.strictObject({
  secret,
  /** For how many hours the former secret is accepted, too; 0 ends it at once. */
  keepHours: z.int().min(0).max(168).default(24),
  reason: OperatorReason,
});

export const TestWebhookRequest = z.strictObject({
  /** A message as the sender would send it: a JSON object or array, or the fields of a form. */
  message: z.union([z.record(z.string(), z.unknown()), z.array(z.unknown())]),
  /** Whether the message also requests its dispatch. */
  run: z.boolean().default(false),
  reason: OperatorReason,
});

export const WebhookTestResponse = z.object({
  actionId: z.string(),
  name: z.string(),
  /** `unmatched`: a condition does not hold. `invalid`: a value is missing or not one that an input can have. */
  result: z.enum(['matched', 'unmatched', 'invalid']),
  /** The inputs that the workflow receives; null unless the result is `matched`. */
  inputs: z.record(z.string(), z.string()).nullable(),
  /** What the result is due to; null if it is `matched`. */
  detail: z.string().nullable(),
  /** The run key of the request; null if none was sent. Its plan is `GET /api/plans/{runKey}`. */
  runKey: z.string().nullable(),
  notice: z.string().optional(),
});

export const WebhookDeletedResponse = z.object({
  actionId: z.string(),
  name: z.string(),
  webhookId: z.string(),
  notice: z.string().optional(),
});

/** Adds the webhooks, which the command `dispatcher webhooks` offers, too. */
export function addWebhookRoutes(api: Api, deps: WebhookDependencies): void {
  const list = {
    summary: 'Lists the webhooks by name, without their secrets, with the last message that each accepted and refused.',
    querystring: ListQuery,
    response: { 200: WebhooksResponse },
  };
  api.get('/webhooks', { schema: list }, async ({ query }) => {
    const { items, cursor } = await deps.webhooks.list(query);
    return { webhooks: items.map((stored) => shown(stored, deps.now())), cursor };
  });

  const create = {
    summary:
      'Creates a webhook. Its target must allow it: `source: { webhook: NAME }` in `inbound`. The response is the only one with its secret.',
    body: CreateWebhookRequest,
    response: { 201: WebhookSecretResponse },
    problems: { 409: 'A webhook has this name, or this `Idempotency-Key` was used before.' },
  };
  api.post('/webhooks', { config: { secretResponse: true }, schema: create }, async (request, reply) => {
    const { target, ref = null, secret: given, reason: _, ...rest } = request.body;
    const action = actionOf(request, 'webhook-created');
    const created = await createWebhook(deps, { ...rest, ...partsOf(target), ref }, given, action);
    reply.code(201);
    return withSecret(created, action, deps.now());
  });

  const params = z.object({ name: requesterName.describe('The name of a webhook.') });
  const change = { params, body: WebhookChangeRequest };
  const changed = { ...change, response: { 200: WebhookChangeResponse } };
  const notFound = { 404: 'There is no webhook with this name.' };

  const rotate = {
    summary: 'Sets a new secret. The former one is accepted for a day, or as long as the request says.',
    params,
    body: RotateSecretRequest,
    response: { 200: WebhookSecretResponse },
    problems: {
      ...notFound,
      409: 'The secret was rotated at the same time, or this `Idempotency-Key` was used before.',
    },
  };
  api.post('/webhooks/:name/rotate', { config: { secretResponse: true }, schema: rotate }, async (request, reply) => {
    const action = actionOf(request, 'webhook-rotated');
    const rotated = await rotateSecret(deps, request.params.name, request.body, action);
    reply.code(200);
    return withSecret(rotated, action, deps.now());
  });

  const pause = {
    summary: 'Pauses a webhook. It accepts and ignores messages; requests that wait start nothing any more.',
    ...changed,
    problems: { ...notFound, 503: 'The webhook was paused, and the change was not recorded. Repeat it.' },
  };
  api.post('/webhooks/:name/pause', { schema: pause }, async (request, reply) => {
    const action = actionOf(request, 'webhook-paused');
    const stored = await pauseWebhook(deps, request.params.name, action);
    reply.code(200);
    return { actionId: action.actionId, webhook: shown(stored, deps.now()), ...noticeIn(action.reason) };
  });

  const resume = {
    summary: 'Resumes a webhook. Messages during the pause are not made up for.',
    ...changed,
    problems: notFound,
  };
  api.post('/webhooks/:name/resume', { schema: resume }, async (request, reply) => {
    const action = actionOf(request, 'webhook-resumed');
    const stored = await resumeWebhook(deps, request.params.name, action);
    reply.code(200);
    return { actionId: action.actionId, webhook: shown(stored, deps.now()), ...noticeIn(action.reason) };
  });

  const test = {
    summary: 'Says what a message would request, without a signature; requests it only with `run`.',
    params,
    body: TestWebhookRequest,
    response: { 200: WebhookTestResponse },
    problems: { ...notFound, 409: 'The webhook is paused.' },
  };
  api.post('/webhooks/:name/test', { schema: test }, async (request, reply) => {
    const { message, run } = request.body;
    const action = actionOf(request, 'webhook-tested');
    const { mapped, runKey } = await testWebhook(deps, request.params.name, { message, isRun: run }, action);
    reply.code(200);
    const { name } = request.params;
    const inputs = mapped.state === 'matched' ? mapped.inputs : null;
    const detail = detailOf(mapped);
    return {
      actionId: action.actionId,
      name,
      result: mapped.state,
      inputs,
      detail,
      runKey,
      ...noticeIn(action.reason),
    };
  });

  const remove = {
    summary: 'Deletes a webhook and its secret. Requests of it that wait start nothing any more.',
    ...change,
    response: { 200: WebhookDeletedResponse },
    problems: { ...notFound, 503: 'The webhook was deleted, and the change was not recorded, or the secret remains.' },
  };
  api.post('/webhooks/:name/delete', { schema: remove }, async (request, reply) => {
    const action = actionOf(request, 'webhook-deleted');
    const { name, webhookId } = await deleteWebhook(deps, request.params.name, action);
    reply.code(200);
    return { actionId: action.actionId, name, webhookId, ...noticeIn(action.reason) };
  });
}

function detailOf(mapped: Awaited<ReturnType<typeof testWebhook>>['mapped']): string | null {
  if (mapped.state === 'matched') return null;
  if (mapped.state === 'invalid') return mapped.reason;
  const { pointer, expected, actual } = mapped;
  return `The message has ${actual === null ? 'nothing' : JSON.stringify(actual)} at ${pointer}, and the condition is ${JSON.stringify(expected)}.`;
}

function withSecret(
  { stored, secret: shownSecret }: Awaited<ReturnType<typeof createWebhook>>,
  action: OperatorAction,
  now: number,
) {
  return { actionId: action.actionId, webhook: shown(stored, now), secret: shownSecret, ...noticeIn(action.reason) };
}

function shown({ webhook, pausedAt, secret: { previous }, receipts }: StoredWebhook, now: number) {
  const { webhookId, name, verify, ref, inputs, when, createdAt, createdBy } = webhook;
  const { last, refusedInARow, refused } = receipts;
  const path = `/webhooks/${name}`;
  const definition = { webhookId, name, path, verify, target: targetOfWebhook(webhook), ref, inputs, when };
  const formerSecretUntil = previous !== null && now < Date.parse(previous.until) ? previous.until : null;
  return { ...definition, createdAt, createdBy, pausedAt, formerSecretUntil, last, refusedInARow, refused };
}
