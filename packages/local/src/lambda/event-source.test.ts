import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  GetQueueAttributesCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { SQSEvent, SQSRecord } from 'aws-lambda';
import { type AwsEndpoint, startAwsEndpoint } from '../aws/aws-endpoint.ts';
import { startEventSource, succeeded } from './event-source.ts';
import type { Outcome } from './lambda-runtime.ts';
import { awsAccess, queueUrl } from '../aws/provision.ts';
import { until } from '../testing/until.ts';

const records = ['a', 'b', 'c'].map((messageId) => ({ messageId }) as SQSRecord);
const deletedIds = (payload: unknown) =>
  succeeded(records, { state: 'succeeded', payload }).map(({ messageId }) => messageId);

describe('which messages of a batch are deleted', () => {
  test('those not listed as failed', () => {
    expect(deletedIds({ batchItemFailures: [{ itemIdentifier: 'b' }] })).toEqual(['a', 'c']);
  });
  test.each([null, {}, { batchItemFailures: null }, { batchItemFailures: [] }, 'text'])(
    'all, if the response is %j',
    (payload) => {
      expect(deletedIds(payload)).toEqual(['a', 'b', 'c']);
    },
  );
  test.each([
    [[{ itemIdentifier: '' }]],
    [[{ itemIdentifier: 'unknown' }]],
    [[{ itemIdentifer: 'a' }]],
    [[null, { itemIdentifier: 'a' }]],
  ])('none, if the failures are %j', (batchItemFailures) => {
    expect(deletedIds({ batchItemFailures })).toEqual([]);
  });
  test('none, if the invocation failed', () => {
    const error = { errorType: 'Error', errorMessage: 'no' };
    expect(succeeded(records, { state: 'failed', error })).toEqual([]);
  });
});

describe('an event source mapping', () => {
  let endpoint: AwsEndpoint;
  let sqs: SQSClient;
  beforeAll(async () => {
    endpoint = await startAwsEndpoint();
    sqs = new SQSClient({ endpoint: endpoint.url, ...awsAccess });
  });
  afterAll(async () => {
    await endpoint.close();
  });

  /** A long visibility timeout, so that received messages stay hidden on a slow machine. */
  async function createQueue(name: string): Promise<string> {
    await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes: { VisibilityTimeout: '600' } }));
    return queueUrl(endpoint.url, name);
  }

  async function send(url: string, ...bodies: string[]): Promise<void> {
    for (const MessageBody of bodies) {
      const attribute = { DataType: 'String', StringValue: 'value' };
      await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody, MessageAttributes: { attribute } }));
    }
  }

  async function messagesIn(url: string): Promise<number> {
    const names = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
    const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: [...names] }));
    return names.reduce((sum, name) => sum + Number(Attributes?.[name]), 0);
  }

  /** Makes a failed message visible again, as the functions do. */
  async function retryLater(QueueUrl: string, records: readonly SQSRecord[]): Promise<void> {
    for (const { receiptHandle: ReceiptHandle } of records) {
      await sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }));
    }
  }

  type Handler = (event: SQSEvent) => Outcome | Promise<Outcome>;

  function consume(url: string, batchSize: number, batchingWindow: number, handler: Handler) {
    const events: SQSEvent[] = [];
    const errors: string[] = [];
    const source = startEventSource({
      sqs,
      queueUrl: url,
      batchSize,
      batchingWindow,
      concurrency: 1,
      invoke: async (event) => {
        events.push(event);
        return handler(event);
      },
      onError: (message) => errors.push(message),
    });
    return { events, errors, source };
  }

  test('returns a failed message with a higher receive count, and deletes the others of its batch', async () => {
    const url = await createQueue('failing');
    await send(url, 'good', 'bad', 'good');
    const { events, source } = consume(url, 10, 0, async ({ Records }) => {
      const bad = Records.filter(
        ({ body, attributes }) => body === 'bad' && attributes.ApproximateReceiveCount === '1',
      );
      await retryLater(url, bad);
      return {
        state: 'succeeded',
        payload: { batchItemFailures: bad.map(({ messageId }) => ({ itemIdentifier: messageId })) },
      };
    });
    await until(() => events.flatMap(({ Records }) => Records).length === 4);
    await until(async () => (await messagesIn(url)) === 0);
    await source.stop();
    expect(events.at(-1)?.Records).toMatchObject([
      {
        body: 'bad',
        eventSource: 'aws:sqs',
        eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:failing',
        attributes: { ApproximateReceiveCount: '2', SentTimestamp: expect.stringMatching(/^\d{13}$/) },
        messageAttributes: { attribute: { stringValue: 'value', dataType: 'String' } },
      },
    ]);
  });

  test('returns the whole batch of a failed invocation, and reports the failure', async () => {
    const url = await createQueue('throwing');
    await send(url, 'one', 'two');
    let failures = 0;
    const { errors, source } = consume(url, 10, 0, async ({ Records }) => {
      failures += 1;
      if (failures === 1) await retryLater(url, Records);
      return failures === 1
        ? { state: 'failed', error: { errorType: 'Error', errorMessage: 'thrown' } }
        : { state: 'succeeded', payload: null };
    });
    await until(async () => (await messagesIn(url)) === 0);
    await source.stop();
    expect(errors).toEqual(['Error: thrown']);
    expect(failures).toBeGreaterThan(1);
  });

  test('collects a batch of more than ten within its batching window', async () => {
    const url = await createQueue('many');
    await send(url, ...Array.from({ length: 25 }, (_, index) => String(index)));
    const { events, source } = consume(url, 25, 20, () => ({ state: 'succeeded', payload: null }));
    await until(async () => (await messagesIn(url)) === 0);
    await source.stop();
    expect(events.map(({ Records }) => Records.length)).toEqual([25]);
  });

  test('without a batching window receives what has arrived, more than ten at once, and waits for no more', async () => {
    const url = await createQueue('arrived');
    await send(url, ...Array.from({ length: 25 }, (_, index) => String(index)));
    const { events, source } = consume(url, 45, 0, () => ({ state: 'succeeded', payload: null }));
    await until(async () => (await messagesIn(url)) === 0);
    await source.stop();
    expect(events.map(({ Records }) => Records.length)).toEqual([25]);
  });

  test('ends a long poll immediately when it is stopped', async () => {
    const polls: AbortSignal[] = [];
    // This poll never ends by itself.
    const endless = (_: unknown, { abortSignal }: { abortSignal: AbortSignal }) => {
      polls.push(abortSignal);
      return new Promise((_resolve, reject) => {
        abortSignal.addEventListener('abort', () => reject(abortSignal.reason as Error), { once: true });
      });
    };
    const errors: string[] = [];
    const source = startEventSource({
      sqs: { send: endless as SQSClient['send'] },
      queueUrl: 'http://sqs/idle',
      batchSize: 10,
      batchingWindow: 0,
      concurrency: 2,
      invoke: async () => ({ state: 'succeeded', payload: null }),
      onError: (message) => errors.push(message),
    });
    await source.stop();
    expect(polls.map(({ aborted }) => aborted)).toEqual([true, true]);
    expect(errors).toEqual([]);
  });
});
