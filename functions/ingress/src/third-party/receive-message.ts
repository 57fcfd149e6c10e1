import { randomUUID } from 'node:crypto';
import { requesterNamePattern, requestOfWebhook, runKey } from '@dispatcher/contracts';
import type { Meter, Queue, StepLog, WebhookSecretReader } from '@dispatcher/lambda';
import type { StoredWebhook, Webhooks } from '@dispatcher/store';
import {
  challengeOf,
  identityOf,
  isPing,
  mapMessage,
  maxMessageBytes,
  parseMessage,
  parseVerification,
  type Verification,
  verify,
  type VerifiedRequest,
} from '@dispatcher/webhooks';

/** One POST to `/webhooks/{name}` or `/webhooks/{name}/{token}`. */
export interface WebhookRequest extends VerifiedRequest {
  readonly name: string;
}

export type WebhookResponse =
  | { readonly status: 202; readonly body: { readonly accepted: string } | { readonly ignored: IgnoredReason } }
  /** A text for Slack: it shows the response to a slash command, and expects its challenge back. */
  | { readonly status: 200; readonly text: string }
  | { readonly status: RefusedStatus; readonly body: { readonly error: string } };

type RefusedStatus = 401 | 404 | 413 | 422 | 503;

/** Why a verified message starts nothing. `condition`: a condition of the webhook does not hold. */
type IgnoredReason = 'condition' | 'paused' | 'ping';

