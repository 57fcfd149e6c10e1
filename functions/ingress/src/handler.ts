import {
  createLogger,
  createMeter,
  createOptionalSecret,
  createQueue,
  createSecret,
  readConfiguration,
} from '@dispatcher/lambda';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { Configuration } from './configuration.ts';
import { asAnswer, asDelivery } from './http.ts';
import { receive } from './receive.ts';

const environment = readConfiguration(Configuration);
const deps = {
  secret: createSecret({
    name: 'GITHUB_WEBHOOK_SECRET',
    value: environment.GITHUB_WEBHOOK_SECRET,
    arn: environment.GITHUB_WEBHOOK_SECRET_ARN,
  }),
  previousSecret: createOptionalSecret({
    name: 'GITHUB_WEBHOOK_SECRET_PREVIOUS',
    value: environment.GITHUB_WEBHOOK_SECRET_PREVIOUS,
    arn: environment.GITHUB_WEBHOOK_SECRET_PREVIOUS_ARN,
  }),
  // GitHub hangs up after 10 s and counts the delivery as failed; it must hear 503 before, and log it as such.
  runs: createQueue(
    new SQSClient({ maxAttempts: 2, requestHandler: { connectionTimeout: 1_000, requestTimeout: 3_000 } }),
    environment.RUNS_QUEUE_URL,
  ),
  log: createLogger('ingress', environment.LOG_LEVEL),
  meter: createMeter('ingress'),
  now: Date.now,
};

export async function handler(event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> {
  return asAnswer(await receive(deps, asDelivery(event)));
}
