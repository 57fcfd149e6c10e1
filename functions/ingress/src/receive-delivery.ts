import {
  type HintEvent,
  type IgnoredHintReason,
  type IgnoredReason,
  isHintEvent,
  isCheckEvent,
  pickAuthorizationRevoked,
  pickChecksRerequested,
  pickHint,
  pickRunCompleted,
  type RunCompleted,
  type RunIgnored,
  runKey,
} from '@dispatcher/contracts';
import type { Queue, Secret, StepLog } from '@dispatcher/lambda';
import { verifyWithFallback } from '@octokit/webhooks-methods';

/** One webhook POST. `body` is the text as it was sent, because that is what the signature covers. */
export interface Delivery {
  readonly body: string;
  readonly event: string | undefined;
  readonly deliveryId: string | undefined;
  readonly signature: string | undefined;
}

export type DeliveryResponse =
  | {
      readonly status: 202;
      /**
       * `accepted`: the run key of a stored run, or the user whose sessions end; `recorded`: the run key of a run that is
       * stored only to be recorded; `hint`: what planning will look at.
       */
      readonly body:
        | { readonly accepted: string }
        | { readonly hint: string }
        | { readonly ignored: IgnoredReason | IgnoredHintReason; readonly recorded?: string | undefined };
    }
  | { readonly status: 400 | 401 | 413 | 503; readonly body: { readonly error: string } };

export interface ReceiveDependencies {
  readonly secret: Secret;
  readonly previousSecret: Secret | null;
  readonly runs: Queue;
  /** Id of the GitHub App. */
  readonly appId: number;
  readonly hints: Queue;
  readonly log: StepLog;
  readonly now: () => number;
}

// Lambda accepts requests up to 6 MB, and base64 makes a body a third larger. GitHub's limit is 25 MB, but a
// workflow_run delivery has about 25 KB.
const maxBodyBytes = 4_500_000;

/**
 * Verifies a delivery and stores it. Responds 202 without `ignored`, or with `recorded`, only after SQS has stored the message. Any failure
 * gets a status that GitHub's delivery log shows as failed.
 */
export async function receive(deps: ReceiveDependencies, delivery: Delivery): Promise<DeliveryResponse> {
  const log = deps.log.with({ correlationId: delivery.deliveryId });
  const response = await respond(deps, delivery, log);
  // The metric `Deliveries` counts this line by `response`: a metric filter of the log group (Terraform module `alarms`).
  log[response.status === 202 ? 'info' : 'warn']('delivery received', {
    response: 'ignored' in response.body ? 'ignored' : 'hint' in response.body ? 'hint' : String(response.status),
    ...response.body,
  });
  return response;
}

function refuse(status: 400 | 401 | 413 | 503, error: string): DeliveryResponse {
  return { status, body: { error } };
}

async function respond(deps: ReceiveDependencies, delivery: Delivery, log: StepLog): Promise<DeliveryResponse> {
  const { body } = delivery;
  if (Buffer.byteLength(body) > maxBodyBytes)
    return refuse(413, `The request body is larger than ${maxBodyBytes} bytes.`);
  const verified = await verify(deps, body, delivery.signature, log);
  if (verified !== 'valid') return verified;

  if (!delivery.deliveryId) return refuse(400, 'The X-GitHub-Delivery header is missing.');
  if (!delivery.event) return refuse(400, 'The X-GitHub-Event header is missing.');
  // Nothing of other events is read. If the webhook has another content type, their bodies begin otherwise.
  if (!isReadEvent(delivery.event) && body.startsWith('{')) return ignoredEvent;
  let payload: unknown;
  try {
    payload = JSON.parse(body);
  } catch {
    return refuse(400, 'The request body is not valid JSON. Set the webhook’s content type to application/json.');
  }
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) {
    return refuse(400, 'The request body is not a JSON object.');
  }
  if (delivery.event === 'github_app_authorization') return storeRevocation(deps, payload, delivery.deliveryId, log);
  if (isCheckEvent(delivery.event)) return storeRerequest(deps, delivery.event, payload, delivery.deliveryId, log);
  if (isHintEvent(delivery.event)) return storeHint(deps, delivery.event, payload, delivery.deliveryId, log);
  return delivery.event === 'workflow_run' ? store(deps, payload, delivery.deliveryId, log) : ignoredEvent;
}

const ignoredEvent: DeliveryResponse = { status: 202, body: { ignored: 'event-not-workflow-run' } };

function isReadEvent(event: string): boolean {
  return event === 'workflow_run' || event === 'github_app_authorization' || isCheckEvent(event) || isHintEvent(event);
}

