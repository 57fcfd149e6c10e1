import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { DeadLetterMessage } from './dead-letter.ts';
import type { DeadLetterQueue } from './dead-letter-queues.ts';
import { parseDeadLetter } from './parse-dead-letter.ts';

export interface ScanTools {
  readonly sqs: Pick<SQSClient, 'send'>;
  /** Told of what went wrong beside the matter itself: letters that could not be made visible at once. */
  readonly warn: (sentence: string) => void;
}

/** A letter nobody else can receive while the walk lasts. */
export interface ScannedDeadLetter {
  readonly deadLetter: DeadLetterMessage;
  /** Deletes it from the dead-letter queue. */
  readonly remove: () => Promise<void>;
}

// Of a walker that died the letters are back after this; one that lives receives its own again and keeps them.
const heldSeconds = 60;
const perCall = 10;
// SQS may hand out what a slow walker has seen already before it hands out the rest.
const receivesWithoutNews = 3;
const restoresAtOnce = 10;

/**
 * Every letter of the queue, once. What was not removed is made visible again at the end, however the walk ends: the
 * caller leaves the loop, the loop throws, `signal` aborts. Letters another walker holds are not met.
 * @throws what SQS answers to ReceiveMessage
 */
export async function* scanDeadLetters(
  { sqs, warn }: ScanTools,
  queue: DeadLetterQueue,
  signal: AbortSignal,
): AsyncGenerator<ScannedDeadLetter, void, undefined> {
  const seen = new Set<string>();
  const held = new Map<string, string>();
  const remove = async (id: string) => {
    await sqs.send(new DeleteMessageCommand({ QueueUrl: queue.deadLetterUrl, ReceiptHandle: held.get(id) }));
    held.delete(id);
  };
  try {
    for (let quiet = 0; quiet < receivesWithoutNews && !signal.aborted; quiet += 1) {
      const messages = await receive(sqs, queue.deadLetterUrl);
      // A receive that waits asks all of SQS's servers: nothing is nothing.
      if (messages.length === 0) return;
      // All of them before the first is handed out: whoever stops at it leaves the others held.
      for (const { MessageId: id = '', ReceiptHandle: receipt = '' } of messages) held.set(id, receipt);
      for (const message of messages.filter(({ MessageId: id = '' }) => !seen.has(id))) {
        if (signal.aborted) return;
        const id = message.MessageId ?? '';
        seen.add(id);
        quiet = -1;
        yield { deadLetter: parseDeadLetter(queue, message), remove: () => remove(id) };
      }
    }
  } finally {
    const back = await restore(sqs, queue.deadLetterUrl, [...held.values()]);
    if (back < held.size) {
      warn(`${held.size - back} letters of ${queue.name} are hidden for up to ${heldSeconds} s; then they are back.`);
    }
  }
}

async function receive(sqs: Pick<SQSClient, 'send'>, url: string): Promise<Message[]> {
  // Never aborted on its way: SQS would have handed out letters that nobody knows of.
  const { Messages: messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: url,
      MaxNumberOfMessages: perCall,
      VisibilityTimeout: heldSeconds,
      WaitTimeSeconds: 1,
      MessageAttributeNames: ['All'],
      MessageSystemAttributeNames: ['All'],
    }),
  );
  return messages;
}

/** How many are visible again. */
async function restore(sqs: Pick<SQSClient, 'send'>, url: string, receipts: readonly string[]): Promise<number> {
  const calls = inPieces(receipts, perCall).map((piece) => async () => {
    const Entries = piece.map((ReceiptHandle, index) => ({ Id: String(index), ReceiptHandle, VisibilityTimeout: 0 }));
    const answer = await sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: url, Entries }));
    return answer.Successful?.length ?? 0;
  });
  let back = 0;
  for (const together of inPieces(calls, restoresAtOnce)) {
    const settled = await Promise.allSettled(together.map((call) => call()));
    for (const each of settled) back += each.status === 'fulfilled' ? each.value : 0;
  }
  return back;
}

function inPieces<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
    all.slice(index * size, (index + 1) * size),
  );
}

/** SQS's own counts; approximate, and some seconds behind. */
export interface MessageCounts {
  /** Can be received now. */
  readonly waiting: number;
  /** Somebody holds them, for an operation such as this one or for an inspection. */
  readonly inFlight: number;
}

export async function countMessages(sqs: Pick<SQSClient, 'send'>, url: string): Promise<MessageCounts> {
  const { Attributes: counts } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: url,
      AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
    }),
  );
  return {
    waiting: Number(counts?.ApproximateNumberOfMessages ?? 0),
    inFlight: Number(counts?.ApproximateNumberOfMessagesNotVisible ?? 0),
  };
}
