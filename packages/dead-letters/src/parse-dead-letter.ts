import type { Message } from '@aws-sdk/client-sqs';
import { deadLetterId, DeadLetterReason } from '@dispatcher/contracts';
import { fieldsOf, redrivesOf, parseWholeNumber } from '@dispatcher/lambda';
import type { DeadLetterMessage, DeadLetterOrigin } from './dead-letter.ts';
import type { DeadLetterQueue } from './dead-letter-queues.ts';
import { undeliveredOf } from './undelivered-events.ts';

/** Parses a received message with all its attributes. Never throws, because operators must see whatever is there. */
export function parseDeadLetter(queue: DeadLetterQueue, received: Message): DeadLetterMessage {
  const { Body: body = '', Attributes: system } = received;
  const { message, ...origin } = undeliveredOf(queue, received) ?? movedBySqsOrFunction(queue, received);
  const { correlationId = origin.messageId, runKey = null } = fieldsOf(parse(message));
  return {
    ...origin,
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

/** Reads the attributes that a function wrote; there are none if SQS moved the message. */
function movedBySqsOrFunction(queue: DeadLetterQueue, received: Message): DeadLetterOrigin {
  const text = (name: string) => received.MessageAttributes?.[name]?.StringValue;
  const reason = DeadLetterReason.safeParse(text('reason')).data;
  const { MessageId: ownId = '', Body: message = '' } = received;
  const from = text('queue');
  const originalId = text('messageId');
  const isRecorded = reason !== undefined && from !== undefined && originalId !== undefined;
  const misplacedFrom = from === undefined || from === queue.name ? null : from;
  return {
    id: isRecorded ? deadLetterId(from, originalId, reason) : ownId,
    to: misplacedFrom === null && queue.name in queue.destinations ? queue.name : null,
    misplacedFrom,
    reason: isRecorded ? reason : 'unrecorded',
    detail: text('detail') ?? null,
    attempts: parseWholeNumber(text('attempts')),
    messageId: isRecorded ? originalId : ownId,
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