async function verify(
  deps: ReceiveDependencies,
  body: string,
  signature: string | undefined,
  log: StepLog,
): Promise<'valid' | DeliveryResponse> {
  if (!signature) return refuse(401, 'The X-Hub-Signature-256 header is missing.');
  // The library throws on an empty body, which is malformed whatever its signature.
  if (body === '') return refuse(400, 'The request body is empty.');
  let secret: string;
  let previous: string | undefined;
  try {
    secret = await deps.secret();
    previous = await deps.previousSecret?.();
  } catch (error) {
    log.error('could not read the webhook secret', { error });
    return refuse(503, 'The signature cannot be verified at the moment. Redeliver the webhook.');
  }
  const valid = await verifyWithFallback(secret, body, signature, previous === undefined ? [] : [previous]);
  return valid ? 'valid' : refuse(401, 'The signature does not match the request body.');
}

async function store(
  deps: ReceiveDependencies,
  payload: object,
  deliveryId: string,
  log: StepLog,
): Promise<DeliveryResponse> {
  const picked = pickRunCompleted(payload, { deliveryId, receivedAt: new Date(deps.now()).toISOString() });
  if (picked.state === 'malformed') return refuse(400, `The workflow_run payload is malformed: ${picked.reason}`);
  const { run } = picked;
  if (run === null) return { status: 202, body: { ignored: picked.reason } };
  try {
    await deps.runs.send(run, groupOf(run));
  } catch (error) {
    log.error('could not store the delivery', { runKey: runKey(run), error });
    return refuse(503, 'The delivery could not be stored. Redeliver the webhook.');
  }
  return {
    status: 202,
    body: picked.state === 'picked' ? { accepted: runKey(run) } : { ignored: picked.reason, recorded: runKey(run) },
  };
}

/** Stores that a user withdrew the authorization of the App. The message names the user and nothing else of the payload. */
async function storeRevocation(
  deps: ReceiveDependencies,
  payload: object,
  deliveryId: string,
  log: StepLog,
): Promise<DeliveryResponse> {
  const message = pickAuthorizationRevoked(payload, { deliveryId, receivedAt: new Date(deps.now()).toISOString() });
  if (message === null) return ignoredEvent;
  const user = `user-${message.userId}`;
  try {
    await deps.runs.send(message, user);
  } catch (error) {
    log.error('could not store the delivery', { user, error });
    return refuse(503, 'The delivery could not be stored. Redeliver the webhook.');
  }
  return { status: 202, body: { accepted: user } };
}

/** Stores that somebody wants a check of Dispatcher to run again. Every other webhook about checks is ignored. */
async function storeRerequest(
  deps: ReceiveDependencies,
  event: 'check_run' | 'check_suite',
  payload: object,
  deliveryId: string,
  log: StepLog,
): Promise<DeliveryResponse> {
  const receivedAt = new Date(deps.now()).toISOString();
  const message = pickChecksRerequested(event, payload, { deliveryId, receivedAt, appId: deps.appId });
  if (message === null) return ignoredEvent;
  try {
    await deps.runs.send(message, String(message.installationId));
  } catch (error) {
    log.error('could not store the delivery', { suite: message.suiteId, error });
    return refuse(503, 'The delivery could not be stored. Redeliver the webhook.');
  }
  return { status: 202, body: { accepted: `checks-${message.suiteId}` } };
}

/** Stores where to look, in a queue of its own: whatever number of hints arrives, no run waits behind them. */
async function storeHint(
  deps: ReceiveDependencies,
  event: HintEvent,
  payload: object,
  deliveryId: string,
  log: StepLog,
): Promise<DeliveryResponse> {
  const picked = pickHint(event, payload, { deliveryId, receivedAt: new Date(deps.now()).toISOString() });
  if (picked.state === 'malformed') return refuse(400, `The ${event} payload is malformed: ${picked.reason}`);
  if (picked.state === 'ignored') return { status: 202, body: { ignored: picked.reason } };
  const { hint } = picked;
  try {
    await deps.hints.send(hint, String(hint.installationId));
  } catch (error) {
    log.error('could not store the hint', { event, error });
    return refuse(503, 'The delivery could not be stored. Redeliver the webhook.');
  }
  const subject =
    hint.type === 'hint.repository' ? `repository-${hint.repository.id}` : `installation-${hint.installationId}`;
  return { status: 202, body: { hint: subject } };
}

function groupOf({ installationId, repository }: RunCompleted | RunIgnored): string {
  return installationId === null ? `repository-${repository.id}` : String(installationId);
}
