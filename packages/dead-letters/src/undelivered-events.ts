import type { Message } from '@aws-sdk/client-sqs';
import { deadLetterId, type DeadLetterReason, type MessageDeadLettered } from '@dispatcher/contracts';
import { asciiJson, parseWholeNumber } from '@dispatcher/lambda';
import type { DeadLetterMessage, DeadLetterOrigin } from './dead-letter.ts';
import type { DeadLetterQueue } from './dead-letter-queues.ts';

// If EventBridge cannot deliver an event to a rule's target, it sends the event to the target's dead-letter queue: with
// its envelope, before the rule's input path is applied, and with the reason in message attributes.
// Source: EventBridge User Guide, "Using dead-letter queues to process undelivered events".

/** Parses an event that EventBridge could not deliver; null if EventBridge did not send the message. */
export function undeliveredOf(queue: DeadLetterQueue, received: Message): DeadLetterOrigin | null {
  const text = (name: string) => received.MessageAttributes?.[name]?.StringValue;
  const code = text('ERROR_CODE');
  const target = text('TARGET_ARN');
  if (code === undefined || target === undefined) return null;
  const { MessageId: messageId = '', Body: body = '' } = received;
  const exhaustedCondition = text('EXHAUSTED_RETRY_CONDITION');
  const reason = reasonOf(code, exhaustedCondition);
  const message = messageIn(body);
  const ending = exhaustedCondition === undefined ? '' : `, ended by ${exhaustedCondition}`;
  return {
    id: deadLetterId(queue.name, messageId, reason),
    to: message === null ? null : destinationOf(queue, target),
    misplacedFrom: null,
    reason,
    detail: `${code}: ${text('ERROR_MESSAGE') ?? 'no message'} (rule ${text('RULE_ARN') ?? 'unknown'}, target ${target}${ending})`,
    attempts: parseWholeNumber(text('RETRY_ATTEMPTS')),
    messageId,
    message: message ?? body,
  };
}

// AWS's guide lists only some error codes. EventBridge does not retry the first two, and each has its own fix.
function reasonOf(code: string, exhaustedCondition: string | undefined): DeadLetterReason {
  if (code === 'NO_PERMISSIONS') return 'no-permissions';
  if (code === 'NO_RESOURCE') return 'no-resource';
  return exhaustedCondition === undefined ? 'undelivered' : 'attempts-exhausted';
}

/** Returns the event's detail, which the rules deliver; null if the body is not an event. */
function messageIn(body: string): string | null {
  try {
    const event: unknown = JSON.parse(body);
    if (typeof event !== 'object' || event === null || !('detail' in event)) return null;
    return typeof event.detail === 'object' && event.detail !== null ? asciiJson(event.detail) : null;
  } catch {
    return null;
  }
}

/**
 * Returns the name of the destination with this ARN; null if it is not one of the bus's targets, because a message must
 * not choose a new target.
 */
function destinationOf({ destinations }: DeadLetterQueue, targetArn: string): string | null {
  const [, , service, , account, name] = targetArn.split(':');
  if (service !== 'sqs') return null;
  // A queue's URL ends with its account and its name.
  const known = Object.entries(destinations).find(([, url]) => url.endsWith(`/${account}/${name}`));
  return known?.[0] ?? null;
}

/**
 * Returns the fact about an undelivered event. It is the same for every scan that finds the event. Null for a dead
 * letter that EventBridge did not send.
 */
export function undeliveredFact(deadLetter: DeadLetterMessage): MessageDeadLettered | null {
  const { id, queue, messageId, reason, detail, attempts, since, correlationId, runKey } = deadLetter;
  if (reason === 'unrecorded') return null;
  return {
    version: 1,
    id,
    type: 'message.dead-lettered',
    time: since,
    correlationId,
    ...(runKey === null ? {} : { runKey }),
    data: { queue, messageId, reason, detail: (detail ?? '').slice(0, 2_000), attempts: attempts ?? 0 },
  };
}
