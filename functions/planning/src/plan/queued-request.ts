import { isDeepStrictEqual } from 'node:util';
import {
  canRequest,
  type DispatchRequested,
  dispatchOfSchedule,
  requesterOf,
  type Schedule,
  type Webhook,
} from '@dispatcher/contracts';
import { type Attempt, PermanentError } from '@dispatcher/lambda';
import { publishPlan, type PublishRequestDependencies } from './publish-request.ts';
import { getOrCreatePlan } from './stored-plan.ts';

export interface QueuedRequestDependencies extends PublishRequestDependencies {
  /** Returns the schedule that has the name now; null if there is none. */
  readonly findSchedule: (name: string) => Promise<Schedule | null>;
  /** Returns the webhook that has the name now; null if there is none. */
  readonly findWebhook: (name: string) => Promise<Webhook | null>;
}

/**
 * Plans a request that came through the queue: that of a schedule or of a webhook. A repeat publishes the stored plan. The
 * message is not trusted: whether the schedule or webhook is active, and what it may start, is read when the request is planned, and
 * a request that is not its own is refused.
 * @throws PermanentError for a request of anything else, and for one that its schedule or webhook does not make
 */
export async function planQueuedRequest(
  deps: QueuedRequestDependencies,
  request: DispatchRequested,
  attempt: Attempt,
): Promise<void> {
  await refuseForged(deps, request);
  const stored = await getOrCreatePlan(deps, { trigger: request, startedBy: null }, attempt);
  await publishPlan(deps, stored, attempt.log, { signal: attempt.signal });
}

async function refuseForged(deps: QueuedRequestDependencies, message: DispatchRequested): Promise<void> {
  const { kind, name, id } = requesterOf(message);
  // The dispatch API authenticates API keys, and plans their requests itself.
  if (kind === 'key')
    throw refused(`The message is a request of the key ${name}, which does not come through this queue.`);
  const isOwn =
    kind === 'schedule' ? await isOfSchedule(deps, message, id, name) : await isOfWebhook(deps, message, id, name);
  if (!isOwn) throw refused(`The message requests something else than the ${kind} ${name} does.`);
}

/** Returns whether the schedule makes such a request, or has ended, which the plan will say. */
async function isOfSchedule(
  { findSchedule }: QueuedRequestDependencies,
  { request }: DispatchRequested,
  id: string,
  name: string,
): Promise<boolean> {
  const schedule = await findSchedule(name);
  return schedule?.scheduleId !== id || isDeepStrictEqual(request, dispatchOfSchedule(schedule));
}

/** Returns whether a message of the webhook can make such a request, or the webhook has ended, which the plan will say. */
async function isOfWebhook(
  { findWebhook }: QueuedRequestDependencies,
  { request }: DispatchRequested,
  id: string,
  name: string,
): Promise<boolean> {
  const webhook = await findWebhook(name);
  return webhook?.webhookId !== id || canRequest(webhook, request);
}

function refused(message: string): PermanentError {
  const advice = 'Nothing was started. Find out who can send to the queue; then discard the dead letter.';
  return new PermanentError(`${message} ${advice}`, { reason: 'message-invalid' });
}
