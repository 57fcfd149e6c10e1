import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { createQueue, createWebhookSecretReader, type Runtime } from '@dispatcher/lambda';
import { createDocumentClient, createWebhooks } from '@dispatcher/store';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Environment } from '../configuration.ts';
import { toWebhookRequest, toWebhookResult } from './http.ts';
import { receiveMessage } from './receive-message.ts';

/** What the receiver of webhooks reaches other systems through. */
export interface ReceiverClients extends Pick<Runtime, 'log' | 'meter' | 'now'> {
  readonly sqs: Pick<SQSClient, 'send'>;
  /** By default a client with the time-outs of Slack, which waits for three seconds. */
  readonly dynamodb?: DynamoDBDocumentClient;
}

export type Receiver = (event: APIGatewayProxyEventV2) => Promise<APIGatewayProxyStructuredResultV2>;

/** Creates the receiver of webhooks of third parties. Makes no request. */
export function createReceiver(
  environment: Environment,
  { sqs, log, meter, now, dynamodb }: ReceiverClients,
): Receiver {
  const client =
    dynamodb ??
    createDocumentClient({ maxAttempts: 2, requestHandler: { connectionTimeout: 500, requestTimeout: 1_000 } });
  const deps = {
    webhooks: createWebhooks({ client, name: environment.ACCESS_TABLE, now }),
    secretOf: createWebhookSecretReader({ prefix: environment.WEBHOOK_SECRETS_PREFIX }),
    runs: createQueue(sqs, environment.RUNS_QUEUE_URL),
    meter,
    log,
    now,
  };
  return async (event) => toWebhookResult(await receiveMessage(deps, toWebhookRequest(event)));
}
