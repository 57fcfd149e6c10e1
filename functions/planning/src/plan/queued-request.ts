import { isDeepStrictEqual } from 'node:util';
import { type DispatchRequested, dispatchOfSchedule, requesterOf, type Schedule } from '@dispatcher/contracts';
import { type Attempt, PermanentError } from '@dispatcher/lambda';
import { publishPlan, type PublishRequestDependencies } from './publish-request.ts';
import { getOrCreatePlan } from './stored-plan.ts';

export interface QueuedRequestDependencies extends PublishRequestDependencies {
  /** Returns the schedule that has the name now; null if there is none. */
  readonly findSchedule: (name: string) => Promise<Schedule | null>;
}

/**
 * Plans a request that came through the queue: that of a schedule. A repeat publishes the stored plan. The message is not
 * trusted: whether the schedule is active, and what it may start, is read when the request is planned, and a request that is not
 * the schedule's own is refused.
 * @throws PermanentError for a request of anything else, and for one that its schedule does not make
 */
export async function planQueuedRequest(
  deps: QueuedRequestDependencies,
  request: DispatchRequested,
  attempt: Attempt,
): Promise<void> {
  const { kind, name, id } = requesterOf(request);
  // The dispatch API authenticates API keys, and plans their requests itself.
  if (kind !== 'schedule')
    throw refused(`The message is a request of the ${kind} ${name}, which does not come through this queue.`);
  const schedule = await deps.findSchedule(name);
  if (schedule?.scheduleId === id && !isDeepStrictEqual(request.request, dispatchOfSchedule(schedule))) {
    throw refused(`The message requests something else than the schedule ${name} does.`);
  }
  const stored = await getOrCreatePlan(deps, { trigger: request, startedBy: null }, attempt);
  await publishPlan(deps, stored, attempt.log, { signal: attempt.signal });
}

function refused(message: string): PermanentError {
  const advice = 'Nothing was started. Find out who can send to the queue; then discard the dead letter.';
  return new PermanentError(`${message} ${advice}`, { reason: 'message-invalid' });
}
