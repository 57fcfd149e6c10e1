import { deadLetterId, type MessageDeadLettered } from '@dispatcher/contracts';
import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import { asciiText } from '../messaging/ascii-json.ts';
import type { Attempts, GivenUp } from './attempts.ts';
import type { Bus } from '../messaging/bus.ts';
import { redrivesOf } from './message-attributes.ts';
import type { MessageFields } from './message.ts';
import type { Meter } from '../telemetry/metrics.ts';

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
 * Sends the whole message with its reason to the dead-letter queue and publishes the fact. The caller deletes the
 * message after this has resolved. A retry after a crash publishes the same fact, because the first recorded reason
 * stands.
 */
export async function moveToDeadLetterQueue(
  options: DeadLetterOptions,
  record: Pick<SQSRecord, 'body' | 'messageId' | 'attributes'> & Partial<Pick<SQSRecord, 'messageAttributes'>>,
  fields: MessageFields,
  why: Omit<GivenUp, 'at'>,
): Promise<void> {
  const { queue, now = Date.now } = options;
  const at = new Date(now()).toISOString();
  const recorded = await options.attempts.giveUp(queue, record.messageId, {
    ...why,
    detail: why.detail.slice(0, 2_000),
    at,
  });
  const { reason, detail, attempts } = recorded;
  // Carried over, so that a message that can never succeed is not redriven forever.
  const redrives = redrivesOf(record.messageAttributes?.['redrives']?.stringValue);
  const group = record.attributes.MessageGroupId;
  // The dead letter before the fact: otherwise a crash could leave a fact about a dead letter that does not exist.
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
      // For a redrive: SQS shares the queue fairly between message groups.
      ...(group === undefined ? {} : { MessageGroupId: group }),
    }),
  );
  const fact: MessageDeadLettered = {
    version: 1,
    id: deadLetterId(queue, record.messageId, reason),
    type: 'message.dead-lettered',
    time: recorded.at,
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
