import { request } from 'node:http';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type AwsEndpoint, startAwsEndpoint } from './aws-endpoint.ts';
import { awsAccess } from './provision.ts';

let endpoint: AwsEndpoint;
beforeAll(async () => {
  endpoint = await startAwsEndpoint({ accessKeyId: awsAccess.credentials.accessKeyId });
});
afterAll(() => endpoint.close());

async function listQueues(url: string, access: Partial<typeof awsAccess> = {}): Promise<unknown> {
  const sqs = new SQSClient({ endpoint: url, ...awsAccess, ...access, maxAttempts: 1 });
  try {
    return await sqs.send(new ListQueuesCommand({}));
  } finally {
    sqs.destroy();
  }
}

/** Sends a request with any `Host` and `authorization`. */
function send(headers: Record<string, string>): Promise<{ status: number; body: string }> {
  const all = { 'x-amz-target': 'AmazonSQS.ListQueues', 'content-type': 'application/x-amz-json-1.0', ...headers };
  return new Promise((resolve, reject) => {
    const sent = request(endpoint.url, { method: 'POST', headers: all }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString()));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    });
    sent.on('error', reject).end('{}');
  });
}

const signed = (accessKeyId: string) =>
  `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260101/us-east-1/sqs/aws4_request, SignedHeaders=host, Signature=0`;

test('the access key of this start is accepted under the names of this machine', async () => {
  const { port } = new URL(endpoint.url);
  await expect(listQueues(endpoint.url)).resolves.toMatchObject({ $metadata: { httpStatusCode: 200 } });
  await expect(listQueues(`http://localhost:${port}`)).resolves.toMatchObject({ $metadata: { httpStatusCode: 200 } });
});

test('another access key is refused, and the error says where the right one is', async () => {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  await expect(listQueues(endpoint.url, { credentials })).rejects.toMatchObject({
    name: 'UnrecognizedClientException',
    message: expect.stringContaining('.dispatcher/environment'),
  });
});

test.each([
  ['no signature', {}],
  ['another scheme', { authorization: `Bearer ${awsAccess.credentials.accessKeyId}` }],
  ['an empty access key id', { authorization: signed('') }],
  ['a part of the access key id', { authorization: signed(awsAccess.credentials.accessKeyId.slice(0, -1)) }],
])('a request with %s is refused', async (_, headers) => {
  const { status, body } = await send(headers);
  expect({ status, body }).toEqual({ status: 400, body: expect.stringContaining('UnrecognizedClientException') });
});

test.each(['evil.example', 'evil.example:80', 'localhost.evil.example', '127.0.0.1.evil.example'])(
  'a page whose host name %s resolves to this machine is refused, even with the access key',
  async (host) => {
    const { status, body } = await send({ host, authorization: signed(awsAccess.credentials.accessKeyId) });
    expect({ status, body }).toEqual({ status: 400, body: expect.stringContaining('AccessDeniedException') });
  },
);
