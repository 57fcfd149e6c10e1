import { type FunctionName, functionTimeouts } from './functions.ts';

export type QueueName = 'runs' | 'hints' | 'decisions' | 'facts';

/** An SQS queue with its dead-letter queue. Times are in seconds. */
export interface QueueDescription {
  readonly name: QueueName;
  readonly deadLetterQueue: `${QueueName}-dead-letters`;
  /** At least 6 × the timeout of the function that reads the queue, as AWS requires of an event source mapping. */
  readonly visibilityTimeout: number;
  /** A last resort: the functions count attempts themselves, because SQS counts throttled and deferred receives too. */
  readonly maxReceiveCount: number;
  readonly retention: number;
  /** Longer than the queue's retention, because a message keeps its first send time when SQS moves it. */
  readonly deadLetterRetention: number;
}

/** The event source mapping between a queue and the function that reads it. */
export interface EventSourceDescription {
  readonly queue: QueueName;
  readonly function: FunctionName;
  readonly batchSize: number;
  /** Seconds. */
  readonly batchingWindow: number;
  readonly maximumConcurrency: number;
  /** Without it Lambda ignores the list of failed messages and deletes them all. */
  readonly reportBatchItemFailures: true;
}

const daySeconds = 24 * 60 * 60;

function queue(name: QueueName, reader: FunctionName): QueueDescription {
  return {
    name,
    deadLetterQueue: `${name}-dead-letters`,
    visibilityTimeout: 6 * functionTimeouts[reader],
    maxReceiveCount: 1000,
    retention: 4 * daySeconds,
    deadLetterRetention: 14 * daySeconds,
  };
}

export const queues: readonly QueueDescription[] = [
  queue('runs', 'planning'),
  queue('hints', 'planning'),
  queue('decisions', 'dispatch'),
  queue('facts', 'facts'),
];

/** Where EventBridge stores events that it could not deliver to a target. Only operators read it. */
export const undeliveredEventsQueue = { name: 'undelivered-events', retention: 14 * daySeconds } as const;

export const eventSources: readonly EventSourceDescription[] = [
  {
    queue: 'runs',
    function: 'planning',
    batchSize: 10,
    batchingWindow: 0,
    maximumConcurrency: 10,
    reportBatchItemFailures: true,
  },
  // Few workers, so that planning stays free for runs, whatever number of hints waits.
  {
    queue: 'hints',
    function: 'planning',
    batchSize: 10,
    batchingWindow: 1,
    maximumConcurrency: 2,
    reportBatchItemFailures: true,
  },
  {
    queue: 'decisions',
    function: 'dispatch',
    batchSize: 10,
    batchingWindow: 0,
    maximumConcurrency: 10,
    reportBatchItemFailures: true,
  },
  // Few workers with large batches: transactions of concurrent writers on the same counters would conflict.
  {
    queue: 'facts',
    function: 'facts',
    batchSize: 45,
    batchingWindow: 2,
    maximumConcurrency: 2,
    reportBatchItemFailures: true,
  },
];
