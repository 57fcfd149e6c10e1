import { setTimeout as delay } from 'node:timers/promises';
import {
  actOnLetters,
  countMessages,
  createBus,
  type DeadLetterQueueName,
  deadLetterQueuesOf,
  deadLetterVariables,
  findLetter,
  type Letter,
  type LetterActionResult,
  type LetterCommand,
  type LetterProgress,
  type MessageCounts,
  readConfiguration,
} from '@dispatcher/lambda';
import { createDocumentClient, createFactStore, type DeadLetter } from '@dispatcher/store';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod/mini';

/** What `dead-letters` needs of a running system. */
export interface DeadLetterOperations {
  /** Every letter that the facts tell of since then, newest first, whatever became of it. */
  recorded(queue: DeadLetterQueueName, since: string): Promise<readonly DeadLetter[]>;
  /** What lies in the dead-letter queue. */
  count(queue: DeadLetterQueueName): Promise<MessageCounts>;
  /** Null where it could not be received. */
  find(queue: DeadLetterQueueName, letterId: string, signal: AbortSignal): Promise<Letter | null>;
  act(queue: DeadLetterQueueName, command: LetterCommand, progress: LetterProgress): Promise<LetterActionResult>;
}

const Configuration = z.object({
  ...deadLetterVariables,
  BUS_NAME: z.string(),
  FACTS_TABLE: z.string(),
  PROJECTIONS_TABLE: z.string(),
});

/** @throws ConfigurationError naming the variables that are missing */
export function createDeadLetterOperations(
  env: NodeJS.ProcessEnv,
  warn: (sentence: string) => void,
): DeadLetterOperations {
  const configuration = readConfiguration(Configuration, env);
  const { BUS_NAME, FACTS_TABLE: table, PROJECTIONS_TABLE: projectionsTable } = configuration;
  const queues = deadLetterQueuesOf(configuration);
  const reads = createFactStore({ client: createDocumentClient(), table, projectionsTable });
  const sqs = new SQSClient();
  const tools = {
    sqs,
    bus: createBus(new EventBridgeClient(), BUS_NAME),
    warn,
    now: Date.now,
    // A wait that is cut short is over; whoever waited looks at the signal.
    sleep: (ms: number, signal: AbortSignal) => delay(ms, undefined, { signal }).catch(() => undefined),
  };
  return {
    recorded: async (queue, since) => {
      const letters: DeadLetter[] = [];
      for (let cursor: string | null | undefined; cursor !== null; ) {
        const page = await reads.deadLetters(queue, { cursor, limit: 100 });
        const fresh = page.items.filter(({ deadLetteredAt }) => deadLetteredAt >= since);
        letters.push(...fresh);
        cursor = fresh.length < page.items.length ? null : page.cursor;
      }
      return letters;
    },
    count: (queue) => countMessages(sqs, queues[queue].deadLetterUrl),
    find: (queue, letterId, signal) => findLetter(tools, queues[queue], letterId, signal),
    act: (queue, command, progress) => actOnLetters(tools, queues[queue], command, progress),
  };
}
