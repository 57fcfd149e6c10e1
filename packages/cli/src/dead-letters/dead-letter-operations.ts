import { setTimeout as delay } from 'node:timers/promises';
import { createBus, readConfiguration } from '@dispatcher/lambda';
import {
  applyDeadLetterCommand,
  countMessages,
  type DeadLetterQueueName,
  deadLetterQueuesOf,
  deadLetterVariables,
  findDeadLetter,
  type DeadLetterActionResult,
  type DeadLetterCommand,
  type DeadLetterMessage,
  type DeadLetterOutcome,
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
  find(queue: DeadLetterQueueName, deadLetterId: string, options: SearchOptions): Promise<SearchResult>;
  apply(queue: DeadLetterQueueName, command: DeadLetterCommand, options: ActionOptions): Promise<ActionResult>;
}

/** A dead letter as `inspect` shows it: the body already contains the message. */
export type FoundDeadLetter = Omit<DeadLetterMessage, 'message'>;

/** A dead letter as `redrive` and `discard` report it. */
export type ReportedDeadLetter = Pick<
  DeadLetterMessage,
  'id' | 'queue' | 'to' | 'reason' | 'since' | 'redrives' | 'runKey'
>;

export type SearchResult =
  | { readonly state: 'found'; readonly deadLetter: FoundDeadLetter }
  | { readonly state: 'absent' | 'stopped' }
  /** The number of messages that other readers hold; null if it is not known. */
  | { readonly state: 'held'; readonly held: number | null };

export interface WaitOptions {
  /** The longest wait in all. */
  readonly maxMs: number;
  /** Called once, before the first wait, with the number of messages that are held; null if it is not known. */
  readonly onWait?: (held: number | null) => void;
}

export interface SearchOptions {
  readonly signal: AbortSignal;
  readonly waitForHeld?: WaitOptions;
}

export interface ActionOptions {
  /** Stops the action before its next dead letter, or before its next request. */
  readonly signal: AbortSignal;
  readonly perSecond?: number;
  readonly waitForHeld?: WaitOptions;
  /** Whether `before` of the command is the operator's; otherwise it is the time of this machine. */
  readonly isBeforeGiven: boolean;
  /** Called for each selected dead letter, with the error if it failed. */
  readonly onDeadLetter?: (deadLetter: ReportedDeadLetter, outcome: DeadLetterOutcome, problem: string | null) => void;
}

export interface ActionResult extends DeadLetterActionResult {
  /** Over the API one for each request. */
  readonly actionIds: readonly string[];
  /** Only dead letters that are not newer were selected. */
  readonly before: string;
}

const Configuration = z.object({
  ...deadLetterVariables,
  BUS_NAME: z.string(),
  FACTS_TABLE: z.string(),
  PROJECTIONS_TABLE: z.string(),
});

/** Returns the operations on AWS itself. @throws ConfigurationError naming the variables that are missing */
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
    find: async (queue, deadLetterId, { signal, waitForHeld }) => {
      const search = await findDeadLetter(tools, queues[queue], deadLetterId, {
        signal,
        ...(waitForHeld === undefined ? {} : { waitForHeld: { ...waitForHeld, now: tools.now, sleep: tools.sleep } }),
      });
      if (search.state !== 'found') return search;
      const { message: _, ...deadLetter } = search.deadLetter;
      return { state: 'found', deadLetter };
    },
    apply: async (queue, command, options) => ({
      ...(await applyDeadLetterCommand(tools, queues[queue], command, options)),
      actionIds: [command.actionId],
      before: command.before,
    }),
  };
}
