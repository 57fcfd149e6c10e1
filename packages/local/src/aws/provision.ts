import { randomBytes } from 'node:crypto';
import {
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { CreateQueueCommand, SetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { createTableInput, type TableDescription, type TableName, tables } from '@dispatcher/topology';
import { type QueueDescription, queues, undeliveredEventsQueue } from '@dispatcher/topology';

/**
 * Region and credentials of the local AWS. The access key is random and new for each start, so that no other user of this
 * machine and no web page has it. It reaches other processes through their environment only.
 */
export const awsAccess = {
  region: 'us-east-1',
  credentials: {
    accessKeyId: `LOCAL${randomBytes(20).toString('hex').toUpperCase()}`,
    secretAccessKey: randomBytes(20).toString('hex'),
  },
};

export function tableName(name: TableName): string {
  return `dispatcher-${name}`;
}

/** Returns a queue's URL. GetQueueUrl would return the port of an earlier start for a stored queue. */
export function queueUrl(endpoint: string, queue: string): string {
  return `${endpoint}/000000000000/${queue}`;
}

/** Creates missing queues and tables, and updates the attributes of existing queues. */
export async function provision(endpoint: string): Promise<void> {
  const sqs = new SQSClient({ endpoint, ...awsAccess });
  const dynamoDb = new DynamoDBClient({ endpoint, ...awsAccess });
  try {
    for (const queue of queues) await provisionQueue(sqs, endpoint, queue);
    const { name, retention } = undeliveredEventsQueue;
    await setQueue(sqs, endpoint, name, { MessageRetentionPeriod: String(retention) });
    for (const table of tables) await provisionTable(dynamoDb, table);
  } finally {
    sqs.destroy();
    dynamoDb.destroy();
  }
}

async function provisionQueue(sqs: SQSClient, endpoint: string, queue: QueueDescription): Promise<void> {
  const set = (name: string, attributes: Record<string, string>) => setQueue(sqs, endpoint, name, attributes);
  await set(queue.deadLetterQueue, { MessageRetentionPeriod: String(queue.deadLetterRetention) });
  await set(queue.name, {
    VisibilityTimeout: String(queue.visibilityTimeout),
    MessageRetentionPeriod: String(queue.retention),
    RedrivePolicy: JSON.stringify({
      deadLetterTargetArn: `arn:aws:sqs:${awsAccess.region}:000000000000:${queue.deadLetterQueue}`,
      maxReceiveCount: queue.maxReceiveCount,
    }),
  });
}

async function setQueue(sqs: SQSClient, endpoint: string, name: string, Attributes: Record<string, string>) {
  await sqs.send(new CreateQueueCommand({ QueueName: name }));
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl: queueUrl(endpoint, name), Attributes }));
}

async function provisionTable(dynamoDb: DynamoDBClient, table: TableDescription): Promise<void> {
  const name = tableName(table.name);
  if (!(await exists(dynamoDb, name))) await dynamoDb.send(new CreateTableCommand(createTableInput(table, name)));
  const wait = { client: dynamoDb, maxWaitTime: 60, minDelay: 0.05, maxDelay: 0.05 };
  try {
    await waitUntilTableExists(wait, { TableName: name });
  } catch (error) {
    throw new Error(`The table ${name} was only partly created. Delete the data directory and start again.`, {
      cause: error,
    });
  }
}

async function exists(dynamoDb: DynamoDBClient, name: string): Promise<boolean> {
  try {
    await dynamoDb.send(new DescribeTableCommand({ TableName: name }));
    return true;
  } catch (error) {
    if ((error as Error).name === 'ResourceNotFoundException') return false;
    throw error;
  }
}
