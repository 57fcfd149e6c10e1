import { ChangeMessageVisibilityCommand, DeleteMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { Attempts } from './attempts.ts';
import type { Bus } from './bus.ts';
import { moveToDeadLetterQueue } from './move-to-dead-letter-queue.ts';
import { DeferError, PermanentError } from './errors.ts';
import type { StepLog } from './logger.ts';
import { type MessageFields, type MessageSchema, readMessage } from './message.ts';
import type { Meter } from './metrics.ts';

export interface Attempt {
  readonly messageId: string;
  readonly attempt: number;
  /** No attempt follows: what cannot be had now must be recorded as such. */
  readonly isLast: boolean;
  /** Aborts when the record's own deadline has passed. */
  readonly signal: AbortSignal;
  readonly log: StepLog;
}

export interface ConsumerOptions<M> {
  /** Name for logs, attempts and dead letters: `runs`. */
  readonly queue: string;
  readonly queueUrl: string;
  readonly deadLetterQueueUrl: string;
  readonly sqs: Pick<SQSClient, 'send'>;
  readonly schema: MessageSchema<M>;
  /** The newest message version this release reads. */
  readonly version: number;
  readonly maxAttempts: number;
  readonly attempts: Attempts;
  readonly bus: Bus;
  readonly log: StepLog;
  readonly meter: Meter;
  readonly now?: () => number;
  readonly random?: () => number;
}

interface Taken<M> {
  readonly record: SQSRecord;
  readonly message: M;
  readonly fields: MessageFields;
  readonly attempt: Attempt;
}

type Settled = { readonly done: true } | { readonly done: false };

type Step<M> = (message: M, attempt: Attempt) => Promise<void>;
type BatchStep<M> = (messages: readonly M[]) => Promise<void>;

type SqsHandler = (event: SQSEvent, context: Pick<Context, 'getRemainingTimeInMillis'>) => Promise<SQSBatchResponse>;

// The loop needs time after a record's deadline to change visibility and to report; without it the whole batch times
// out and the finished records run again.
const reserveMs = 3_000;
const longestBackoffMs = 15 * 60_000;

/** Handles every message on its own and at the same time: a poison message takes no neighbour along. */
export function createConsumer<M>(options: ConsumerOptions<M>, step: Step<M>): SqsHandler {
  return async (event, context) => {
    let running = event.Records.length;
    const handle = async (record: SQSRecord): Promise<Settled> => {
      const settled = await guarded(options, record, async () => {
        const taken = await take(options, record, context);
        return taken === null ? { done: true } : runOne(options, taken, step);
      });
      running -= 1;
      // Deleted at once, or a neighbour that runs into the time-out would bring this one back.
      if (settled.done && running > 0) await deleteFinished(options, record);
      return settled;
    };
    return report(event.Records, await Promise.all(event.Records.map(handle)));
  };
}

/**
 * Hands all messages over in one piece. Where that fails they are tried one by one, so that the one at fault is found
 * and only that one goes back.
 */
export function createBatchConsumer<M>(options: ConsumerOptions<M>, step: BatchStep<M>): SqsHandler {
  return async (event, context) => {
    const settled = new Map<SQSRecord, Settled>();
    const batch: Taken<M>[] = [];
    await Promise.all(
      event.Records.map(async (record) => {
        const result = await guarded(options, record, async () => {
          const taken = await take(options, record, context);
          if (taken !== null) batch.push(taken);
          return { done: true };
        });
        settled.set(record, result);
      }),
    );
    try {
      if (batch.length > 0) await step(batch.map(({ message }) => message));
    } catch (error) {
      options.log.warn('batch failed; trying its messages one by one', { size: batch.length, error });
      for (const taken of batch) settled.set(taken.record, await runOne(options, taken, (message) => step([message])));
    }
    return report(
      event.Records,
      event.Records.map((record) => settled.get(record) ?? { done: false }),
    );
  };
}

function report(records: readonly SQSRecord[], settled: readonly Settled[]): SQSBatchResponse {
  const failed = records.filter((_, index) => settled[index]?.done !== true);
  return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
}

// The last line of defence: an error in the loop itself must send back this record and no other.
async function guarded<M>(
  options: ConsumerOptions<M>,
  record: SQSRecord,
  work: () => Promise<Settled>,
): Promise<Settled> {
  try {
    return await work();
  } catch (error) {
    options.log.error('message could not be handled; it goes back to the queue', {
      queue: options.queue,
      messageId: record.messageId,
      error,
    });
    return { done: false };
  }
}

/** Null: the message is settled already, as a dead letter. */
async function take<M>(
  options: ConsumerOptions<M>,
  record: SQSRecord,
  context: Pick<Context, 'getRemainingTimeInMillis'>,
): Promise<Taken<M> | null> {
  const read = readMessage(options, record.body);
  const attempt = await countAttempt(options, record);
  const { messageId } = record;
  const log = options.log.with({ queue: options.queue, messageId, attempt, ...read.fields });
  if (read.state === 'unreadable') {
    await moveToDeadLetterQueue(options, record, read.fields, {
      reason: read.reason,
      detail: read.detail,
      attempts: attempt,
    });
    return null;
  }
  if (attempt > options.maxAttempts) {
    const detail = `Attempt ${attempt - 1} of ${options.maxAttempts} began and never ended.`;
    await moveToDeadLetterQueue(options, record, read.fields, { reason: 'died', detail, attempts: attempt - 1 });
    return null;
  }
  const signal = AbortSignal.timeout(Math.max(1, context.getRemainingTimeInMillis() - reserveMs));
  return {
    record,
    message: read.message,
    fields: read.fields,
    attempt: { messageId, attempt, isLast: attempt === options.maxAttempts, signal, log },
  };
}

async function countAttempt<M>(options: ConsumerOptions<M>, record: SQSRecord): Promise<number> {
  // Nearly every message succeeds at its first receive; a write for each would double the cost of a run.
  if (record.attributes.ApproximateReceiveCount === '1') return 1;
  return options.attempts.begin(options.queue, record.messageId);
}

async function runOne<M>(options: ConsumerOptions<M>, taken: Taken<M>, step: Step<M>): Promise<Settled> {
  const { record, message, attempt } = taken;
  try {
    await withDeadline(step(message, attempt), attempt.signal);
    return { done: true };
  } catch (error) {
    return guarded(options, record, () => afterFailure(options, taken, error));
  }
}

function withDeadline(work: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('The message’s time was up.')), { once: true });
    work.then(resolve, reject);
  });
}

