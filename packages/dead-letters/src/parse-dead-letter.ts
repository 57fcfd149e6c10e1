import { redrivesOf, wholeNumber } from '@dispatcher/lambda';
import { DeadLetterReason, deadLetterId } from '@dispatcher/contracts';
import type { Message } from '@aws-sdk/client-sqs';
import { fieldsOf } from '@dispatcher/lambda';
import { type DeadLetterMessage, type DeadLetterOrigin } from './dead-letter.ts';
import type { DeadLetterQueue } from './dead-letter-queues.ts';
import { undeliveredOf } from './undelivered-events.ts';

/** Reads what was received, with all its attributes. Never fails: an operator must see whatever lies there. */
export function parseDeadLetter(queue: DeadLetterQueue, received: Message): DeadLetterMessage {
  const { Body: body = '', Attributes: system } = received;
  const { message, ...why } = undeliveredOf(queue, received) ?? givenUpOf(queue, received);
  const { correlationId = why.messageId, runKey = null } = fieldsOf(parse(message));
  return {
    ...why,
    queue: queue.name,
    redrives: redrivesOf(received.MessageAttributes?.['redrives']?.StringValue),
    since: new Date(Number(system?.SentTimestamp ?? 0)).toISOString(),
    correlationId,
    runKey,
    group: system?.MessageGroupId ?? null,
    body,
    message,
  };
}

/** By the attributes that the functions write, or without any, where SQS moved it. */
function givenUpOf(queue: DeadLetterQueue, received: Message): DeadLetterOrigin {
  const text = (name: string) => received.MessageAttributes?.[name]?.StringValue;
  const reason = DeadLetterReason.safeParse(text('reason')).data;
  const { MessageId: ownId = '', Body: message = '' } = received;
  const from = text('queue');
  const original = text('messageId');
  const recorded = reason !== undefined && from !== undefined && original !== undefined;
  const misplacedFrom = from === undefined || from === queue.name ? null : from;
  return {
    id: recorded ? deadLetterId(from, original, reason) : ownId,
    to: misplacedFrom === null && queue.name in queue.destinations ? queue.name : null,
    misplacedFrom,
    reason: recorded ? reason : 'unrecorded',
    detail: text('detail') ?? null,
    attempts: wholeNumber(text('attempts')),
    messageId: recorded ? original : ownId,
    message,
  };
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
