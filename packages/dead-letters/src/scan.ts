import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { DeadLetterMessage } from './dead-letter.ts';
import type { DeadLetterQueue } from './dead-letter-queues.ts';
import { countMessages } from './message-counts.ts';
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

/** How a scan waits for messages that other readers hold: the roll-up's scan, or another operator's command. */
export interface WaitForHeld {
  /** The longest wait in all. */
  readonly maxMs: number;
  /** Called once, before the first wait, with the number of messages that are held. */
  readonly onWait?: (held: number) => void;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Resolves after so many milliseconds, or at once if the signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

export interface ScanOptions {
  /** Ends the scan before its next message. */
  readonly signal: AbortSignal;
  /** How long the messages stay hidden if the process crashes. Default: 60. */
  readonly visibilityTimeoutSeconds?: number;
  /** The depth of the queue, if it is known: the scan ends without a last poll once it has seen so many messages. */
  readonly queueDepth?: number;
  /** Scans again while other readers hold messages. Without it the scan does not ask whether they do. */
  readonly waitForHeld?: WaitForHeld;
}

/**
 * The longest time for which a scan holds a message, in seconds: the visibility timeout. A scan that ends makes its messages
 * visible at once, and those of a process that crashes reappear after this time. Only a redrive or discard that is still
 * running receives its messages again and keeps them for longer.
 */
export const maxHoldSeconds = 60;
const maxMessagesPerCall = 10;
// SQS may return messages that a slow scan has already seen before it returns the rest.
const maxReceivesWithoutNews = 3;
const maxConcurrentRestores = 10;
const minWaitMs = 100;
const maxWaitMs = 2_000;

/**
 * Yields every dead letter of the queue once. Messages that were not removed become visible again at the end, however
 * the scan ends: the caller leaves the loop, the loop throws, or `signal` aborts. Messages that another reader holds are
 * not yielded, unless they are released while the scan waits for them.
 * @returns how many messages other readers still hold, by SQS's approximate count; 0 without `waitForHeld`
 * @throws the error of ReceiveMessage
 */
export async function* scanDeadLetters(
  tools: ScanTools,
  queue: DeadLetterQueue,
  options: ScanOptions,
): AsyncGenerator<ScannedDeadLetter, number, undefined> {
  const { signal, waitForHeld } = options;
  const seen = new Set<string>();
  const startedAt = waitForHeld?.now() ?? 0;
  for (let waitMs = minWaitMs, isFirst = true; ; waitMs = Math.min(2 * waitMs, maxWaitMs), isFirst = false) {
    const held = yield* scanOnce(tools, queue, options, seen);
    if (held === 0 || waitForHeld === undefined || signal.aborted) return held;
    const remainingMs = startedAt + waitForHeld.maxMs - waitForHeld.now();
    if (remainingMs <= 0) return held;
    if (isFirst) waitForHeld.onWait?.(held);
    await waitForHeld.sleep(Math.min(waitMs, remainingMs), signal);
  }
}

/**
 * Yields the dead letters that are visible now and not in `seen`, and releases them; returns how many others hold. What others
 * release between the last empty response and the count is visible, so that it looks once more while that brings news.
 */
async function* scanOnce(
  tools: ScanTools,
  queue: DeadLetterQueue,
  options: ScanOptions,
  seen: Set<string>,
): AsyncGenerator<ScannedDeadLetter, number, undefined> {
  const { visibilityTimeoutSeconds = maxHoldSeconds, signal, waitForHeld } = options;
  /** Receipt handles of the messages that this scan holds, by message id. */
  const held = new Map<string, string>();
  try {
    for (let seenBefore = -1; ; ) {
      yield* receiveVisible(tools, queue, options, { seen, held });
      if (waitForHeld === undefined || signal.aborted) return 0;
      // Counted before this scan releases its own: SQS's count lags, and would show them as held by another reader.
      const { waiting, inFlight } = await countMessages(tools.sqs, queue.deadLetterUrl);
      const heldByOthers = Math.max(0, inFlight - held.size);
      if (heldByOthers > 0 || waiting === 0 || seen.size === seenBefore) return heldByOthers;
      seenBefore = seen.size;
    }
  } finally {
    const restored = await restoreVisibility(tools.sqs, queue.deadLetterUrl, [...held.values()]);
    if (restored < held.size) {
      const hidden = held.size - restored;
      tools.warn(`${hidden} dead letters of ${queue.name} stay hidden for up to ${visibilityTimeoutSeconds} s.`);
    }
  }
}

/** Yields the dead letters that are visible now and not in `seen`, and keeps them hidden. */
async function* receiveVisible(
  { sqs }: ScanTools,
  queue: DeadLetterQueue,
  { signal, visibilityTimeoutSeconds = maxHoldSeconds, queueDepth = Infinity }: ScanOptions,
  { seen, held }: { readonly seen: Set<string>; readonly held: Map<string, string> },
): AsyncGenerator<ScannedDeadLetter, void, undefined> {
  const remove = async (id: string) => {
    await sqs.send(new DeleteMessageCommand({ QueueUrl: queue.deadLetterUrl, ReceiptHandle: held.get(id) }));
    held.delete(id);
  };
  for (let receives = 0; receives < maxReceivesWithoutNews && !signal.aborted; receives += 1) {
    const messages = await receive(sqs, queue.deadLetterUrl, visibilityTimeoutSeconds);
    // A long poll queries all of SQS's servers, so an empty response means that no message is visible.
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
    if (seen.size >= queueDepth) return;
  }
}

async function receive(sqs: Pick<SQSClient, 'send'>, url: string, visibilitySeconds: number): Promise<Message[]> {
  // Not aborted by the signal: SQS might already have hidden messages whose receipt handles would be lost.
  const { Messages: messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: url,
      MaxNumberOfMessages: maxMessagesPerCall,
      VisibilityTimeout: visibilitySeconds,
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
