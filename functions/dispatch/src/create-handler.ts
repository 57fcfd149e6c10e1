import { createConsumer } from '@dispatcher/lambda';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { actOnMessage } from './act-on-message.ts';
import type { Dependencies } from './dependencies.ts';

/** Creates the Lambda handler for messages of the `decisions` queue. */
export function createHandler({ consumer, dispatch, budgets }: Dependencies) {
  const consume = createConsumer(consumer, (message, attempt) => actOnMessage(dispatch, message, attempt));
  return async (event: SQSEvent, context: Pick<Context, 'getRemainingTimeInMillis'>): Promise<SQSBatchResponse> => {
    const response = await consume(event, context);
    await budgets.publish();
    return response;
  };
}
