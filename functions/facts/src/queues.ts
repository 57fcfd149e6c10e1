import type { QueueSample } from '@dispatcher/contracts';
import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';

/** One queue that is looked at, under the name it has in the facts. */
export interface WatchedQueue {
  readonly queue: string;
  readonly url: string;
  /** Of a dead-letter queue: the queue that its messages were of. */
  readonly deadLettersOf?: string;
}

/** One call a queue. The counts are SQS's own approximate ones. @throws Error where SQS does not tell one of them */
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
        if (text === undefined) throw new Error(`SQS told no ApproximateNumberOf${name} of the queue ${queue}.`);
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

/** What each dead-letter queue holds, by the queue that its messages were of. */
export function deadLetterQueueDepth(
  queues: readonly WatchedQueue[],
  samples: readonly QueueSample[],
): ReadonlyMap<string, number> {
  const held = new Map<string, number>();
  for (const { queue, deadLettersOf } of queues) {
    const sample = samples.find((each) => each.queue === queue);
    if (deadLettersOf === undefined || sample === undefined) continue;
    held.set(deadLettersOf, sample.waiting + sample.inFlight + sample.delayed);
  }
  return held;
}
