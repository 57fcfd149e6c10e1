import { setTimeout as delay } from 'node:timers/promises';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import { createLogger, createWebhookSecretWriter } from '@dispatcher/lambda';
import { createDocumentClient } from '@dispatcher/store';
import { awsLambdaFastify } from '@fastify/aws-lambda';
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import manifest from '../package.json' with { type: 'json' };
import { createAdminApp } from './app.ts';
import { advanceBulkReplay } from './bulk-replays/advance-bulk-replay.ts';
import { readAdminConfiguration } from './configuration.ts';
import { createDependencies } from './dependencies.ts';
import { withRawQuery } from './http/raw-query.ts';

const environment = readAdminConfiguration();
const shortTimeouts = { maxAttempts: 2, requestHandler: { connectionTimeout: 1_000, requestTimeout: 3_000 } };
const dependencies = createDependencies(environment, {
  log: createLogger('admin', environment.LOG_LEVEL),
  now: Date.now,
  version: manifest.version,
  dynamodb: createDocumentClient(),
  sqs: new SQSClient(),
  deadLetterSqs: new SQSClient(shortTimeouts),
  eventBridge: new EventBridgeClient(shortTimeouts),
  webhookSecrets: createWebhookSecretWriter({ prefix: environment.WEBHOOK_SECRETS_PREFIX }),
  sleep: (milliseconds, signal) => delay(milliseconds, undefined, { signal }).catch(() => undefined),
});
const app = createAdminApp(dependencies);

const adapter = awsLambdaFastify<APIGatewayProxyEventV2>(app, {
  parseCommaSeparatedQueryParams: false,
  // Responses of these types become base64. Compressed ones do in any case.
  binaryMimeTypes: ['font/woff2', 'image/jpeg', 'image/png', 'image/vnd.microsoft.icon', 'image/webp', 'image/x-icon'],
});

/** The input of the schedule. Only EventBridge can send it: API Gateway's events have no such field. */
interface ScheduledEvent {
  readonly scheduled: 'bulk-replays';
}

export function handler(event: APIGatewayProxyEventV2, context: Context): ReturnType<typeof adapter>;
export function handler(event: ScheduledEvent, context: Context): Promise<void>;
export function handler(event: APIGatewayProxyEventV2 | ScheduledEvent, context: Context) {
  if ('scheduled' in event) return advanceBulkReplay(dependencies.bulkReplays);
  return adapter(withRawQuery(event), context);
}
await app.ready();
