import type { SQSClient } from '@aws-sdk/client-sqs';
import { createOptionalSecret, createQueue, createSecret, type Runtime } from '@dispatcher/lambda';
import type { Environment } from './configuration.ts';
import type { ReceiveDependencies } from './receive-delivery.ts';

/** What the ingress function reaches other systems through. */
export interface Clients extends Pick<Runtime, 'log' | 'now'> {
  readonly sqs: Pick<SQSClient, 'send'>;
}

export type Dependencies = ReturnType<typeof createDependencies>;

/** Creates everything that the handler works with, once per execution environment. Makes no request. */
export function createDependencies(environment: Environment, { sqs, log, now }: Clients): ReceiveDependencies {
  const cacheMs = environment.SECRET_CACHE_SECONDS * 1000;
  return {
    secret: createSecret({
      cacheMs,
      name: 'GITHUB_WEBHOOK_SECRET',
      value: environment.GITHUB_WEBHOOK_SECRET,
      arn: environment.GITHUB_WEBHOOK_SECRET_ARN,
    }),
    previousSecret: createOptionalSecret({
      cacheMs,
      name: 'GITHUB_WEBHOOK_SECRET_PREVIOUS',
      value: environment.GITHUB_WEBHOOK_SECRET_PREVIOUS,
      arn: environment.GITHUB_WEBHOOK_SECRET_PREVIOUS_ARN,
    }),
    runs: createQueue(sqs, environment.RUNS_QUEUE_URL),
    hints: createQueue(sqs, environment.HINTS_QUEUE_URL),
    appId: Number(environment.GITHUB_APP_ID),
    log,
    now,
  };
}
