import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { Fact } from '@dispatcher/contracts';
import { deadLetterQueuesOf } from '@dispatcher/dead-letters';
import { createBus, type Runtime } from '@dispatcher/lambda';
import { createRulesCache } from '@dispatcher/rules';
import { createAttemptStore, createFactStore, createStateTable } from '@dispatcher/store';
import { type Environment, watchedQueues } from './configuration.ts';
import { sampleQueues, type WatchedQueue } from './queue-samples.ts';
import { updateGraph } from './update-graph.ts';
import { recordUndeliveredEvents } from './record-undelivered-events.ts';

/** What the facts function reaches other systems through. */
export interface Clients extends Runtime {
  readonly dynamodb: DynamoDBDocumentClient;
  readonly sqs: Pick<SQSClient, 'send'>;
  readonly eventBridge: Pick<EventBridgeClient, 'send'>;
}

export type Dependencies = ReturnType<typeof createDependencies>;

/** Two thirds of the function's timeout together, so that the rest of the roll-up has time, too. */
const maxFoldMs = 15_000;
const maxScanMs = 5_000;
const maxRecordingMs = 8_000;

/** Creates everything that the handler works with, once per execution environment. Makes no request. */
export function createDependencies(environment: Environment, clients: Clients) {
  const { dynamodb, sqs, eventBridge, log, meter, now, random, pause } = clients;
  const store = createFactStore({
    client: dynamodb,
    table: environment.FACTS_TABLE,
    projectionsTable: environment.PROJECTIONS_TABLE,
    pause,
    retentionDays: environment.FACT_RETENTION_DAYS,
    shards: environment.FACT_SHARDS,
    now,
    newEntryId: () => newEntryId(random),
  });
  const attempts = createAttemptStore(
    createStateTable({ client: dynamodb, table: environment.STATE_TABLE, now, pause }),
  );
  const bus = createBus(eventBridge, environment.BUS_NAME);
  const undelivered = { store, sqs, queue: deadLetterQueuesOf(environment)['undelivered-events'], meter, log };
  const graph = { index: store.consentIndex, cache: createRulesCache(), meter, log, now };
  return {
    /** The options of the consumer of the `facts` queue. */
    consumer: {
      queue: 'facts',
      queueUrl: environment.FACTS_QUEUE_URL,
      deadLetterQueueUrl: environment.FACTS_DEAD_LETTER_QUEUE_URL,
      sqs,
      schema: Fact,
      version: 1,
      maxAttempts: environment.MAX_ATTEMPTS,
      attempts,
      bus,
      log,
      meter,
      now,
      random,
    },
    /** For recording batches of facts. */
    recording: { store, log, meter, now },
    /** For the scheduled roll-up. */
    rollUp: {
      store: store.rollUp,
      foldSignal: () => AbortSignal.timeout(maxFoldMs),
      queues: watchedQueues(environment),
      updateGraph: () => updateGraph(graph),
      sample: (queues: readonly WatchedQueue[]) => sampleQueues(sqs, queues),
      recordUndeliveredEvents: (queueDepth: number) =>
        recordUndeliveredEvents(undelivered, queueDepth, {
          scan: AbortSignal.timeout(maxScanMs),
          record: AbortSignal.timeout(maxRecordingMs),
        }),
      meter,
      log,
      now,
    },
  };
}

/** Returns an id that no other entry of the log has. @param random returns a number from 0 to 1 */
function newEntryId(random: () => number): string {
  return [random(), random()].map((number) => number.toString(36).slice(2)).join('');
}
