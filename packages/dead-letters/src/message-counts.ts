import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';

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
