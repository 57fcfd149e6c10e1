import { setTimeout as delay } from 'node:timers/promises';
import { createBus, createLogger, createQueue } from '@dispatcher/lambda';
import { deadLetterQueuesOf } from '@dispatcher/dead-letters';
import { createAccessStore, createDocumentClient, createFactStore } from '@dispatcher/store';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import { awsLambdaFastify } from '@fastify/aws-lambda';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import manifest from '../package.json' with { type: 'json' };
import { createAdminApp } from './app.ts';
import { authenticationOf } from './auth/authentication.ts';
import { readAdminConfiguration } from './configuration.ts';

const environment = readAdminConfiguration();
const log = createLogger('admin', environment.LOG_LEVEL);
const client = createDocumentClient();
// A call that hangs must not take the time that is needed to make letters visible again.
const impatient = { maxAttempts: 2, requestHandler: { connectionTimeout: 1_000, requestTimeout: 3_000 } };
const app = createAdminApp({
  reads: createFactStore({
    client,
    table: environment.FACTS_TABLE,
    projectionsTable: environment.PROJECTIONS_TABLE,
  }),
  access: createAccessStore({ client, table: environment.ACCESS_TABLE }),
  runs: createQueue(new SQSClient(), environment.RUNS_QUEUE_URL),
  authentication: authenticationOf(environment, log),
  deadLetters: {
    queues: deadLetterQueuesOf(environment),
    deadLetters: {
      sqs: new SQSClient(impatient),
      bus: createBus(new EventBridgeClient(impatient), environment.BUS_NAME),
      warn: (sentence) => log.warn(sentence),
      now: Date.now,
      sleep: (ms, signal) => delay(ms, undefined, { signal }).catch(() => undefined),
    },
  },
  version: manifest.version,
  log,
});

// Commas belong to the values: splitting them would turn a text into a list that no schema expects.
export const handler = awsLambdaFastify<APIGatewayProxyEventV2>(app, { parseCommaSeparatedQueryParams: false });
await app.ready();
