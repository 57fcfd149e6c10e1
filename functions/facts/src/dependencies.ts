import { Fact } from '@dispatcher/contracts';
import { createBus, createLogger, createMeter, readConfiguration } from '@dispatcher/lambda';
import { deadLetterQueuesOf } from '@dispatcher/dead-letters';
import { createDocumentClient, createFactStore, createStateStore } from '@dispatcher/store';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import { Configuration, watchedQueues } from './configuration.ts';
import { sampleQueues, type WatchedQueue } from './queues.ts';
import { tellUndelivered } from './undelivered.ts';

// What the function works with, made once for each of its environments.

const environment = readConfiguration(Configuration);
const { FACTS_TABLE: table, PROJECTIONS_TABLE: projectionsTable } = environment;
const client = createDocumentClient();
const store = createFactStore({ client, table, projectionsTable });
const sqs = new SQSClient();
const bus = createBus(new EventBridgeClient(), environment.BUS_NAME);
const log = createLogger('facts', environment.LOG_LEVEL);
const meter = createMeter('facts');
const looking = { store, sqs, queue: deadLetterQueuesOf(environment)['undelivered-events'], meter, log };
const longestLookMs = 10_000;

/** What facts are recorded with. */
export const recording = { store, log, meter, now: Date.now };

/** What the queue `facts` is read with. */
export const consumer = {
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
};

/** For the roll-up of every minute. */
export const rolling = {
  store: store.rollUp,
  queues: watchedQueues(environment),
  sample: (queues: readonly WatchedQueue[]) => sampleQueues(sqs, queues),
  tellUndelivered: () => tellUndelivered(looking, AbortSignal.timeout(longestLookMs)),
  bus,
  meter,
  log,
  now: Date.now,
};
