// The test harness of the images: the resources they use, and how messages reach them.
import { type DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import {
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { Emulator } from '../../packages/github-emulator/src/emulator.ts';
import type { AwsEndpoint } from '../../packages/local/src/aws/aws-endpoint.ts';
import type { Outcome } from '../../packages/local/src/lambda/lambda-runtime.ts';
import { awsAccess, queueUrl, tableName } from '../../packages/local/src/aws/provision.ts';
import {
  busName,
  type QueueName,
  queues,
  type TableName,
  tables,
  undeliveredEventsQueue,
} from '../../packages/topology/src/index.ts';
import type { Container } from './container.ts';

/** The resources that the functions use and in which the check looks for their effects. */
export interface Harness {
  readonly aws: AwsEndpoint;
  readonly github: Emulator;
  readonly sqs: SQSClient;
  readonly documents: DynamoDBDocumentClient;
  /** The HTTP API in front of ingress and admin. */
  readonly frontUrl: string;
  /** Returns the container that is running. */
  container(): Container;
}

export function expect(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(message);
}

/** Receives all messages of the queue. Polls for a second, because EventBridge delivers after PutEvents has returned. */
export async function drain({ sqs, aws }: Harness, queue: QueueName): Promise<readonly Message[]> {
  const messages: Message[] = [];
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: queueUrl(aws.url, queue),
        MaxNumberOfMessages: 10,
        WaitTimeSeconds: 1,
        MessageSystemAttributeNames: ['All'],
      }),
    );
    if (Messages.length === 0) return messages;
    messages.push(...Messages);
  }
}

/** Invokes the container with the messages like an event source mapping. @throws Error if a message fails */
export async function handle(harness: Harness, queue: QueueName, messages: readonly Message[]): Promise<void> {
  expect(messages.length > 0, `the queue ${queue} is empty`);
  const records = messages.map(({ MessageId, ReceiptHandle, Body, Attributes }) => ({
    messageId: MessageId,
    receiptHandle: ReceiptHandle,
    body: Body,
    attributes: Attributes,
    messageAttributes: {},
    eventSource: 'aws:sqs',
    eventSourceARN: `arn:aws:sqs:${awsAccess.region}:000000000000:${queue}`,
    awsRegion: awsAccess.region,
  }));
  const payload = payloadOf(await harness.container().invoke({ Records: records }));
  const { batchItemFailures } = payload as { batchItemFailures?: unknown[] };
  expect(batchItemFailures?.length === 0, `messages of ${queue} failed: ${JSON.stringify(payload)}`);
  const deadLetters = await harness.sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: queueUrl(harness.aws.url, `${queue}-dead-letters`),
      AttributeNames: ['ApproximateNumberOfMessages'],
    }),
  );
  expect(
    deadLetters.Attributes?.['ApproximateNumberOfMessages'] === '0',
    `messages of ${queue} became dead letters: ${JSON.stringify(deadLetters.Attributes)}`,
  );
  // Like Lambda, delete the messages that succeeded; the function may have deleted them itself.
  await harness.sqs.send(
    new DeleteMessageBatchCommand({
      QueueUrl: queueUrl(harness.aws.url, queue),
      Entries: messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle })),
    }),
  );
}

function payloadOf(outcome: Outcome): unknown {
  expect(outcome.state === 'succeeded', `the function failed: ${JSON.stringify(outcome)}`);
  return outcome.payload;
}

export async function scan({ documents }: Harness, table: TableName): Promise<readonly Record<string, unknown>[]> {
  const { Items = [] } = await documents.send(new ScanCommand({ TableName: tableName(table), ConsistentRead: true }));
  return Items;
}

/** The GitHub App that is registered in the emulator. */
export interface App {
  readonly slug: string;
  readonly key: string;
  readonly webhookSecret: string;
}

/** Returns the environment variables of all functions. */
export function environmentOf(aws: AwsEndpoint, github: Emulator, app: App): Record<string, string> {
  const resources = [
    ...queues.flatMap(({ name, deadLetterQueue }) => [
      [`${name.toUpperCase()}_QUEUE_URL`, queueUrl(aws.url, name)],
      [`${name.toUpperCase()}_DEAD_LETTER_QUEUE_URL`, queueUrl(aws.url, deadLetterQueue)],
    ]),
    ...tables.map(({ name }) => [`${name.toUpperCase()}_TABLE`, tableName(name)]),
  ] as [string, string][];
  return {
    ...Object.fromEntries(resources),
    BUS_NAME: busName,
    UNDELIVERED_EVENTS_QUEUE_URL: queueUrl(aws.url, undeliveredEventsQueue.name),
    AWS_ENDPOINT_URL: aws.url,
    AWS_REGION: awsAccess.region,
    AWS_ACCESS_KEY_ID: awsAccess.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: awsAccess.credentials.secretAccessKey,
    GITHUB_APP_ID: '1',
    GITHUB_APP_SLUG: app.slug,
    GITHUB_APP_PRIVATE_KEY: app.key,
    GITHUB_WEBHOOK_SECRET: app.webhookSecret,
    WEBHOOK_SECRETS_PREFIX: 'dispatcher-local/webhooks/',
    GITHUB_API_URL: github.url,
    ADMIN_AUTHENTICATION: 'disabled',
    ADMIN_LISTENS_ON: '127.0.0.1',
  };
}
