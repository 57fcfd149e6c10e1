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
  /** Seconds to wait for more messages after the first. */
  readonly batchingWindow: number;
  /** The maximum number of concurrent batches. */
  readonly concurrency: number;
  readonly invoke: (event: SQSEvent) => Promise<Outcome>;
  /** Called for every failed invocation and every failed request to SQS. */
  readonly onError: (message: string) => void;
}

export interface EventSource {
  /** Stops receiving, and resolves once the current batches are settled. */
  stop(): Promise<void>;
}

const maxPerCall = 10;
const longPollSeconds = 20;
const pauseAfterErrorMs = 1_000;

/**
 * Starts an event source mapping with ReportBatchItemFailures: deletes the messages that succeeded; the others become
 * visible again.
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
  for (let received = messages.length; ; ) {
    const room = options.batchSize - messages.length;
    // SQS waits whole seconds.
    const seconds = Math.max(0, Math.round((until - Date.now()) / 1000));
    // Once the window has ended, only what is in the queue already is received.
    if (room <= 0 || (seconds === 0 && received < maxPerCall)) return messages;
    const more = await receive(options, room, seconds, signal);
    messages.push(...more);
    received = more.length;
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
    MaxNumberOfMessages: Math.min(maxPerCall, room),
    WaitTimeSeconds,
    MessageSystemAttributeNames: ['All'],
    MessageAttributeNames: ['All'],
  });
  return (await options.sqs.send(command, { abortSignal })).Messages ?? [];
}

async function handle(options: EventSourceOptions, messages: readonly Message[]): Promise<void> {
  const records = messages.map((message) => toRecord(message, options.queueUrl));
  const outcome = await options.invoke({ Records: records });
  if (outcome.state === 'failed') options.onError(`${outcome.error.errorType}: ${outcome.error.errorMessage}`);
  const done = succeeded(records, outcome);
  for (let from = 0; from < done.length; from += maxPerCall) {
    await remove(options, done.slice(from, from + maxPerCall));
  }
}

async function remove(options: EventSourceOptions, records: readonly SQSRecord[]): Promise<void> {
  const Entries = records.map(({ receiptHandle }, index) => ({ Id: String(index), ReceiptHandle: receiptHandle }));
  const { Failed = [] } = await options.sqs.send(
    new DeleteMessageBatchCommand({ QueueUrl: options.queueUrl, Entries }),
  );
  for (const { Message: reason } of Failed) options.onError(`could not delete a processed message: ${reason}`);
}

/**
 * Returns the records to delete, as Lambda interprets the response: a failed invocation fails all; an empty response, or
 * one without failures, succeeds; an identifier of no message in the batch fails all.
 */
export function succeeded(records: readonly SQSRecord[], outcome: Outcome): readonly SQSRecord[] {
  if (outcome.state === 'failed') return [];
  const failures: unknown = (outcome.payload as { batchItemFailures?: unknown } | null)?.batchItemFailures;
  if (!Array.isArray(failures)) return records;
  const failed = new Set(failures.map((failure) => (failure as { itemIdentifier?: unknown } | null)?.itemIdentifier));
  const known = new Set<unknown>(records.map(({ messageId }) => messageId));
  return [...failed].every((id) => known.has(id)) ? records.filter(({ messageId }) => !failed.has(messageId)) : [];
}

function toRecord(message: Message, queueUrl: string): SQSRecord {
  return {
    messageId: message.MessageId ?? '',
    receiptHandle: message.ReceiptHandle ?? '',
    body: message.Body ?? '',
    // SQS returns the names that Lambda passes on; "All" requests every one of them.
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
