import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import { createRuntime, readConfiguration, readGitHubPrivateKey } from '@dispatcher/lambda';
import { createDocumentClient } from '@dispatcher/store';
import { Configuration } from './configuration.ts';
import { createHandler } from './create-handler.ts';
import { createDependencies } from './dependencies.ts';

const environment = readConfiguration(Configuration);

export const handler = createHandler(
  createDependencies(environment, {
    ...createRuntime('dispatch', environment.LOG_LEVEL, environment.METRICS_NAMESPACE),
    dynamodb: createDocumentClient(),
    sqs: new SQSClient(),
    eventBridge: new EventBridgeClient(),
    gitHubPrivateKey: await readGitHubPrivateKey(environment),
    fetch,
  }),
);
