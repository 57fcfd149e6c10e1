import { createBatchConsumer } from '@dispatcher/lambda';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { Dependencies } from './dependencies.ts';
import { recordBatch } from './record-batch.ts';
import { createRollUp } from './roll-up.ts';

/** The input of the schedule. Events of the queue have `Records`. */
export interface ScheduledEvent {
  readonly scheduled: 'roll-up';
}

/** Creates the Lambda handler: messages of the `facts` queue, and the scheduled roll-up. */
export function createHandler(dependencies: Dependencies) {
  const rollUp = createRollUp(dependencies.rollUp);
  const consume = createBatchConsumer(dependencies.consumer, (facts) => recordBatch(dependencies.recording, facts));
  return async (event: SQSEvent | ScheduledEvent, context: Context): Promise<SQSBatchResponse | void> =>
    'scheduled' in event ? rollUp() : consume(event, context);
}
