import { Fact } from '@dispatcher/contracts';
import { createBatchConsumer, createBus, createLogger, createMeter, readConfiguration } from '@dispatcher/lambda';
import { createDocumentClient, createFactStore, createStateStore } from '@dispatcher/store';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import { Configuration } from './configuration.ts';
import { recordBatch } from './record.ts';

const environment = readConfiguration(Configuration);
const { FACTS_TABLE: table, PROJECTIONS_TABLE: projectionsTable } = environment;
const client = createDocumentClient();
const store = createFactStore({ client, table, projectionsTable });
const log = createLogger('facts', environment.LOG_LEVEL);
const meter = createMeter('facts');

export const handler = createBatchConsumer(
  {
    queue: 'facts',
    queueUrl: environment.FACTS_QUEUE_URL,
    deadLetterQueueUrl: environment.FACTS_DEAD_LETTER_QUEUE_URL,
    sqs: new SQSClient(),
    schema: Fact,
    version: 1,
    maxAttempts: environment.MAX_ATTEMPTS,
    attempts: createStateStore({ client, table: environment.STATE_TABLE }).attempts,
    bus: createBus(new EventBridgeClient(), environment.BUS_NAME),
    log,
    meter,
  },
  (facts) => recordBatch({ store, log, meter, now: Date.now }, facts),
);
