import { createBatchConsumer } from '@dispatcher/lambda';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { consumer, recording, rolling } from './dependencies.ts';
import { recordBatch } from './record.ts';
import { rollUp } from './roll-up.ts';

const consume = createBatchConsumer(consumer, (facts) => recordBatch(recording, facts));

/** What the schedule hands over; the queue's events have `Records`. */
export interface ScheduledEvent {
  readonly scheduled: 'roll-up';
}

export async function handler(event: SQSEvent | ScheduledEvent, context: Context): Promise<SQSBatchResponse | void> {
  return 'scheduled' in event ? rollUp(rolling) : consume(event, context);
}
