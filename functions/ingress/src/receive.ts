import { pickRunCompleted, runKey, type IgnoredReason } from '@dispatcher/contracts';
import type { Meter, Queue, Secret, StepLog } from '@dispatcher/lambda';
import { verifyWithFallback } from '@octokit/webhooks-methods';

/** One webhook POST. `body` is raw: the signature covers these bytes and no re-serialised form of them. */
export interface Delivery {
  readonly body: Buffer;
  readonly event: string | undefined;
  readonly deliveryId: string | undefined;
  readonly signature: string | undefined;
}

export type Answer =
  | { readonly status: 202; readonly body: { readonly accepted: string } | { readonly ignored: IgnoredReason } }
  | { readonly status: 400 | 401 | 413 | 503; readonly body: { readonly error: string } };

export interface ReceiveDependencies {
  readonly secret: Secret;
  readonly previousSecret: Secret | null;
  readonly runs: Queue;
  readonly log: StepLog;
  readonly meter: Meter;
  readonly now: () => number;
}

// Lambda takes no request over 6 MB (a base64 body counts a third more); GitHub's own cap is 25 MB, but a
// workflow_run is some 25 KB, so what is larger is no delivery that could matter.
const maxBodyBytes = 4_500_000;

/**
 * Verifies one delivery and stores it. A 202 without `ignored` is given only once SQS has the message; whatever else
 * happens GitHub hears a status that its delivery log shows as failed.
 */
export async function receive(deps: ReceiveDependencies, delivery: Delivery): Promise<Answer> {
  const log = deps.log.with({ correlationId: delivery.deliveryId });
  const answer = await answerTo(deps, delivery, log);
  deps.meter.count('Deliveries', { answer: 'ignored' in answer.body ? 'ignored' : String(answer.status) });
  log[answer.status === 202 ? 'info' : 'warn']('delivery answered', { status: answer.status, ...answer.body });
  return answer;
}

function refuse(status: 400 | 401 | 413 | 503, error: string): Answer {
  return { status, body: { error } };
}

async function answerTo(deps: ReceiveDependencies, delivery: Delivery, log: StepLog): Promise<Answer> {
  if (delivery.body.length > maxBodyBytes) return refuse(413, `The body is larger than ${maxBodyBytes} bytes.`);
  const body = delivery.body.toString('utf8');
  const verified = await verify(deps, body, delivery.signature, log);
  if (verified !== 'valid') return verified;

  if (!delivery.deliveryId) return refuse(400, 'The X-GitHub-Delivery header is missing.');
  if (!delivery.event) return refuse(400, 'The X-GitHub-Event header is missing.');
  let payload: unknown;
  try {
    payload = JSON.parse(body);
  } catch {
    return refuse(400, 'The body is not JSON. Set the webhook’s content type to application/json.');
  }
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) {
    return refuse(400, 'The body is not a JSON object.');
  }
  if (delivery.event !== 'workflow_run') return { status: 202, body: { ignored: 'event-not-workflow-run' } };
  return store(deps, payload, delivery.deliveryId, log);
}

async function verify(
  deps: ReceiveDependencies,
  body: string,
  signature: string | undefined,
  log: StepLog,
): Promise<'valid' | Answer> {
  if (!signature) return refuse(401, 'The X-Hub-Signature-256 header is missing.');
  // The library throws on an empty body instead of answering; an empty one is malformed whoever signed it.
  if (body === '') return refuse(400, 'The body is empty.');
  let secret: string;
  let previous: string | undefined;
  try {
    secret = await deps.secret();
    previous = await deps.previousSecret?.();
  } catch (error) {
    log.error('webhook secret cannot be read', { error });
    return refuse(503, 'The delivery cannot be verified now.');
  }
  const valid = await verifyWithFallback(secret, body, signature, previous === undefined ? [] : [previous]);
  return valid ? 'valid' : refuse(401, 'The signature does not match the body.');
}

async function store(deps: ReceiveDependencies, payload: object, deliveryId: string, log: StepLog): Promise<Answer> {
  const picked = pickRunCompleted(payload, { deliveryId, receivedAt: new Date(deps.now()).toISOString() });
  if (picked.state === 'malformed') return refuse(400, `The workflow_run payload is malformed: ${picked.reason}`);
  if (picked.state === 'ignored') return { status: 202, body: { ignored: picked.reason } };
  const { run } = picked;
  try {
    await deps.runs.send(run, String(run.installationId));
  } catch (error) {
    log.error('delivery not stored', { runKey: runKey(run), error });
    return refuse(503, 'The delivery could not be stored. Redeliver it.');
  }
  return { status: 202, body: { accepted: runKey(run) } };
}
