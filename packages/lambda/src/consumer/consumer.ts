import { setImmediate } from 'node:timers/promises';
import { ChangeMessageVisibilityCommand, DeleteMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { Attempts } from './attempts.ts';
import type { Bus } from '../messaging/bus.ts';
import { moveToDeadLetterQueue } from './move-to-dead-letter-queue.ts';
import { DeferError, PermanentError } from './errors.ts';
import type { StepLog } from '../telemetry/logger.ts';
import { type MessageFields, type MessageSchema, readMessage } from './message.ts';
import type { Meter } from '../telemetry/metrics.ts';

export interface Attempt {
  readonly messageId: string;
  readonly attempt: number;
  /** No attempt follows: what cannot be read now must be recorded as unreadable. */
  readonly isLast: boolean;
  /**
   * Aborts at the message's deadline, when the consumer stops waiting and returns the message to the queue. Pass it to
   * calls of GitHub and EventBridge, so that an attempt that is over sends nothing more.
   */
  readonly signal: AbortSignal;
  readonly log: StepLog;
}

export interface ConsumerOptions<M> {
  /** Name for logs, attempts and dead letters, such as `runs`. */
  readonly queue: string;
  readonly queueUrl: string;
  readonly deadLetterQueueUrl: string;
  readonly sqs: Pick<SQSClient, 'send'>;
  readonly schema: MessageSchema<M>;
  /** The newest message version this release reads. */
  readonly version: number;
  readonly maxAttempts: number;
  readonly attempts: Attempts;
  /** Returns whose messages wait with a message that may have killed its process, such as its installation. */
  readonly laneOf?: (message: M) => string | undefined;
  readonly bus: Bus;
  readonly log: StepLog;
  readonly meter: Meter;
  readonly now?: () => number;
  readonly random?: () => number;
}

interface ReceivedMessage<M> {
  readonly record: SQSRecord;
  readonly message: M;
  readonly fields: MessageFields;
  readonly attempt: Attempt;
}

/** Whether the message can be deleted; otherwise it returns to the queue. */
interface Outcome {
  readonly done: boolean;
}

type Step<M> = (message: M, attempt: Attempt) => Promise<void>;
type BatchStep<M> = (messages: readonly M[]) => Promise<void>;

type SqsHandler = (event: SQSEvent, context: Pick<Context, 'getRemainingTimeInMillis'>) => Promise<SQSBatchResponse>;

// Time left after a message's deadline to change its visibility and to return. Without it the whole batch would time out
// and the messages that are done would be handled again.
const reserveMs = 3_000;
/** What a message that waited for others needs, so that a slow message before it costs it no attempt. */
const minAloneMs = 15_000;
const maxBackoffMs = 15 * 60_000;

/**
 * Creates a handler that handles the messages of a batch concurrently: a poison message does not affect the others.
 *
 * A message whose last attempt did not end may have killed its process. It is handled after all others, alone, and only
 * then its attempt is counted: if the process dies, the other messages are finished and deleted, and innocent messages
 * that died with it lose no attempt. Messages of the same lane wait with it.
 */
export function createConsumer<M>(options: ConsumerOptions<M>, step: Step<M>): SqsHandler {
  return async (event, context) => {
    const { handle, handleInTime, toResponse } = createInvocation(options, event.Records, context, step);
    const arrived = await arrive(options, event.Records);
    const suspects = arrived.filter(({ history }) => history.isSuspect);
    const lanes = new Set(suspects.map(({ lane }) => lane).filter((lane) => lane !== undefined));
    const others = arrived.filter(({ history }) => !history.isSuspect);
    const isBeside = ({ lane }: Arrived) => lane !== undefined && lanes.has(lane);
    await Promise.all(others.filter((each) => !isBeside(each)).map(handle));
    await Promise.all(others.filter(isBeside).map(handleInTime));
    for (const suspect of suspects) await handleInTime(suspect);
    return toResponse();
  };
}

/** Creates what handles the messages of one batch, each by itself, and collects their outcomes. Its functions never reject. */
function createInvocation<M>(
  options: ConsumerOptions<M>,
  records: readonly SQSRecord[],
  context: Pick<Context, 'getRemainingTimeInMillis'>,
  step: Step<M>,
) {
  const outcomes = new Map<SQSRecord, Outcome>();
  const isPending = () => outcomes.size < records.length;
  const deleteEarly = createEarlyDeletion(options, isPending);
  const finish = async (record: SQSRecord, outcome: Outcome): Promise<void> => {
    outcomes.set(record, outcome);
    if (outcome.done && isPending()) await deleteEarly(record);
  };
  const handle = async ({ record, history }: Arrived): Promise<void> => {
    const outcome = await guarded(options, record, async () => {
      const received = await receive(options, record, history, context);
      return received === null ? { done: true } : handleOne(options, received, step);
    });
    await finish(record, outcome);
  };
  return {
    finish,
    handle,
    /** Handles a message that waited for others, unless they left too little time. The first of a batch is always handled. */
    handleInTime: async (each: Arrived): Promise<void> => {
      if (outcomes.size === 0 || context.getRemainingTimeInMillis() >= minAloneMs) return handle(each);
      await returnUntouched(options, each.record);
      // Without a record it would be a suspect when it returns.
      if (!each.history.isSuspect) await forgetReceive(options, each);
    },
    toResponse: (): SQSBatchResponse => {
      const failed = records.filter((record) => outcomes.get(record)?.done !== true);
      return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
    },
  };
}

/** How the earlier attempts at a message ended. */
interface History {
  /** Attempts that failed or died. */
  readonly counted: number;
  readonly isFirst: boolean;
  /** The last attempt did not end: it died, or it was received by SQS and never handed out. */
  readonly isSuspect: boolean;
  /** The last attempt began and did not end. False for a message whose first receive died: that one is not stored. */
  readonly isOpen: boolean;
}

interface Arrived {
  readonly record: SQSRecord;
  readonly lane: string | undefined;
  readonly history: History;
}

async function arrive<M>(options: ConsumerOptions<M>, records: readonly SQSRecord[]): Promise<Arrived[]> {
  const arrived = await Promise.all(
    records.map(async (record): Promise<Arrived | null> => {
      let found: Arrived | null = null;
      await guarded(options, record, async () => {
        found = { record, lane: laneOf(options, record), history: await readHistory(options, record) };
        return { done: true };
      });
      return found;
    }),
  );
  return arrived.filter((each) => each !== null);
}

function laneOf<M>(options: ConsumerOptions<M>, record: SQSRecord): string | undefined {
  if (options.laneOf === undefined) return undefined;
  const read = readMessage(options, record.body);
  return read.state === 'read' ? options.laneOf(read.message) : undefined;
}

async function readHistory<M>(options: ConsumerOptions<M>, record: SQSRecord): Promise<History> {
  // Nearly every message succeeds at its first receive; a read for each would double the cost per message.
  if (record.attributes.ApproximateReceiveCount === '1')
    return { counted: 0, isFirst: true, isSuspect: false, isOpen: false };
  const known = await options.attempts.getAttempts(options.queue, record.messageId);
  const { counted = 0, isOpen = false } = known ?? {};
  return { counted, isFirst: false, isSuspect: known === null || isOpen, isOpen };
}

/** Stores that nothing was tried at this receive, so that the message does not count as one whose attempt did not end. */
async function forgetReceive<M>(options: ConsumerOptions<M>, { record, history }: Arrived): Promise<void> {
  await guarded(options, record, async () => {
    await options.attempts.endAttempt(options.queue, record.messageId, history.counted);
    return { done: false };
  });
}

/** Returns a message to the queue without counting an attempt. */
async function returnUntouched<M>(options: ConsumerOptions<M>, record: SQSRecord): Promise<void> {
  await guarded(options, record, async () => {
    await retryLater(options, record, 1_000);
    return { done: false };
  });
}

/**
 * Creates a handler that handles all messages of a batch in one step. If that fails, it tries them one by one, so that
 * only the message that causes the failure returns to the queue.
 *
 * A message whose attempt began and did not end is handled after the others, alone, as in {@link createConsumer}. Another
 * message that was received before is handled with the rest: while a queue is throttled, most are of this kind.
 */
export function createBatchConsumer<M>(options: ConsumerOptions<M>, step: BatchStep<M>): SqsHandler {
  return async (event, context) => {
    const { finish, handleInTime, toResponse } = createInvocation(options, event.Records, context, (message) =>
      step([message]),
    );
    const arrived = await arrive(options, event.Records);
    const others = arrived.filter(({ history }) => !history.isOpen);
    const outcomes = await handleTogether(options, others, context, step);
    await Promise.all([...outcomes].map(([record, outcome]) => finish(record, outcome)));
    for (const suspect of arrived.filter(({ history }) => history.isOpen)) await handleInTime(suspect);
    return toResponse();
  };
}

/**
 * Handles messages in one step, and one by one if that fails. Where too little time is left for that, for example because
 * the step did not end before its deadline, they return to the queue and no attempt is counted.
 */
async function handleTogether<M>(
  options: ConsumerOptions<M>,
  arrived: readonly Arrived[],
  context: Pick<Context, 'getRemainingTimeInMillis'>,
  step: BatchStep<M>,
): Promise<ReadonlyMap<SQSRecord, Outcome>> {
  const outcomes = new Map<SQSRecord, Outcome>();
  const batch: ReceivedMessage<M>[] = [];
  await Promise.all(
    arrived.map(async ({ record, history }) => {
      const outcome = await guarded(options, record, async () => {
        const received = await receive(options, record, { ...history, isSuspect: false }, context);
        if (received !== null) batch.push(received);
        return { done: true };
      });
      outcomes.set(record, outcome);
    }),
  );
  if (batch.length === 0) return outcomes;
  try {
    const deadline = AbortSignal.any(batch.map(({ attempt }) => attempt.signal));
    await withDeadline(step(batch.map(({ message }) => message)), deadline);
  } catch (error) {
    options.log.warn('batch failed; trying its messages one by one', { size: batch.length, error });
    const returned: Promise<void>[] = [];
    for (const received of batch) {
      if (context.getRemainingTimeInMillis() < minAloneMs) {
        outcomes.set(received.record, { done: false });
        returned.push(returnUntouched(options, received.record));
      } else outcomes.set(received.record, await handleOne(options, received, (message) => step([message])));
    }
    await Promise.all(returned);
  }
  return outcomes;
}

// An error in the consumer itself must return this message to the queue and no other.
async function guarded<M>(
  options: ConsumerOptions<M>,
  record: SQSRecord,
  work: () => Promise<Outcome>,
): Promise<Outcome> {
  try {
    return await work();
  } catch (error) {
    options.log.error('could not handle a message; it returns to the queue', {
      queue: options.queue,
      messageId: record.messageId,
      error,
    });
    return { done: false };
  }
}

/** Parses a message and begins the attempt. Returns null if the message became a dead letter. */
async function receive<M>(
  options: ConsumerOptions<M>,
  record: SQSRecord,
  { counted, isFirst, isSuspect }: History,
  context: Pick<Context, 'getRemainingTimeInMillis'>,
): Promise<ReceivedMessage<M> | null> {
  const read = readMessage(options, record.body);
  const attempt = counted + 1;
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
    const detail = `Attempt ${attempt - 1} of ${options.maxAttempts} started and did not end: its process died or timed out.`;
    await moveToDeadLetterQueue(options, record, read.fields, { reason: 'died', detail, attempts: attempt - 1 });
    return null;
  }
  // Only the attempt at a message that is handled alone is counted before it ends.
  if (!isFirst) await options.attempts.beginAttempt(options.queue, messageId, isSuspect ? attempt : counted);
  const signal = AbortSignal.timeout(Math.max(1, context.getRemainingTimeInMillis() - reserveMs));
  return {
    record,
    message: read.message,
    fields: read.fields,
    attempt: { messageId, attempt, isLast: attempt === options.maxAttempts, signal, log },
  };
}