async function afterFailure<M>(options: ConsumerOptions<M>, taken: Taken<M>, error: unknown): Promise<Settled> {
  const { record, fields, attempt } = taken;
  const detail = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  if (error instanceof DeferError) {
    attempt.log.info('deferred', { reason: error.message, afterMs: error.afterMs });
    await options.attempts.defer(options.queue, record.messageId);
    await retryLater(options, record, error.afterMs);
    return { done: false };
  }
  if (error instanceof PermanentError || attempt.isLast) {
    const reason = error instanceof PermanentError ? 'permanent-error' : 'attempts-exhausted';
    attempt.log.error('message dead-lettered', { reason, error });
    await moveToDeadLetterQueue(options, record, fields, { reason, detail, attempts: attempt.attempt });
    return { done: true };
  }
  const afterMs = backoff(attempt.attempt, options.random ?? Math.random);
  attempt.log.warn('attempt failed; the message is tried again', { error, afterMs });
  await retryLater(options, record, afterMs);
  return { done: false };
}

/** 1–2 s, 2–4 s, 4–8 s …: the jitter keeps messages that failed together from coming back together. */
function backoff(attempt: number, random: () => number): number {
  return Math.min(longestBackoffMs, 1_000 * 2 ** (attempt - 1) * (1 + random()));
}

// SQS takes 12 hours since the message was received, and refuses more: the time it was worked on is part of them.
const longestVisibilitySeconds = 43_000;

// Visibility, never a new message: a re-sent one starts its receive count again and so never ends.
async function retryLater<M>(options: ConsumerOptions<M>, record: SQSRecord, afterMs: number): Promise<void> {
  const seconds = Math.min(longestVisibilitySeconds, Math.max(1, Math.ceil(afterMs / 1_000)));
  await options.sqs.send(
    new ChangeMessageVisibilityCommand({
      QueueUrl: options.queueUrl,
      ReceiptHandle: record.receiptHandle,
      VisibilityTimeout: seconds,
    }),
  );
}

async function deleteFinished<M>(options: ConsumerOptions<M>, record: SQSRecord): Promise<void> {
  try {
    await options.sqs.send(
      new DeleteMessageCommand({ QueueUrl: options.queueUrl, ReceiptHandle: record.receiptHandle }),
    );
  } catch (error) {
    // Lambda deletes it when the batch returns; a failure here only widens the window for a harmless repeat.
    options.log.warn('finished message not deleted at once', {
      queue: options.queue,
      messageId: record.messageId,
      error,
    });
  }
}
