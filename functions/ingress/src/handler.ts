import { SQSClient } from '@aws-sdk/client-sqs';
import { createRuntime, readConfiguration } from '@dispatcher/lambda';
import { Configuration } from './configuration.ts';
import { createHandler } from './create-handler.ts';
import { createDependencies } from './dependencies.ts';

const environment = readConfiguration(Configuration);
const runtime = createRuntime('ingress', environment.LOG_LEVEL, environment.METRICS_NAMESPACE);
// GitHub closes the connection after 10 s and records a timeout; these limits let ingress respond 503 before.
const sqs = new SQSClient({ maxAttempts: 2, requestHandler: { connectionTimeout: 1_000, requestTimeout: 3_000 } });

export const handler = createHandler(createDependencies(environment, { ...runtime, sqs }), async () => {
  const { createReceiver } = await import('./third-party/create-receiver.ts');
  // Slack waits for 3 s in total.
  const quick = new SQSClient({ maxAttempts: 2, requestHandler: { connectionTimeout: 500, requestTimeout: 1_000 } });
  return createReceiver(environment, { ...runtime, sqs: quick });
});
