import { CreateQueueCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { deadLetterId } from '@dispatcher/contracts';
import { deadLetterQueuesOf } from '@dispatcher/dead-letters';
import type { DeadLetterDependencies } from '../resources/dead-letter-actions.ts';

/** A letter that lies in the dead-letter queue of `runs`. */
export const storedDeadLetterId = deadLetterId('runs', 'lying-1', 'died');

/** Queues at the local SQS, with some dead letters in them; facts about what is done to them go nowhere. */
export async function startDeadLetters(url: string): Promise<DeadLetterDependencies & { close(): void }> {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const sqs = new SQSClient({ endpoint: url, region: 'us-east-1', credentials });
  const urlOf = (name: string) => `${url}/000000000000/${name}`;
  const names = ['runs', 'decisions', 'facts'].flatMap((name) => [name, `${name}-dead-letters`]);
  for (const QueueName of [...names, 'undelivered']) await sqs.send(new CreateQueueCommand({ QueueName }));
  const queues = deadLetterQueuesOf({
    RUNS_QUEUE_URL: urlOf('runs'),
    RUNS_DEAD_LETTER_QUEUE_URL: urlOf('runs-dead-letters'),
    DECISIONS_QUEUE_URL: urlOf('decisions'),
    DECISIONS_DEAD_LETTER_QUEUE_URL: urlOf('decisions-dead-letters'),
    FACTS_QUEUE_URL: urlOf('facts'),
    FACTS_DEAD_LETTER_QUEUE_URL: urlOf('facts-dead-letters'),
    UNDELIVERED_EVENTS_QUEUE_URL: urlOf('undelivered'),
  });
  for (let number = 1; number <= 5; number += 1) await sqs.send(giveUp(queues.runs.deadLetterUrl, `lying-${number}`));
  return {
    queues,
    deadLetters: {
      sqs: { send: withoutWaiting(sqs) },
      bus: { publish: async () => undefined },
      warn: () => undefined,
      now: Date.now,
      sleep: async () => undefined,
    },
    timeLimitMs: 120_000,
    close: () => sqs.destroy(),
  };
}

// SQS is asked to wait because it has many servers; this one needs no second to be sure that there is nothing.
function withoutWaiting(sqs: SQSClient): SQSClient['send'] {
  sqs.middlewareStack.add(
    (next) => async (args) => {
      if ('WaitTimeSeconds' in args.input) args.input.WaitTimeSeconds = 0;
      return next(args);
    },
    { step: 'initialize', name: 'withoutWaiting' },
  );
  return sqs.send.bind(sqs);
}

function giveUp(QueueUrl: string, messageId: string): SendMessageCommand {
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
