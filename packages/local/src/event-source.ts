import {
  DeleteMessageBatchCommand,
  type Message,
  type MessageAttributeValue,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { SQSEvent, SQSMessageAttributes, SQSRecord, SQSRecordAttributes } from 'aws-lambda';
import { setTimeout as delay } from 'node:timers/promises';
import type { Outcome } from './lambda-runtime.ts';

export interface EventSourceOptions {
  readonly sqs: Pick<SQSClient, 'send'>;
  readonly queueUrl: string;
  readonly batchSize: number;
  /** Seconds to wait for more messages once there is one; needed for batches of more than ten, as on AWS. */
  readonly batchingWindow: number;
  /** How many batches may be under way at once. */
  readonly concurrency: number;
  readonly invoke: (event: SQSEvent) => Promise<Outcome>;
  /** Told of every failed call, of a failed invocation as of a failed receive. */
  readonly onError: (message: string) => void;
}

export interface EventSource {
  /** Takes nothing new and resolves once the batches under way are settled. */
  stop(): Promise<void>;
}

const mostPerCall = 10;
const longPollSeconds = 20;
const pauseAfterErrorMs = 1_000;

/**
 * An event source mapping with ReportBatchItemFailures: only what succeeded is deleted, the rest becomes visible again.
 */
export function startEventSource(options: EventSourceOptions): EventSource {
  const stopping = new AbortController();
  const loops = Array.from({ length: options.concurrency }, () => poll(options, stopping.signal));
  return {
    async stop() {
      stopping.abort();
      await Promise.all(loops);
    },
  };
}

async function poll(options: EventSourceOptions, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      const messages = await collect(options, signal);
      if (messages.length > 0 && !signal.aborted) await handle(options, messages);
    } catch (error) {
      if (signal.aborted) return;
      options.onError(`polling ${options.queueUrl} failed: ${String(error)}`);
      await delay(pauseAfterErrorMs, undefined, { signal }).catch(() => undefined);
    }
  }
}

async function collect(options: EventSourceOptions, signal: AbortSignal): Promise<Message[]> {
  const messages = await receive(options, options.batchSize, longPollSeconds, signal);
  if (messages.length === 0) return messages;
  const until = Date.now() + options.batchingWindow * 1000;
  for (;;) {
    const room = options.batchSize - messages.length;
    // SQS waits whole seconds; asking with less left would be asking without a pause.
    const seconds = Math.round((until - Date.now()) / 1000);
    if (room <= 0 || seconds <= 0) return messages;
    messages.push(...(await receive(options, room, seconds, signal)));
  }
}

async function receive(
  options: EventSourceOptions,
  room: number,
  WaitTimeSeconds: number,
  abortSignal: AbortSignal,
): Promise<Message[]> {
  const command = new ReceiveMessageCommand({
    QueueUrl: options.queueUrl,
    MaxNumberOfMessages: Math.min(mostPerCall, room),
    WaitTimeSeconds,
    MessageSystemAttributeNames: ['All'],
    MessageAttributeNames: ['All'],
  });
  return (await options.sqs.send(command, { abortSignal })).Messages ?? [];
}

async function handle(options: EventSourceOptions, messages: readonly Message[]): Promise<void> {
  const records = messages.map((message) => recordOf(message, options.queueUrl));
  const outcome = await options.invoke({ Records: records });
  if (outcome.state === 'failed') options.onError(`${outcome.error.errorType}: ${outcome.error.errorMessage}`);
  const done = succeeded(records, outcome);
  for (let from = 0; from < done.length; from += mostPerCall) {
    await remove(options, done.slice(from, from + mostPerCall));
  }
}

async function remove(options: EventSourceOptions, records: readonly SQSRecord[]): Promise<void> {
  const Entries = records.map(({ receiptHandle }, index) => ({ Id: String(index), ReceiptHandle: receiptHandle }));
  const { Failed = [] } = await options.sqs.send(
    new DeleteMessageBatchCommand({ QueueUrl: options.queueUrl, Entries }),
  );
  for (const { Message: reason } of Failed) options.onError(`a finished message was not deleted: ${reason}`);
}

/**
 * The records to delete. As Lambda reads it: a failed invocation fails all; an answer that is empty, or lists no
 * failures, succeeds; an identifier that names no message of the batch fails all.
 */
export function succeeded(records: readonly SQSRecord[], outcome: Outcome): readonly SQSRecord[] {
  if (outcome.state === 'failed') return [];
  const failures: unknown = (outcome.payload as { batchItemFailures?: unknown } | null)?.batchItemFailures;
  if (!Array.isArray(failures)) return records;
  const failed = new Set(failures.map((failure) => (failure as { itemIdentifier?: unknown } | null)?.itemIdentifier));
  const known = new Set<unknown>(records.map(({ messageId }) => messageId));
  return [...failed].every((id) => known.has(id)) ? records.filter(({ messageId }) => !failed.has(messageId)) : [];
}

function recordOf(message: Message, queueUrl: string): SQSRecord {
  return {
    messageId: message.MessageId ?? '',
    receiptHandle: message.ReceiptHandle ?? '',
    body: message.Body ?? '',
    // SQS answers with the same names that Lambda hands on; asked for with "All" they are all there.
    attributes: message.Attributes as unknown as SQSRecordAttributes,
    messageAttributes: messageAttributesOf(message.MessageAttributes ?? {}),
    md5OfBody: message.MD5OfBody ?? '',
    eventSource: 'aws:sqs',
    eventSourceARN: `arn:aws:sqs:us-east-1:000000000000:${queueUrl.split('/').at(-1)}`,
    awsRegion: 'us-east-1',
  };
}

function messageAttributesOf(attributes: Readonly<Record<string, MessageAttributeValue>>): SQSMessageAttributes {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, { StringValue, BinaryValue, DataType }]) => [
      name,
      {
        ...(StringValue === undefined ? {} : { stringValue: StringValue }),
        ...(BinaryValue === undefined ? {} : { binaryValue: Buffer.from(BinaryValue).toString('base64') }),
        stringListValues: [],
        binaryListValues: [],
        dataType: DataType ?? 'String',
      },
    ]),
  );
}
