// What the images work on while they run, and how a message gets to one of them.
import { type DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import {
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { Emulator } from '../packages/github-emulator/src/emulator.ts';
import type { AwsEndpoint } from '../packages/local/src/aws/aws-endpoint.ts';
import type { Outcome } from '../packages/local/src/lambda/lambda-runtime.ts';
import { awsAccess, queueUrl, tableName } from '../packages/local/src/aws/provision.ts';
import { busName, type QueueName, queues, undeliveredEventsQueue } from '../packages/topology/src/index.ts';
import { type TableName, tables } from '../packages/topology/src/index.ts';
import type { Container } from './lib-images-container.ts';

/** What a function's image is given to act on, and where its effect is looked for. */
export interface World {
  readonly aws: AwsEndpoint;
  readonly github: Emulator;
  readonly sqs: SQSClient;
  readonly documents: DynamoDBDocumentClient;
  /** The HTTP API in front of ingress and admin. */
  readonly frontUrl: string;
  /** The one container that runs. */
  container(): Container;
}

export function expect(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new Error(otherwise);
}

/** Everything the queue holds; long polls, because the bus delivers a moment after it answered. */
export async function drain({ sqs, aws }: World, queue: QueueName): Promise<readonly Message[]> {
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

/** Hands the messages to the container as the event source mapping does; none of them may be reported as failed. */
export async function handle(world: World, queue: QueueName, messages: readonly Message[]): Promise<void> {
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
  const payload = answerOf(await world.container().invoke({ Records: records }));
  const { batchItemFailures } = payload as { batchItemFailures?: unknown[] };
  expect(batchItemFailures?.length === 0, `messages of ${queue} failed: ${JSON.stringify(payload)}`);
  const deadLetters = await world.sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: queueUrl(world.aws.url, `${queue}-dead-letters`),
      AttributeNames: ['ApproximateNumberOfMessages'],
    }),
  );
  expect(
    deadLetters.Attributes?.['ApproximateNumberOfMessages'] === '0',
    `messages of ${queue} became dead letters: ${JSON.stringify(deadLetters.Attributes)}`,
  );
  // As Lambda does: what is done is deleted, unless the function did so itself.
  await world.sqs.send(
    new DeleteMessageBatchCommand({
      QueueUrl: queueUrl(world.aws.url, queue),
      Entries: messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle })),
    }),
  );
}

function answerOf(outcome: Outcome): unknown {
  expect(outcome.state === 'succeeded', `the function failed: ${JSON.stringify(outcome)}`);
  return outcome.payload;
}

export async function scan({ documents }: World, table: TableName): Promise<readonly Record<string, unknown>[]> {
  const { Items = [] } = await documents.send(new ScanCommand({ TableName: tableName(table), ConsistentRead: true }));
  return Items;
}

/** The GitHub App that the emulator knows. */
export interface App {
  readonly slug: string;
  readonly key: string;
  readonly webhookSecret: string;
}

/** The variables of all functions together; each reads its own. */
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
    GITHUB_API_URL: github.url,
    ADMIN_AUTHENTICATION: 'disabled',
    ADMIN_LISTENS_ON: '127.0.0.1',
  };
}
