import { SQSClient } from '@aws-sdk/client-sqs';
import type { DeadLetterReason, Fact, RunCompleted } from '@dispatcher/contracts';
import { moveToDeadLetterQueue } from '@dispatcher/lambda';
import { queues } from '@dispatcher/topology';
import { awsAccess, queueUrl } from '../aws/provision.ts';
import type { Random } from '../demo-organization/random.ts';

interface DeadLetterToSend {
  readonly queue: (typeof queues)[number]['name'];
  readonly body: string;
  readonly reason: DeadLetterReason;
  readonly detail: string;
  readonly attempts: number;
  readonly at: number;
  readonly fields: { readonly correlationId?: string; readonly runKey?: string };
}

/** Sends messages to the dead-letter queues, as the functions do it, and returns their facts. */
export async function fillDeadLetters(
  awsUrl: string,
  givenUp: readonly RunCompleted[],
  { random, now }: { readonly random: Random; readonly now: number },
): Promise<readonly Fact[]> {
  const sqs = new SQSClient({ endpoint: awsUrl, ...awsAccess });
  const facts: Fact[] = [];
  try {
    for (const { queue, body, reason, detail, attempts, at, fields } of deadLettersOf(givenUp, now)) {
      const deadLetterQueue = queues.find(({ name }) => name === queue)?.deadLetterQueue ?? '';
      const messageId = `${random.hex(8)}-${random.hex(4)}-4${random.hex(3)}-a${random.hex(3)}-${random.hex(12)}`;
      await moveToDeadLetterQueue(
        {
          queue,
          deadLetterQueueUrl: queueUrl(awsUrl, deadLetterQueue),
          sqs,
          attempts: { giveUp: async (_queue, _id, why) => ({ ...why, at: new Date(at).toISOString() }) },
          bus: { publish: async (published) => void facts.push(...published) },
          meter: { count: () => undefined, milliseconds: () => undefined },
          now: () => at,
        },
        { body, messageId, attributes: attributesOf(at) },
        fields,
        { reason, detail, attempts },
      );
    }
  } finally {
    sqs.destroy();
  }
  return facts;
}

const attributesOf = (at: number) => ({
  ApproximateReceiveCount: '1',
  SentTimestamp: String(at),
  SenderId: 'demo',
  ApproximateFirstReceiveTimestamp: String(at),
});

const hourMs = 60 * 60_000;

function deadLettersOf(givenUp: readonly RunCompleted[], now: number): readonly DeadLetterToSend[] {
  const unreadable = '{"type":"run.completed","version":1,"deliveryId":';
  const newer = JSON.stringify({ type: 'run.completed', version: 2, deliveryId: 'a-newer-release' });
  return [
    ...givenUp.map((run): DeadLetterToSend => {
      const { deliveryId: correlationId, receivedAt } = run;
      const detail = 'GitHub returned 500 Internal Server Error: the files of the run could not be read.';
      const at = Date.parse(receivedAt) + 240_000;
      const what = { queue: 'runs', body: JSON.stringify(run), reason: 'attempts-exhausted', detail } as const;
      return { ...what, attempts: 6, at, fields: { correlationId } };
    }),
    {
      queue: 'runs',
      body: unreadable,
      reason: 'message-invalid',
      detail: 'The body is not valid JSON: unexpected end of input.',
      attempts: 1,
      at: now - 2 * hourMs,
      fields: {},
    },
    {
      queue: 'runs',
      body: newer,
      reason: 'message-version-unknown',
      detail: 'Version 2 of run.completed is not known: a newer release of ingress sent it.',
      attempts: 1,
      at: now - 1.5 * hourMs,
      fields: {},
    },
    {
      queue: 'facts',
      body: JSON.stringify({ 'detail-type': 'dispatch.accepted', detail: {} }),
      reason: 'died',
      detail: 'The process ended during the last attempt.',
      attempts: 6,
      at: now - 30 * hourMs,
      fields: {},
    },
  ];
}