export interface WebhookDependencies {
  readonly webhooks: Pick<Webhooks, 'getWebhook' | 'recordAccepted' | 'recordRefused' | 'firstReceivedAt'>;
  readonly secretOf: WebhookSecretReader;
  /** The queue `runs`. */
  readonly runs: Queue;
  readonly meter: Meter;
  readonly log: StepLog;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** A sender that repeats a message without an id does so within this time. */
const repeatedWithinMs = 5 * 60_000;
/** From this number on, the alarm is raised, and a refusal is recorded once a minute: anybody can cause refusals. */
const manyRefusals = 10;
const recordEveryMs = 60_000;

const refuse = (status: RefusedStatus, error: string): WebhookResponse => ({ status, body: { error } });
const ignore = (reason: IgnoredReason): WebhookResponse => ({ status: 202, body: { ignored: reason } });

/**
 * Verifies a message of a third party and stores its request on the queue. Responds with success and without `ignored` only after
 * SQS has stored it. Nothing of GitHub is read: what the message starts is decided afterwards.
 */
export async function receiveMessage(deps: WebhookDependencies, request: WebhookRequest): Promise<WebhookResponse> {
  const correlationId = randomUUID();
  const log = deps.log.with({ correlationId });
  const response = await respond(deps, request, { correlationId, log });
  log[response.status < 300 ? 'info' : 'warn']('message received', {
    // Whatever is in the path of a request to no webhook may be a secret.
    ...(response.status === 404 ? {} : { webhook: request.name }),
    status: response.status,
    ...('body' in response ? response.body : {}),
  });
  return response;
}

interface RequestContext {
  readonly correlationId: string;
  readonly log: StepLog;
}

async function respond(
  deps: WebhookDependencies,
  request: WebhookRequest,
  context: RequestContext,
): Promise<WebhookResponse> {
  try {
    const isName = requesterNamePattern.test(request.name);
    const stored = isName ? await deps.webhooks.getWebhook(request.name) : null;
    if (stored === null) return refuse(404, 'There is no webhook with this name.');
    const response = await respondFor(deps, stored, request, context);
    if (isRefused(response)) await recordRefusal(deps, stored, response.body.error, context.log);
    else if (isIgnored(response)) await endRow(deps, stored, context.log);
    return stored.webhook.verify === 'slack' ? asText(response) : response;
  } catch (error) {
    context.log.error('could not handle the message', { error });
    return refuse(503, 'The message could not be verified or stored. Send it again.');
  }
}

/** Returns whether the sender must change something. */
function isRefused(
  response: WebhookResponse,
): response is Extract<WebhookResponse, { readonly status: RefusedStatus }> {
  return response.status >= 400 && response.status < 500;
}

function isIgnored(response: WebhookResponse): boolean {
  return 'body' in response && 'ignored' in response.body;
}

async function respondFor(
  deps: WebhookDependencies,
  stored: StoredWebhook,
  request: WebhookRequest,
  context: RequestContext,
): Promise<WebhookResponse> {
  if (request.body.length > maxMessageBytes) {
    return refuse(413, `The message is larger than ${maxMessageBytes} bytes.`);
  }
  const verification = parseVerification(stored.webhook.verify);
  if (typeof verification === 'string') throw new Error(`The stored scheme ${stored.webhook.verify} is not valid.`);
  const verified = verify(verification, request, await secretsOf(deps, stored), deps.now());
  if (!verified.isValid) return refuse(401, verified.reason);
  if (isPing(verification, request)) return ignore('ping');
  const parsed = parseMessage(request.body, request.headers['content-type']);
  if ('problem' in parsed) return refuse(422, parsed.problem);
  const challenge = challengeOf(verification, parsed.message);
  if (challenge !== null) return { status: 200, text: challenge };
  return requestDispatch(deps, stored, {
    ...context,
    message: parsed.message,
    verification,
    request,
    signature: verified.signature,
  });
}

/** Returns the secrets that are accepted now. */
async function secretsOf(
  { secretOf, now }: WebhookDependencies,
  { webhook: { webhookId }, secret: { version, previous } }: StoredWebhook,
): Promise<string[]> {
  const isTwo = previous !== null && now() < Date.parse(previous.until);
  const versions = isTwo ? [version, previous.version] : [version];
  return Promise.all(versions.map((each) => secretOf(webhookId, each)));
}

interface VerifiedMessage extends RequestContext {
  readonly message: object;
  readonly verification: Verification;
  readonly request: WebhookRequest;
  readonly signature: string | null;
}

async function requestDispatch(
  deps: WebhookDependencies,
  { webhook, pausedAt }: StoredWebhook,
  { message, verification, request, signature, correlationId, log }: VerifiedMessage,
): Promise<WebhookResponse> {
  if (pausedAt !== null) return ignore('paused');
  const mapped = mapMessage(webhook, message);
  if (mapped.state === 'invalid') return refuse(422, mapped.reason);
  if (mapped.state === 'unmatched') {
    log.info('condition does not hold', { pointer: mapped.pointer, expected: mapped.expected });
    return ignore('condition');
  }
  const { webhookId, name } = webhook;
  const { isLasting, parts } = identityOf(verification, request, message, signature);
  const since = isLasting ? [] : [await deps.webhooks.firstReceivedAt(webhookId, parts.join(' '), repeatedWithinMs)];
  const receivedAt = new Date(deps.now()).toISOString();
  const identity = [...parts, ...since];
  const requested = requestOfWebhook(webhook, { inputs: mapped.inputs, identity, correlationId, receivedAt });
  const key = runKey(requested);
  await deps.runs.send(requested, `webhook-${webhookId}`);
  await recordQuietly(log, () => deps.webhooks.recordAccepted({ name, webhookId }, { receivedAt, runKey: key }));
  return { status: 202, body: { accepted: key } };
}

/** Slack shows the text of a response with status 200 to the person who entered a command. */
function asText(response: WebhookResponse): WebhookResponse {
  if (response.status !== 202) return response;
  const { body } = response;
  const text = 'accepted' in body ? `Requested: ${body.accepted}` : `Nothing requested: ${body.ignored}`;
  return { status: 200, text };
}

async function recordRefusal(
  { webhooks, meter, now }: WebhookDependencies,
  { webhook: { name, webhookId }, receipts: { refusedInARow, refused } }: StoredWebhook,
  reason: string,
  log: StepLog,
): Promise<void> {
  const isRecent = refused !== null && now() - Date.parse(refused.at) < recordEveryMs;
  if (refusedInARow >= manyRefusals && isRecent) return;
  const at = new Date(now()).toISOString();
  // The stored number, not the one that was read: several refusals at once must be counted as several.
  const inARow = await recordQuietly(log, () => webhooks.recordRefused({ name, webhookId }, { at, reason }));
  // The alarm looks at the highest value of five minutes.
  meter.count('WebhookRefusalsInARow', {}, inARow ?? refusedInARow + 1, { webhook: name });
}

/** A message that starts nothing was not refused either. */
async function endRow({ webhooks }: WebhookDependencies, { webhook, receipts }: StoredWebhook, log: StepLog) {
  if (receipts.refusedInARow > 0) await recordQuietly(log, () => webhooks.recordAccepted(webhook, null));
}

/** A record that fails does not change the response: the message is stored, or refused. */
async function recordQuietly<Result>(log: StepLog, record: () => Promise<Result>): Promise<Result | null> {
  try {
    return await record();
  } catch (error) {
    log.error('could not record the message at its webhook', { error });
    return null;
  }
}
