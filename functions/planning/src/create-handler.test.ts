import type { Fact } from '@dispatcher/contracts';
import { startDynamo, type TestDynamo } from '@dispatcher/store/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { APIGatewayProxyEventV2, SQSEvent } from 'aws-lambda';
import { createHandler } from './create-handler.ts';
import { run } from './testing/fixtures.ts';
import { createTestDependencies, testContext as context } from './testing/test-dependencies.ts';

let dynamo: TestDynamo;
let tables: Awaited<ReturnType<TestDynamo['createTables']>>;
let now: number;
let facts: Fact[];
let gitHubRequests: string[];
beforeAll(async () => {
  dynamo = await startDynamo();
  tables = await dynamo.createTables();
});
beforeEach(() => {
  now = Date.now();
  facts = [];
  gitHubRequests = [];
});
afterAll(() => dynamo.close());

function createTestHandler() {
  return createHandler(
    createTestDependencies({
      dynamo,
      tables,
      now: () => now,
      publish: (published) => void facts.push(...published),
      fetch: async (input) => {
        gitHubRequests.push(input instanceof Request ? input.url : String(input));
        return new Response('Bad Gateway', { status: 502 });
      },
    }),
  );
}

describe('the handler with injected clients', () => {
  test('plans a message of the queue and publishes its facts', async () => {
    const message = run({ of: { headRepositoryId: 666 } });
    const record = { messageId: 'm1', body: JSON.stringify(message), attributes: { ApproximateReceiveCount: '1' } };
    const response = await createTestHandler()({ Records: [record] } as unknown as SQSEvent, context);
    expect(response).toEqual({ batchItemFailures: [] });
    expect(facts).toMatchObject([{ type: 'run.planned', data: { code: 'fork-run' } }]);
    expect(gitHubRequests).toEqual([]);
  });

  test('authenticates a request of the HTTP API', async () => {
    const event = {
      rawPath: '/dispatch',
      headers: { 'x-api-key': `dsp_${'0'.repeat(16)}_${'a'.repeat(43)}` },
      body: '{}',
      requestContext: { http: { sourceIp: '192.0.2.1' } },
    } as unknown as APIGatewayProxyEventV2;
    expect(await createTestHandler()(event, context)).toMatchObject({
      statusCode: 401,
      headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store' },
    });
  });

  test('begins the sweep for its schedule, and tries again after GitHub could not be reached', async () => {
    const handler = createTestHandler();
    await handler({ scheduled: 'sweep' }, context);
    await handler({ scheduled: 'sweep' }, context);
    expect(gitHubRequests).toEqual(
      Array(2).fill(expect.stringMatching(/^https:\/\/api\.github\.com\/app\/installations\?per_page=100&page=1$/)),
    );
    expect(facts).toEqual([]);
  });

  test('checks the delivery log for the schedule, with the injected clock and fetch', async () => {
    const handler = createTestHandler();
    await handler({ scheduled: 'check-deliveries' }, context);
    now += 60_000;
    await handler({ scheduled: 'check-deliveries' }, context);
    expect(facts).toMatchObject([
      { type: 'deliveries.checked', data: { complete: true, lagMs: 0 } },
      { type: 'deliveries.checked', data: { complete: false, lagMs: 60_000 } },
    ]);
    expect(gitHubRequests).toEqual([expect.stringMatching(/^https:\/\/api\.github\.com\/app\/hook\/deliveries/)]);
  });
});
