import { SQSClient } from '@aws-sdk/client-sqs';
import { createRuntime, readConfiguration } from '@dispatcher/lambda';
import { Configuration } from './configuration.ts';
import { createHandler } from './create-handler.ts';
import { createDependencies } from './dependencies.ts';

const environment = readConfiguration(Configuration);

export const handler = createHandler(
  createDependencies(environment, {
    ...createRuntime('ingress', environment.LOG_LEVEL),
    // GitHub closes the connection after 10 s and records a timeout; these limits let ingress respond 503 before.
    sqs: new SQSClient({ maxAttempts: 2, requestHandler: { connectionTimeout: 1_000, requestTimeout: 3_000 } }),
  }),
);
