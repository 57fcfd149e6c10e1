import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { DeadLetterMessage } from './dead-letter.ts';
import type { DeadLetterQueue } from './dead-letter-queues.ts';
import { scanDeadLetters, type ScanTools } from './scan.ts';

/** Returns the dead letter with this id; null if a scan did not receive it. It stays in the queue, visible. */
export async function findDeadLetter(
  tools: ScanTools,
  queue: DeadLetterQueue,
  id: string,
  signal: AbortSignal,
): Promise<DeadLetterMessage | null> {
  for await (const { deadLetter } of scanDeadLetters(tools, queue, signal)) if (deadLetter.id === id) return deadLetter;
  return null;
}

/** SQS's message counts: approximate, and some seconds old. */
export interface MessageCounts {
  /** Messages that can be received now. */
  readonly waiting: number;
  /** Messages that are received but not deleted, for example by a scan. */
  readonly inFlight: number;
}

/** Returns the message counts of a queue. */
export async function countMessages(sqs: Pick<SQSClient, 'send'>, url: string): Promise<MessageCounts> {
  const { Attributes: counts } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: url,
      AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
    }),
  );
  return {
    waiting: Number(counts?.ApproximateNumberOfMessages ?? 0),
    inFlight: Number(counts?.ApproximateNumberOfMessagesNotVisible ?? 0),
  };
}
