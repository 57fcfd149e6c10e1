import { ChangeMessageVisibilityCommand } from '@aws-sdk/client-sqs';
import type { Fact, HintsMessage } from '@dispatcher/contracts';
import { startDynamo } from '@dispatcher/store/testing';
import { eventSources, queues } from '@dispatcher/topology';
import { expect, test } from '@jest/globals';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { createHandler } from '../create-handler.ts';
import { run } from '../testing/fixtures.ts';
import { createTestDependencies, testContext } from '../testing/test-dependencies.ts';

const start = Date.parse('2026-11-03T14:00:00.000Z');
const hintCount = 10_000;
const batchSize = 10;
test('10,000 hints of a minute delay no run of their installation, and lead to few looks', async () => {
  const dynamo = await startDynamo();
  try {
    const tables = await dynamo.createTables();
    let now = start;
    let looks = 0;
    let deferred = 0;
    const facts: Fact[] = [];
    const dependencies = createTestDependencies({
      dynamo,
      tables,
      now: () => now,
      publish: (published) => void facts.push(...published),
      sendToSqs: async (command) => {
        // Only hints are put off.
        if (command instanceof ChangeMessageVisibilityCommand) {
          expect(command.input.QueueUrl).toBe('http://queue/hints');
          deferred += 1;
        }
        return {};
      },
    });
    const look = async () => void (looks += 1);
    const handler = createHandler({
      ...dependencies,
      hints: { ...dependencies.hints, observer: { repository: look, installation: look, change: look } },
    });
    const receive = (queue: string, messages: readonly object[]) =>
      handler(
        {
          Records: messages.map((message, index) => ({
            messageId: `${queue}-${index}`,
            eventSourceARN: `arn:aws:sqs:eu-west-1:1:${queue}`,
            body: JSON.stringify(message),
            attributes: { ApproximateReceiveCount: '1' },
          })),
        } as unknown as SQSEvent,
        testContext,
      ) as Promise<SQSBatchResponse>;

    // Nine of ten are pushes to twenty branches of one repository, the others are pushes to 200 repositories.
    const hints = Array.from({ length: hintCount }, (_, index): HintsMessage => {
      const id = index % 10 === 0 ? 1_000 + (index % 2_000) / 10 : 9;
      return {
        type: 'hint.repository',
        version: 1,
        deliveryId: `guid-${index}`,
        receivedAt: new Date(start).toISOString(),
        installationId: 7,
        event: 'push',
        action: null,
        repository: { id, owner: 'octo-org', name: `r${id}` },
        branch: `b${index % 20}`,
        pullRequest: null,
        sha: 'c'.repeat(40),
        isDefaultBranch: false,
      };
    });
    const runs = 20;
    for (let at = 0; at < hintCount; at += batchSize) {
      now = start + 10_000 + Math.floor((at / hintCount) * 60_000);
      await receive('hints', hints.slice(at, at + batchSize));
      if (at % (hintCount / runs) !== 0) continue;
      const message = run({ installationId: 7, of: { id: 1 + at, headRepositoryId: 666 } });
      expect(await receive('runs', [message])).toEqual({ batchItemFailures: [] });
    }
    expect(facts.map(({ type }) => type)).toEqual(Array.from({ length: runs }, () => 'run.planned'));
    expect(looks).toBeGreaterThan(20);
    // A burst of sixty, and one every four seconds of the minute.
    expect(looks).toBeLessThanOrEqual(60 + 1 + 60 / 4);
    // The others of the 200 repositories wait; everything else was seen.
    expect(deferred).toBeLessThan(hintCount / 10);
  } finally {
    await dynamo.close();
  }
});

test('hints have a queue, dead letters and workers of their own', () => {
  expect(queues.map(({ name, deadLetterQueue }) => [name, deadLetterQueue])).toContainEqual([
    'hints',
    'hints-dead-letters',
  ]);
  const [runs, hints] = ['runs', 'hints'].map((queue) => eventSources.find((source) => source.queue === queue));
  expect(hints?.function).toBe('planning');
  expect(hints?.maximumConcurrency).toBeLessThan((runs?.maximumConcurrency ?? 0) / 2);
});
