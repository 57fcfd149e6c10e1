import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { awsAccess, queueUrl, tableName } from '@dispatcher/local/provision';
import { queues, undeliveredEventsQueue } from '@dispatcher/topology';
import type { FactSummary } from '@dispatcher/store';
import { storedCounters } from '@dispatcher/store/testing';
import { readFactLog } from '../checker/fact-log.ts';

/** What is looked at, and set, in the local AWS endpoint from outside the system. */
export interface AwsSide {
  /** Shorter than shipped, so that what a killed process held comes back within the experiment. */
  setVisibility(seconds: number): Promise<void>;
  /** Messages waiting or in flight, in all queues but the dead letters'. */
  waiting(): Promise<number>;
  deadLetters(): Promise<readonly DeadLetter[]>;
  facts(): Promise<readonly FactSummary[]>;
  /** Everything counted since the beginning, by the name of its counter. */
  totals(): Promise<Readonly<Record<string, number>>>;
  close(): void;
}

export interface DeadLetter {
  readonly queue: string;
  readonly reason: string;
  readonly detail: string;
}

export function openAws(url: string): AwsSide {
  const sqs = new SQSClient({ endpoint: url, ...awsAccess });
  const dynamoDb = DynamoDBDocumentClient.from(new DynamoDBClient({ endpoint: url, ...awsAccess }));
  return {
    setVisibility: async (seconds) => {
      for (const { name } of queues) {
        const Attributes = { VisibilityTimeout: String(seconds) };
        await sqs.send(new SetQueueAttributesCommand({ QueueUrl: queueUrl(url, name), Attributes }));
      }
    },
    waiting: async () => {
      let waiting = 0;
      // One after the other, the way messages go: else one could move on from a queue not yet asked to one that was.
      for (const { name } of queues) waiting += await countOf(sqs, queueUrl(url, name));
      return waiting;
    },
    deadLetters: async () => {
      const deadLetters = await Promise.all(
        [...queues.map(({ deadLetterQueue }) => deadLetterQueue), undeliveredEventsQueue.name].map((queue) =>
          deadLettersOf(sqs, queueUrl(url, queue), queue),
        ),
      );
      return deadLetters.flat();
    },
    facts: () => readFactLog(dynamoDb, tableName('facts')),
    totals: () => storedCounters(dynamoDb, tableName('projections'), 'all'),
    close: () => {
      sqs.destroy();
      dynamoDb.destroy();
    },
  };
}

async function countOf(sqs: SQSClient, url: string): Promise<number> {
  const { Attributes: found = {} } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] }),
  );
  const names = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
  return names.reduce((sum, name) => sum + Number(found[name] ?? 0), 0);
}

/** Takes them out: each is seen once. */
async function deadLettersOf(sqs: SQSClient, url: string, queue: string): Promise<DeadLetter[]> {
  const deadLetters: DeadLetter[] = [];
  for (;;) {
    const { Messages: messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: url,
        MaxNumberOfMessages: 10,
        VisibilityTimeout: 3_600,
        MessageAttributeNames: ['All'],
      }),
    );
    if (messages.length === 0) return deadLetters;
    for (const { MessageAttributes: attributes = {} } of messages) {
      const text = (ours: string, ofEventBridge: string) =>
        (attributes[ours] ?? attributes[ofEventBridge])?.StringValue ?? 'unknown';
      deadLetters.push({ queue, reason: text('reason', 'ERROR_CODE'), detail: text('detail', 'ERROR_MESSAGE') });
    }
  }
}
