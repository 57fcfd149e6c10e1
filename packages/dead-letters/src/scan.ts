import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { DeadLetterMessage } from './dead-letter.ts';
import type { DeadLetterQueue } from './dead-letter-queues.ts';
import { parseDeadLetter } from './parse-dead-letter.ts';

export interface ScanTools {
  readonly sqs: Pick<SQSClient, 'send'>;
  /** Receives warnings that do not fail the scan, such as dead letters that could not be made visible at once. */
  readonly warn: (sentence: string) => void;
}

/** A dead letter that is hidden from other readers while the scan lasts. */
export interface ScannedDeadLetter {
  readonly deadLetter: DeadLetterMessage;
  /** Deletes it from the dead-letter queue. */
  readonly remove: () => Promise<void>;
}

// Visibility timeout. If a scan crashes, its messages reappear after 60 s; a running scan re-receives and keeps its own.
const visibilityTimeoutSeconds = 60;
const maxMessagesPerCall = 10;
// SQS may return messages that a slow scan has already seen before it returns the rest.
const maxReceivesWithoutNews = 3;
const maxConcurrentRestores = 10;

/**
 * Yields every dead letter of the queue once. Messages that were not removed become visible again at the end, however
 * the scan ends: the caller leaves the loop, the loop throws, or `signal` aborts. Messages that another scan holds are
 * not yielded.
 * @throws the error of ReceiveMessage
 */
export async function* scanDeadLetters(
  { sqs, warn }: ScanTools,
  queue: DeadLetterQueue,
  signal: AbortSignal,
): AsyncGenerator<ScannedDeadLetter, void, undefined> {
  const seen = new Set<string>();
  /** Receipt handles of the messages that this scan holds, by message id. */
  const held = new Map<string, string>();
  const remove = async (id: string) => {
    await sqs.send(new DeleteMessageCommand({ QueueUrl: queue.deadLetterUrl, ReceiptHandle: held.get(id) }));
    held.delete(id);
  };
  try {
    for (let receives = 0; receives < maxReceivesWithoutNews && !signal.aborted; receives += 1) {
      const messages = await receive(sqs, queue.deadLetterUrl);
      // A long poll queries all of SQS's servers, so an empty response means that the queue is empty.
      if (messages.length === 0) return;
      // Recorded before the first is yielded: if the caller stops there, the others must be made visible again.
      for (const { MessageId: id = '', ReceiptHandle: receipt = '' } of messages) held.set(id, receipt);
      for (const message of messages.filter(({ MessageId: id = '' }) => !seen.has(id))) {
        if (signal.aborted) return;
        const id = message.MessageId ?? '';
        seen.add(id);
        receives = -1;
        yield { deadLetter: parseDeadLetter(queue, message), remove: () => remove(id) };
      }
    }
  } finally {
    const restored = await restoreVisibility(sqs, queue.deadLetterUrl, [...held.values()]);
    if (restored < held.size) {
      const hidden = held.size - restored;
      warn(`${hidden} dead letters of ${queue.name} stay hidden for up to ${visibilityTimeoutSeconds} s.`);
    }
  }
}

async function receive(sqs: Pick<SQSClient, 'send'>, url: string): Promise<Message[]> {
  // Not aborted by the signal: SQS might already have hidden messages whose receipt handles would be lost.
  const { Messages: messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: url,
      MaxNumberOfMessages: maxMessagesPerCall,
      VisibilityTimeout: visibilityTimeoutSeconds,
      WaitTimeSeconds: 1,
      MessageAttributeNames: ['All'],
      MessageSystemAttributeNames: ['All'],
    }),
  );
  return messages;
}

/** Makes messages visible again; returns how many are. */
async function restoreVisibility(
  sqs: Pick<SQSClient, 'send'>,
  url: string,
  receipts: readonly string[],
): Promise<number> {
  const calls = toChunks(receipts, maxMessagesPerCall).map((chunk) => async () => {
    const Entries = chunk.map((ReceiptHandle, index) => ({ Id: String(index), ReceiptHandle, VisibilityTimeout: 0 }));
    const response = await sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: url, Entries }));
    return response.Successful?.length ?? 0;
  });
  let restored = 0;
  for (const concurrent of toChunks(calls, maxConcurrentRestores)) {
    const results = await Promise.allSettled(concurrent.map((call) => call()));
    for (const result of results) restored += result.status === 'fulfilled' ? result.value : 0;
  }
  return restored;
}

function toChunks<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
    all.slice(index * size, (index + 1) * size),
  );
}
