import { createHmac } from 'node:crypto';
import type { SendMessageCommand } from '@aws-sdk/client-sqs';
import { completedRunExample } from '@dispatcher/contracts/testing';
import { readConfiguration } from '@dispatcher/lambda';
import { silent } from '@dispatcher/lambda/testing';
import { expect, test } from '@jest/globals';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { Configuration } from './configuration.ts';
import { createHandler } from './create-handler.ts';
import { createDependencies } from './dependencies.ts';

test('a signed delivery is sent to the configured queue with the injected client', async () => {
  const sent: SendMessageCommand['input'][] = [];
  const send = async ({ input }: SendMessageCommand) => {
    sent.push(input);
    return { MessageId: 'm1' };
  };
  const environment = readConfiguration(Configuration, {
    GITHUB_APP_ID: '1',
    RUNS_QUEUE_URL: 'http://queue/runs',
    HINTS_QUEUE_URL: 'http://queue/hints',
    ACCESS_TABLE: 'access',
    WEBHOOK_SECRETS_PREFIX: 'dispatcher-dev/webhooks/',
    GITHUB_WEBHOOK_SECRET: 'secret',
  });
  const handler = createHandler(
    createDependencies(environment, {
      sqs: { send: send as never },
      log: silent,
      now: () => Date.parse('2026-01-02T03:04:05.678Z'),
    }),
    async () => {
      throw new Error('A delivery of GitHub needs nothing of the other webhooks.');
    },
  );
  const body = JSON.stringify({ ...completedRunExample(), installation: { id: 7 } });
  const headers = {
    'x-github-event': 'workflow_run',
    'x-github-delivery': 'guid-1',
    'x-hub-signature-256': `sha256=${createHmac('sha256', 'secret').update(body).digest('hex')}`,
  };
  const rawPath = '/webhooks/github';
  const response = await handler({
    rawPath,
    body,
    headers,
    isBase64Encoded: false,
  } as unknown as APIGatewayProxyEventV2);
  expect(response).toMatchObject({ statusCode: 202, body: '{"accepted":"300029405-289782451-1"}' });
  expect(sent).toMatchObject([{ QueueUrl: 'http://queue/runs', MessageGroupId: '7' }]);
});
