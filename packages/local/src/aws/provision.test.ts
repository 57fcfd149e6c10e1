import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetQueueAttributesCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Code, planProblemCodes } from '@dispatcher/contracts';
import { tables } from '@dispatcher/topology';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startAwsEndpoint } from './aws-endpoint.ts';
import { matchesPattern } from './event-pattern.ts';
import { awsAccess, provision, queueUrl, tableName } from './provision.ts';
import { eventRules, eventSources, functionTimeouts, queues } from '@dispatcher/topology';

describe('the topology', () => {
  test.each(eventSources)('$queue: the visibility timeout is at least six times the function’s timeout', (source) => {
    const queue = queues.find(({ name }) => name === source.queue);
    expect(queue?.visibilityTimeout).toBeGreaterThanOrEqual(6 * functionTimeouts[source.function]);
  });

  test.each(queues)(
    '$name: dead letters are retained longer than the queue’s messages',
    ({ retention, deadLetterRetention }) => {
      expect(deadLetterRetention).toBeGreaterThan(retention);
    },
  );

  test('a decision goes to dispatch and facts; replayed from an archive, only to facts', () => {
    const event = { source: 'dispatcher', 'detail-type': 'route.decided', detail: {} };
    const reached = (received: object) =>
      eventRules.filter(({ pattern }) => matchesPattern(pattern, received)).map(({ queue }) => queue);
    expect(reached(event)).toEqual(['decisions', 'facts']);
    expect(reached({ ...event, 'replay-name': 'again' })).toEqual(['facts']);
    expect(reached({ ...event, 'detail-type': 'run.planned' })).toEqual(['facts']);
    expect(reached({ ...event, source: 'aws.sqs' })).toEqual([]);
  });

  test('of the plans, only those that open or close an issue go to dispatch', () => {
    const reached = (data: object) =>
      eventRules
        .filter(({ pattern }) =>
          matchesPattern(pattern, { source: 'dispatcher', 'detail-type': 'run.planned', detail: { data } }),
        )
        .map(({ queue }) => queue);
    const reported = Code.options.filter((code) => reached({ code }).includes('decisions'));
    expect(reported.toSorted()).toEqual(planProblemCodes);
    expect(reached({ code: 'planned' })).toEqual(['facts']);
    expect(reached({ code: 'planned', endsProblem: true })).toEqual(['decisions', 'facts']);
  });
});

describe('provisioning', () => {
  let dataDir: string;
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'provision-'));
  });
  afterAll(async () => {
    await rm(dataDir, { recursive: true });
  });

  test('a second start on another port keeps the queues with their messages, and the tables', async () => {
    const first = await startAwsEndpoint({ dataDir });
    await provision(first.url);
    const sqs = new SQSClient({ endpoint: first.url, ...awsAccess });
    await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl(first.url, 'runs'), MessageBody: 'stored' }));
    await first.close();

    const second = await startAwsEndpoint({ dataDir });
    await provision(second.url);
    const again = new SQSClient({ endpoint: second.url, ...awsAccess });
    const QueueUrl = queueUrl(second.url, 'runs');
    const { Attributes } = await again.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
    expect(Attributes).toMatchObject({ VisibilityTimeout: '180', MessageRetentionPeriod: '345600' });
    expect(JSON.parse(Attributes?.['RedrivePolicy'] ?? '')).toEqual({
      deadLetterTargetArn: 'arn:aws:sqs:us-east-1:000000000000:runs-dead-letters',
      maxReceiveCount: 1000,
    });
    const undelivered = { QueueUrl: queueUrl(second.url, 'undelivered-events'), AttributeNames: ['All' as const] };
    const { Attributes: attributes } = await again.send(new GetQueueAttributesCommand(undelivered));
    expect(attributes).toMatchObject({ MessageRetentionPeriod: '1209600' });
    const { Messages } = await again.send(new ReceiveMessageCommand({ QueueUrl }));
    expect(Messages).toMatchObject([{ Body: 'stored' }]);
    const dynamoDb = new DynamoDBClient({ endpoint: second.url, ...awsAccess });
    for (const { name, indexes } of tables) {
      const { Table } = await dynamoDb.send(new DescribeTableCommand({ TableName: tableName(name) }));
      expect(Table?.GlobalSecondaryIndexes?.map(({ IndexName }) => IndexName).sort() ?? []).toEqual(
        indexes.map((index) => index.name).sort(),
      );
    }
    await second.close();
  });
});
