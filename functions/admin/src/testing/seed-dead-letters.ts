import { CreateQueueCommand, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { deadLetterId } from '@dispatcher/contracts';
import { deadLetterQueuesOf } from '@dispatcher/dead-letters';
import type { Environment } from '../configuration.ts';

/** A dead letter in the dead-letter queue of `runs`. */
export const storedDeadLetterId = deadLetterId('runs', 'stored-1', 'died');

/** Creates the queues on the local SQS, and five dead letters of `runs`. */
export async function seedDeadLetters(sqs: SQSClient, environment: Environment): Promise<void> {
  const queues = deadLetterQueuesOf(environment);
  const urls = Object.values(queues).flatMap(({ deadLetterUrl, destinations }) => [
    deadLetterUrl,
    ...Object.values(destinations),
  ]);
  for (const url of new Set(urls)) await sqs.send(new CreateQueueCommand({ QueueName: url.split('/').at(-1) }));
  for (let number = 1; number <= 5; number += 1) {
    await sqs.send(deadLetterMessage(queues.runs.deadLetterUrl, `stored-${number}`));
  }
}

/** Removes the long polls: the local SQS has a single server, so an empty response needs no second to be certain. */
export function withoutLongPolls(sqs: SQSClient): Pick<SQSClient, 'send'> {
  sqs.middlewareStack.add(
    (next) => async (args) => {
      if ('WaitTimeSeconds' in args.input) args.input.WaitTimeSeconds = 0;
      return next(args);
    },
    { step: 'initialize', name: 'withoutLongPolls' },
  );
  return sqs;
}

function deadLetterMessage(QueueUrl: string, messageId: string): SendMessageCommand {
  const text = (value: string) => ({ DataType: 'String', StringValue: value });
  return new SendMessageCommand({
    QueueUrl,
    MessageBody: JSON.stringify({ runKey: '11-9000000001-1', deliveryId: 'delivery-1' }),
    MessageAttributes: {
      reason: text('died'),
      detail: text('out of memory'),
      queue: text('runs'),
      messageId: text(messageId),
      attempts: { DataType: 'Number', StringValue: '6' },
    },
  });
}
