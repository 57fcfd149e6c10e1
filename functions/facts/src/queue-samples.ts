import type { QueueSample } from '@dispatcher/contracts';
import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';

/** A queue to sample, with its name in the facts. */
export interface WatchedQueue {
  readonly queue: string;
  readonly url: string;
  /** Of a dead-letter queue: the queue that its messages come from. */
  readonly deadLettersOf?: string;
}

/** Reads SQS's approximate counts with one request per queue. @throws Error if SQS omits a count */
export function sampleQueues(sqs: Pick<SQSClient, 'send'>, queues: readonly WatchedQueue[]): Promise<QueueSample[]> {
  return Promise.all(
    queues.map(async ({ queue, url }) => {
      const { Attributes: attributes } = await sqs.send(
        new GetQueueAttributesCommand({
          QueueUrl: url,
          AttributeNames: [
            'ApproximateNumberOfMessages',
            'ApproximateNumberOfMessagesNotVisible',
            'ApproximateNumberOfMessagesDelayed',
          ],
        }),
      );
      const count = (name: 'Messages' | 'MessagesNotVisible' | 'MessagesDelayed'): number => {
        const text = attributes?.[`ApproximateNumberOf${name}`];
        if (text === undefined) throw new Error(`SQS returned no ApproximateNumberOf${name} for the queue ${queue}.`);
        return Number(text);
      };
      return {
        queue,
        waiting: count('Messages'),
        inFlight: count('MessagesNotVisible'),
        delayed: count('MessagesDelayed'),
      };
    }),
  );
}

/** Returns the number of messages in each dead-letter queue, by the queue that they come from. */
export function deadLetterQueueDepth(
  queues: readonly WatchedQueue[],
  samples: readonly QueueSample[],
): ReadonlyMap<string, number> {
  const depths = new Map<string, number>();
  for (const { queue, deadLettersOf } of queues) {
    const sample = samples.find((each) => each.queue === queue);
    if (deadLettersOf === undefined || sample === undefined) continue;
    depths.set(deadLettersOf, sample.waiting + sample.inFlight + sample.delayed);
  }
  return depths;
}
