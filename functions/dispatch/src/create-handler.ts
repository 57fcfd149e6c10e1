import { createConsumer } from '@dispatcher/lambda';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { actOnMessage } from './act-on-message.ts';
import { closeOverdueChecks } from './checks/close-overdue-checks.ts';
import type { Dependencies } from './dependencies.ts';

/** The input of the schedule. Events of the queue have `Records`. */
export interface ScheduledEvent {
  readonly scheduled: 'overdue-checks';
}

// One run of which the check is overdue takes at most this long.
const maxRunMs = 15_000;

/** Creates the Lambda handler: messages of the `decisions` queue, and the scheduled look at overdue checks. */
export function createHandler({ consumer, dispatch, budgets }: Dependencies) {
  const consume = createConsumer(consumer, (message, attempt) => actOnMessage(dispatch, message, attempt));
  return async (
    event: SQSEvent | ScheduledEvent,
    context: Pick<Context, 'getRemainingTimeInMillis'>,
  ): Promise<SQSBatchResponse> => {
    const response = 'scheduled' in event ? await closeOverdue(context) : await consume(event, context);
    await budgets.publish();
    return response;
  };

  async function closeOverdue(context: Pick<Context, 'getRemainingTimeInMillis'>): Promise<SQSBatchResponse> {
    await closeOverdueChecks(dispatch, consumer.log, () => context.getRemainingTimeInMillis() > maxRunMs);
    return { batchItemFailures: [] };
  }
}
