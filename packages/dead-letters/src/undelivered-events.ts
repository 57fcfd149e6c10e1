import { wholeNumber } from '@dispatcher/lambda';
import { type DeadLetterReason, deadLetterId, type MessageDeadLettered } from '@dispatcher/contracts';
import type { Message } from '@aws-sdk/client-sqs';
import { asciiJson } from '@dispatcher/lambda';
import { type DeadLetterMessage, type DeadLetterOrigin } from './dead-letter.ts';
import type { DeadLetterQueue } from './dead-letter-queues.ts';

// No code of ours runs where EventBridge gives an event up. It puts the event, with its envelope and before the rule's
// input path, into the dead-letter queue of the rule's target, and says why in message attributes.
// Source: EventBridge User Guide, "Using dead-letter queues to process undelivered events".

/** Null where EventBridge did not write it. */
export function undeliveredOf(queue: DeadLetterQueue, received: Message): DeadLetterOrigin | null {
  const text = (name: string) => received.MessageAttributes?.[name]?.StringValue;
  const code = text('ERROR_CODE');
  const target = text('TARGET_ARN');
  if (code === undefined || target === undefined) return null;
  const { MessageId: messageId = '', Body: body = '' } = received;
  const exhausted = text('EXHAUSTED_RETRY_CONDITION');
  const reason = reasonOf(code, exhausted);
  const message = messageIn(body);
  const ended = exhausted === undefined ? '' : `, ended by ${exhausted}`;
  return {
    id: deadLetterId(queue.name, messageId, reason),
    to: message === null ? null : destinationOf(queue, target),
    misplacedFrom: null,
    reason,
    detail: `${code}: ${text('ERROR_MESSAGE') ?? 'no message'} (rule ${text('RULE_ARN') ?? 'unknown'}, target ${target}${ended})`,
    attempts: wholeNumber(text('RETRY_ATTEMPTS')),
    messageId,
    message: message ?? body,
  };
}

// The list of error codes in AWS's guide is a sample. Those that AWS does not retry ask for different hands.
function reasonOf(code: string, exhausted: string | undefined): DeadLetterReason {
  if (code === 'NO_PERMISSIONS') return 'no-permissions';
  if (code === 'NO_RESOURCE') return 'no-resource';
  return exhausted === undefined ? 'undelivered' : 'attempts-exhausted';
}

/** What the rules hand over: the detail of the event. Null where the body is no event. */
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
 * The queue of this ARN, by our name for it; null where it is none that the bus feeds: a letter names no new target.
 */
function destinationOf({ destinations }: DeadLetterQueue, targetArn: string): string | null {
  const [, , service, , account, name] = targetArn.split(':');
  if (service !== 'sqs') return null;
  // A queue's URL ends with its account and its name.
  const known = Object.entries(destinations).find(([, url]) => url.endsWith(`/${account}/${name}`));
  return known?.[0] ?? null;
}

/**
 * The fact that tells of such a letter, the same whoever meets it and whenever; null of a letter that EventBridge did
 * not write.
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
