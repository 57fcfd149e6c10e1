import { deadLetterId, type MessageDeadLettered } from '@dispatcher/contracts';
import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import { asciiText } from './ascii-json.ts';
import type { Attempts, GivenUp } from './attempts.ts';
import type { Bus } from './bus.ts';
import { redrivesOf } from './message-attributes.ts';
import type { MessageFields } from './message.ts';
import type { Meter } from './metrics.ts';

interface DeadLetterOptions {
  readonly queue: string;
  readonly deadLetterQueueUrl: string;
  readonly sqs: Pick<SQSClient, 'send'>;
  readonly attempts: Pick<Attempts, 'giveUp'>;
  readonly bus: Bus;
  readonly meter: Meter;
  readonly now?: () => number;
}

const text = (value: string) => ({ DataType: 'String', StringValue: asciiText(value) });

/**
 * Puts the whole message with its reason into the dead-letter queue, and says so on the bus. The message itself is
 * deleted by whoever calls, once this has resolved. Repeated after a crash, it tells the same fact: a message has one
 * reason for being given up, the first.
 */
export async function moveToDeadLetterQueue(
  options: DeadLetterOptions,
  record: Pick<SQSRecord, 'body' | 'messageId' | 'attributes'> & Partial<Pick<SQSRecord, 'messageAttributes'>>,
  fields: MessageFields,
  why: Omit<GivenUp, 'at'>,
): Promise<void> {
  const { queue, now = Date.now } = options;
  const at = new Date(now()).toISOString();
  const stands = await options.attempts.giveUp(queue, record.messageId, {
    ...why,
    detail: why.detail.slice(0, 2_000),
    at,
  });
  const { reason, detail, attempts } = stands;
  // Counted on, or a message that can never succeed could be sent back for ever.
  const redrives = redrivesOf(record.messageAttributes?.['redrives']?.stringValue);
  const group = record.attributes.MessageGroupId;
  // The letter first: a fact that tells of a letter which is nowhere would send somebody looking for it.
  await options.sqs.send(
    new SendMessageCommand({
      QueueUrl: options.deadLetterQueueUrl,
      MessageBody: record.body,
      MessageAttributes: {
        reason: text(reason),
        detail: text(detail.slice(0, 1_000) || 'none'),
        queue: text(queue),
        messageId: text(record.messageId),
        attempts: { DataType: 'Number', StringValue: String(attempts) },
        ...(redrives === 0 ? {} : { redrives: { DataType: 'Number', StringValue: String(redrives) } }),
      },
      // Kept for the way back, where it decides whose share of the queue the message takes.
      ...(group === undefined ? {} : { MessageGroupId: group }),
    }),
  );
  const fact: MessageDeadLettered = {
    version: 1,
    id: deadLetterId(queue, record.messageId, reason),
    type: 'message.dead-lettered',
    time: stands.at,
    correlationId: fields.correlationId ?? record.messageId,
    ...(fields.runKey === undefined ? {} : { runKey: fields.runKey }),
    data: {
      queue,
      messageId: record.messageId,
      reason,
      detail,
      attempts,
      ...(redrives === 0 ? {} : { redrives }),
    },
  };
  await options.bus.publish([fact]);
  options.meter.count('DeadLetters', { queue, reason });
}