async function handleOne<M>(
  options: ConsumerOptions<M>,
  received: ReceivedMessage<M>,
  step: Step<M>,
): Promise<Outcome> {
  const { record, message, attempt } = received;
  try {
    await withDeadline(step(message, attempt), attempt.signal);
    return { done: true };
  } catch (error) {
    return guarded(options, record, () => afterFailure(options, received, error));
  }
}

function withDeadline(work: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = () => reject(new Error('The message was not handled before its deadline.'));
    if (signal.aborted) end();
    signal.addEventListener('abort', end, { once: true });
    work.then(resolve, reject);
  });
}

async function afterFailure<M>(
  options: ConsumerOptions<M>,
  received: ReceivedMessage<M>,
  error: unknown,
): Promise<Outcome> {
  const { record, fields, attempt } = received;
  const detail = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  if (error instanceof DeferError) {
    attempt.log.info('message deferred', { reason: error.message, afterMs: error.afterMs });
    await options.attempts.endAttempt(options.queue, record.messageId, attempt.attempt - 1);
    await retryLater(options, record, error.afterMs);
    return { done: false };
  }
  if (error instanceof PermanentError || attempt.isLast) {
    const reason = error instanceof PermanentError ? error.reason : 'attempts-exhausted';
    attempt.log.error('message dead-lettered', { reason, error });
    await moveToDeadLetterQueue(options, record, fields, { reason, detail, attempts: attempt.attempt });
    return { done: true };
  }
  const afterMs = backoff(attempt.attempt, options.random ?? Math.random);
  attempt.log.warn('attempt failed; the message is retried', { error, afterMs });
  await options.attempts.endAttempt(options.queue, record.messageId, attempt.attempt);
  await retryLater(options, record, afterMs);
  return { done: false };
}

