import { type DispatchRequested, requesterOf } from '@dispatcher/contracts';
import { type Attempt, PermanentError } from '@dispatcher/lambda';
import { publishPlan, type PublishRequestDependencies } from './publish-request.ts';
import { getOrCreatePlan } from './stored-plan.ts';

/**
 * Plans a request that came through the queue: that of a schedule or a webhook. A repeat publishes the stored plan. The
 * message only names the schedule or webhook: whether it is active, and what it may start, is read.
 * @throws PermanentError for a request of an API key: the dispatch API authenticates keys, and plans their requests itself
 */
export async function planQueuedRequest(
  deps: PublishRequestDependencies,
  request: DispatchRequested,
  attempt: Attempt,
): Promise<void> {
  const { kind } = requesterOf(request);
  if (kind === 'key') {
    const message =
      'The message is a request of an API key, which only `POST /dispatch` accepts. Find out who can send to the queue; then discard the dead letter.';
    throw new PermanentError(message, { reason: 'message-invalid' });
  }
  const stored = await getOrCreatePlan(deps, { trigger: request, startedBy: null }, attempt);
  await publishPlan(deps, stored, attempt.log, { signal: attempt.signal });
}
