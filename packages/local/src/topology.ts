import { eventSource } from '@dispatcher/lambda';
import type { EventRule } from './event-bridge.ts';

// What exists on AWS and on one machine alike, said once. Times are in seconds.

export type FunctionName = 'ingress' | 'planning' | 'dispatch' | 'facts' | 'admin';
export type QueueName = 'runs' | 'decisions' | 'facts';

export interface QueueDescription {
  readonly name: QueueName;
  readonly deadLetterQueue: `${QueueName}-dead-letters`;
  /** At least 6 × the time-out of the function that reads it, as AWS asks of an event source mapping. */
  readonly visibilityTimeout: number;
  /** The last resort: attempts are counted by the functions, because SQS counts every receive. */
  readonly maxReceiveCount: number;
  readonly retention: number;
  /** Longer than the queue's own: a dead letter keeps the time at which it was first sent. */
  readonly deadLetterRetention: number;
}

export interface EventSourceDescription {
  readonly queue: QueueName;
  readonly function: FunctionName;
  readonly batchSize: number;
  readonly batchingWindow: number;
  readonly maximumConcurrency: number;
  /** Without it Lambda ignores the list of failed messages and deletes them. */
  readonly reportBatchItemFailures: true;
}

/** An EventBridge rule with a rate. Its invocations may come late, twice or at the same time. */
export interface ScheduleDescription {
  readonly name: string;
  readonly function: FunctionName;
  readonly everySeconds: number;
  /** What the function is invoked with, as constant input of the rule's target. */
  readonly input: Readonly<Record<string, string>>;
}

export const busName = 'dispatcher';

export const functionTimeouts: Readonly<Record<FunctionName, number>> = {
  ingress: 10,
  planning: 30,
  dispatch: 30,
  facts: 30,
  admin: 10,
};

const days = 24 * 60 * 60;

function queue(name: QueueName, reader: FunctionName): QueueDescription {
  return {
    name,
    deadLetterQueue: `${name}-dead-letters`,
    visibilityTimeout: 6 * functionTimeouts[reader],
    maxReceiveCount: 1000,
    retention: 4 * days,
    deadLetterRetention: 14 * days,
  };
}

export const queues: readonly QueueDescription[] = [
  queue('runs', 'planning'),
  queue('decisions', 'dispatch'),
  queue('facts', 'facts'),
];

/** Where EventBridge puts, for so long, what no target took. Nothing reads it but an operator's commands. */
export const undeliveredQueue = { name: 'undelivered', retention: 14 * days } as const;

export const eventRules: readonly EventRule[] = [
  {
    name: 'decisions',
    bus: busName,
    // An archived event that is replayed into the bus must not start workflows again.
    pattern: { source: [eventSource], 'detail-type': ['route.decided'], 'replay-name': [{ exists: false }] },
    queue: 'decisions',
    inputPath: '$.detail',
  },
  { name: 'facts', bus: busName, pattern: { source: [eventSource] }, queue: 'facts', inputPath: '$.detail' },
];

export const eventSources: readonly EventSourceDescription[] = [
  {
    queue: 'runs',
    function: 'planning',
    batchSize: 10,
    batchingWindow: 0,
    maximumConcurrency: 10,
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
  // Few at once and many together: writers of the same counters would only cancel each other.
  {
    queue: 'facts',
    function: 'facts',
    batchSize: 45,
    batchingWindow: 2,
    maximumConcurrency: 2,
    reportBatchItemFailures: true,
  },
];

export const schedules: readonly ScheduleDescription[] = [
  { name: 'check-deliveries', function: 'planning', everySeconds: 60, input: { scheduled: 'check-deliveries' } },
  { name: 'roll-up', function: 'facts', everySeconds: 60, input: { scheduled: 'roll-up' } },
];