/** Returns 1–2 s, 2–4 s, 4–8 s and so on. The jitter keeps messages that failed together from being retried together. */
function backoff(attempt: number, random: () => number): number {
  return Math.min(maxBackoffMs, 1_000 * 2 ** (attempt - 1) * (1 + random()));
}

// SQS allows at most 12 hours since the message was received, and the time of the attempt counts towards them.
const maxVisibilitySeconds = 43_000;

// Changes the visibility timeout instead of sending a new message: a new one would restart SQS's receive count.
async function retryLater<M>(options: ConsumerOptions<M>, record: SQSRecord, afterMs: number): Promise<void> {
  const seconds = Math.min(maxVisibilitySeconds, Math.max(1, Math.ceil(afterMs / 1_000)));
  await options.sqs.send(
    new ChangeMessageVisibilityCommand({
      QueueUrl: options.queueUrl,
      ReceiptHandle: record.receiptHandle,
      VisibilityTimeout: seconds,
    }),
  );
}

/**
 * Returns a function that deletes a finished message while others are still handled: if one of them ran into the function's
 * timeout, SQS would deliver this one again. One request is sent at a time, and messages that finish meanwhile share the
 * next one.
 * @param isNeeded returns false once all messages are handled: Lambda then deletes those that are left
 */
function createEarlyDeletion<M>(
  options: ConsumerOptions<M>,
  isNeeded: () => boolean,
): (record: SQSRecord) => Promise<void> {
  const finished: SQSRecord[] = [];
  let sending: Promise<void> | null = null;
  const sendAll = async (): Promise<void> => {
    do {
      // Messages that need no request finish together, and a batch of them needs none.
      await setImmediate();
      if (isNeeded()) await deleteFinished(options, finished.splice(0, maxBatchSize));
    } while (finished.length > 0 && isNeeded());
    sending = null;
  };
  return async (record) => {
    finished.push(record);
    await (sending ??= sendAll());
  };
}

// The limit of SQS.
const maxBatchSize = 10;

async function deleteFinished<M>(options: ConsumerOptions<M>, records: readonly SQSRecord[]): Promise<void> {
  // Lambda deletes a message when the batch returns. Until then SQS may deliver it again, which is harmless.
  const warn = (fields: Readonly<Record<string, unknown>>) =>
    options.log.warn('could not delete finished messages early', { queue: options.queue, ...fields });
  const entries = records.map(({ messageId, receiptHandle }) => ({ Id: messageId, ReceiptHandle: receiptHandle }));
  try {
    const { Failed: failed = [] } = await options.sqs.send(
      new DeleteMessageBatchCommand({ QueueUrl: options.queueUrl, Entries: entries }),
    );
    if (failed.length > 0) warn({ failed });
  } catch (error) {
    warn({ messageIds: records.map(({ messageId }) => messageId), error });
  }
}
