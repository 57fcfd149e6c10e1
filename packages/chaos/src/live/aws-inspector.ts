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
import { createFactStore, type RecordedFact } from '@dispatcher/store';
import { storedCounters } from '@dispatcher/store/testing';
import { describeDifferences, readFactLog } from '../checker/fact-log.ts';

/** Reads and configures the local AWS endpoint from outside the system. */
export interface AwsInspector {
  /** Shortens the visibility timeout, so that the messages of a killed process return within the experiment. */
  setVisibilityTimeout(seconds: number): Promise<void>;
  /** Counts the messages that are visible or in flight, in all queues except the dead-letter queues. */
  pendingMessages(): Promise<number>;
  /** Receives every dead letter; each is returned once. */
  deadLetters(): Promise<readonly DeadLetter[]>;
  facts(): Promise<readonly RecordedFact[]>;
  /** Returns the all-time counters by name. */
  totals(): Promise<Readonly<Record<string, number>>>;
  /** Folds the log again and describes how the stored projections differ. Roll-ups may run meanwhile. */
  differences(): Promise<readonly string[]>;
  close(): void;
}

export interface DeadLetter {
  readonly queue: string;
  readonly reason: string;
  readonly detail: string;
}

export function openAwsInspector(url: string): AwsInspector {
  const sqs = new SQSClient({ endpoint: url, ...awsAccess });
  const dynamoDb = DynamoDBDocumentClient.from(new DynamoDBClient({ endpoint: url, ...awsAccess }));
  return {
    setVisibilityTimeout: async (seconds) => {
      for (const { name } of queues) {
        const Attributes = { VisibilityTimeout: String(seconds) };
        await sqs.send(new SetQueueAttributesCommand({ QueueUrl: queueUrl(url, name), Attributes }));
      }
    },
    pendingMessages: async () => {
      let count = 0;
      // In the order in which messages move: otherwise a message could move from a queue not yet counted to one that was.
      for (const { name } of queues) count += await countMessages(sqs, queueUrl(url, name));
      return count;
    },
    deadLetters: async () => {
      const deadLetters = await Promise.all(
        [...queues.map(({ deadLetterQueue }) => deadLetterQueue), undeliveredEventsQueue.name].map((queue) =>
          receiveDeadLetters(sqs, queueUrl(url, queue), queue),
        ),
      );
      return deadLetters.flat();
    },
    facts: () => readFactLog(dynamoDb, tableName('facts')),
    totals: () => storedCounters(dynamoDb, tableName('projections'), 'all'),
    differences: () =>
      describeDifferences(
        createFactStore({
          client: dynamoDb,
          table: tableName('facts'),
          projectionsTable: tableName('projections'),
        }),
      ),
    close: () => {
      sqs.destroy();
      dynamoDb.destroy();
    },
  };
}

async function countMessages(sqs: SQSClient, url: string): Promise<number> {
  const { Attributes: attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] }),
  );
  const names = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
  return names.reduce((sum, name) => sum + Number(attributes[name] ?? 0), 0);
}

async function receiveDeadLetters(sqs: SQSClient, url: string, queue: string): Promise<DeadLetter[]> {
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
      const text = (name: string, nameOfEventBridge: string) =>
        (attributes[name] ?? attributes[nameOfEventBridge])?.StringValue ?? 'unknown';
      deadLetters.push({ queue, reason: text('reason', 'ERROR_CODE'), detail: text('detail', 'ERROR_MESSAGE') });
    }
  }
}
