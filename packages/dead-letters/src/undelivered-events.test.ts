import type { Message } from '@aws-sdk/client-sqs';
import { deadLetterId, MessageDeadLettered } from '@dispatcher/contracts';
import { describe, expect, test } from '@jest/globals';
import { parseDeadLetter } from './parse-dead-letter.ts';
import { undeliveredFact } from './undelivered-events.ts';

const bus = {
  name: 'undelivered-events',
  deadLetterUrl: 'https://sqs.eu-west-1.amazonaws.com/000000000000/d-undelivered',
  destinations: {
    decisions: 'https://sqs.eu-west-1.amazonaws.com/000000000000/d-decisions',
    facts: 'https://sqs.eu-west-1.amazonaws.com/000000000000/d-facts',
  },
};
const targetArn = 'arn:aws:sqs:eu-west-1:000000000000:d-decisions';
const detail = { version: 1, type: 'route.decided', correlationId: 'guid-1', runKey: '11-1-1' };
const event = { version: '0', id: 'event-1', 'detail-type': 'route.decided', source: 'dispatcher', detail };

function undelivered(attributes: Record<string, string | undefined> = {}, body = JSON.stringify(event)): Message {
  const all: Record<string, string | undefined> = {
    RULE_ARN: 'arn:aws:events:eu-west-1:000000000000:rule/d/d-decisions',
    TARGET_ARN: targetArn,
    ERROR_CODE: 'NO_PERMISSIONS',
    ERROR_MESSAGE: 'not authorized',
    RETRY_ATTEMPTS: '0',
    ...attributes,
  };
  const present = Object.entries(all).filter(([, value]) => value !== undefined);
  return {
    MessageId: 'm-1',
    Body: body,
    Attributes: { SentTimestamp: String(Date.parse('2026-11-20T12:00:00.000Z')) },
    MessageAttributes: Object.fromEntries(
      present.map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
    ),
  };
}

describe('an undelivered event', () => {
  test('is a dead letter with its reason, its target, and the message that the target would have received', () => {
    expect(parseDeadLetter(bus, undelivered())).toEqual({
      id: deadLetterId('undelivered-events', 'm-1', 'no-permissions'),
      queue: 'undelivered-events',
      to: 'decisions',
      misplacedFrom: null,
      reason: 'no-permissions',
      detail: `NO_PERMISSIONS: not authorized (rule arn:aws:events:eu-west-1:000000000000:rule/d/d-decisions, target ${targetArn})`,
      attempts: 0,
      redrives: 0,
      messageId: 'm-1',
      since: '2026-11-20T12:00:00.000Z',
      correlationId: 'guid-1',
      runKey: '11-1-1',
      group: null,
      body: JSON.stringify(event),
      message: JSON.stringify(detail),
    });
  });

  test.each([
    [{ ERROR_CODE: 'NO_PERMISSIONS' }, 'no-permissions'],
    [{ ERROR_CODE: 'NO_RESOURCE' }, 'no-resource'],
    [{ ERROR_CODE: 'THROTTLING', EXHAUSTED_RETRY_CONDITION: 'MaximumEventAgeInSeconds' }, 'attempts-exhausted'],
    [{ ERROR_CODE: 'SDK_CLIENT_ERROR' }, 'undelivered'],
    [{ ERROR_CODE: 'A_CODE_OF_TOMORROW' }, 'undelivered'],
  ])('%j gives the reason %s and a detail with the error code', (attributes, reason) => {
    const deadLetter = parseDeadLetter(bus, undelivered(attributes));
    expect(deadLetter.reason).toBe(reason);
    for (const value of Object.values(attributes)) expect(deadLetter.detail).toContain(value);
  });

  test.each([
    ['a queue of another name', { TARGET_ARN: 'arn:aws:sqs:eu-west-1:000000000000:d-runs' }],
    ['a queue of that name in another account', { TARGET_ARN: targetArn.replace('000000000000', '9'.repeat(12)) }],
    ['a function that a schedule invokes', { TARGET_ARN: 'arn:aws:lambda:eu-west-1:000000000000:function:d-facts' }],
    ['an SNS topic of that name', { TARGET_ARN: 'arn:aws:sns:eu-west-1:000000000000:d-decisions' }],
    ['an unreadable ARN', { TARGET_ARN: '' }],
  ])('%s is not a destination', (_, attributes) => {
    expect(parseDeadLetter(bus, undelivered(attributes)).to).toBeNull();
  });

  test.each(['', 'not JSON', 'null', '[]', '{"type":"route.decided"}', '{"detail":"text"}', '{"detail":null}'])(
    'a body %j has no destination and can be inspected',
    (body) => {
      expect(parseDeadLetter(bus, undelivered({}, body))).toMatchObject({ to: null, body, reason: 'no-permissions' });
    },
  );

  test('a message without attributes is unrecorded and has no destination', () => {
    const deadLetter = parseDeadLetter(bus, { ...undelivered(), MessageAttributes: {} });
    expect(deadLetter).toMatchObject({ id: 'm-1', reason: 'unrecorded', to: null });
    expect(undeliveredFact(deadLetter)).toBeNull();
  });

  test('every scan publishes the same fact, with the time at which EventBridge gave up', () => {
    const fact = undeliveredFact(parseDeadLetter(bus, undelivered({ RETRY_ATTEMPTS: '12' })));
    expect(undeliveredFact(parseDeadLetter(bus, undelivered({ RETRY_ATTEMPTS: '12' })))).toEqual(fact);
    expect(MessageDeadLettered.parse(fact)).toMatchObject({
      id: deadLetterId('undelivered-events', 'm-1', 'no-permissions'),
      time: '2026-11-20T12:00:00.000Z',
      correlationId: 'guid-1',
      runKey: '11-1-1',
      data: { queue: 'undelivered-events', messageId: 'm-1', reason: 'no-permissions', attempts: 12 },
    });
  });
});
