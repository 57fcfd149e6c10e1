import { setTimeout as delay } from 'node:timers/promises';
import { createBus, readConfiguration } from '@dispatcher/lambda';
import {
  applyDeadLetterCommand,
  countMessages,
  type DeadLetterQueueName,
  deadLetterQueuesOf,
  deadLetterVariables,
  findDeadLetter,
  type DeadLetterSearch,
  type DeadLetterActionResult,
  type DeadLetterCommand,
  type DeadLetterCommandOptions,
  type MessageCounts,
} from '@dispatcher/dead-letters';
import { createDocumentClient, createFactStore, type DeadLetter } from '@dispatcher/store';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod/mini';

/** What the command `dead-letters` needs of a running system. */
export interface DeadLetterOperations {
  /** Returns every dead letter recorded since then, newest first, in every state. */
  recorded(queue: DeadLetterQueueName, since: string): Promise<readonly DeadLetter[]>;
  /** Counts the messages in the dead-letter queue. */
  count(queue: DeadLetterQueueName): Promise<MessageCounts>;
  /** Searches one queue. Without `waitForHeld` it does not ask whether other readers hold messages. */
  find(queue: DeadLetterQueueName, deadLetterId: string, options: SearchOptions): Promise<DeadLetterSearch>;
  apply(
    queue: DeadLetterQueueName,
    command: DeadLetterCommand,
    progress: DeadLetterCommandOptions,
  ): Promise<DeadLetterActionResult>;
}

export interface SearchOptions {
  readonly signal: AbortSignal;
  readonly waitForHeld?: DeadLetterCommandOptions['waitForHeld'];
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
    // An abort ends the wait; the caller checks the signal.
    sleep: (ms: number, signal: AbortSignal) => delay(ms, undefined, { signal }).catch(() => undefined),
  };
  return {
    recorded: async (queue, since) => {
      const deadLetters: DeadLetter[] = [];
      for (let cursor: string | null | undefined; cursor !== null; ) {
        const page = await reads.deadLetters(queue, { cursor, limit: 100 });
        const fresh = page.items.filter(({ deadLetteredAt }) => deadLetteredAt >= since);
        deadLetters.push(...fresh);
        cursor = fresh.length < page.items.length ? null : page.cursor;
      }
      return deadLetters;
    },
    count: (queue) => countMessages(sqs, queues[queue].deadLetterUrl),
    find: (queue, deadLetterId, { signal, waitForHeld }) =>
      findDeadLetter(tools, queues[queue], deadLetterId, {
        signal,
        ...(waitForHeld === undefined ? {} : { waitForHeld: { ...waitForHeld, now: tools.now, sleep: tools.sleep } }),
      }),
    apply: (queue, command, progress) => applyDeadLetterCommand(tools, queues[queue], command, progress),
  };
}
