import { Fact } from '@dispatcher/contracts';
import {
  createBatchConsumer,
  createBus,
  createLogger,
  createMeter,
  deadLetterQueuesOf,
  readConfiguration,
} from '@dispatcher/lambda';
import { createDocumentClient, createFactStore, createStateStore } from '@dispatcher/store';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { Configuration, watchedQueues } from './configuration.ts';
import { sampleQueues, type WatchedQueue } from './queues.ts';
import { recordBatch } from './record.ts';
import { rollUp } from './roll-up.ts';
import { tellUndelivered } from './undelivered.ts';

const environment = readConfiguration(Configuration);
const { FACTS_TABLE: table, PROJECTIONS_TABLE: projectionsTable } = environment;
const client = createDocumentClient();
const store = createFactStore({ client, table, projectionsTable });
const sqs = new SQSClient();
const bus = createBus(new EventBridgeClient(), environment.BUS_NAME);
const log = createLogger('facts', environment.LOG_LEVEL);
const meter = createMeter('facts');

const consume = createBatchConsumer(
  {
    queue: 'facts',
    queueUrl: environment.FACTS_QUEUE_URL,
    deadLetterQueueUrl: environment.FACTS_DEAD_LETTER_QUEUE_URL,
    sqs,
    schema: Fact,
    version: 1,
    maxAttempts: environment.MAX_ATTEMPTS,
    attempts: createStateStore({ client, table: environment.STATE_TABLE }).attempts,
    bus,
    log,
    meter,
  },
  (facts) => recordBatch({ store, log, meter, now: Date.now }, facts),
);

const rolling = {
  store: store.rollUp,
  queues: watchedQueues(environment),
  sample: (queues: readonly WatchedQueue[]) => sampleQueues(sqs, queues),
  tellUndelivered: () =>
    tellUndelivered(
      { store, sqs, queue: deadLetterQueuesOf(environment).bus, meter, log },
      AbortSignal.timeout(10_000),
    ),
  bus,
  meter,
  log,
  now: Date.now,
};

/** What the schedule hands over; the queue's events have `Records`. */
export interface ScheduledEvent {
  readonly scheduled: 'roll-up';
}

export async function handler(event: SQSEvent | ScheduledEvent, context: Context): Promise<SQSBatchResponse | void> {
  return 'scheduled' in event ? rollUp(rolling) : consume(event, context);
}
