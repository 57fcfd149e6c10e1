import * as z from 'zod/mini';

/** A dead-letter queue, and where its messages may go back to. */
export interface DeadLetterQueue {
  /** `runs`, as facts and logs call it. */
  readonly name: string;
  readonly deadLetterUrl: string;
  /** URLs of queues, by name: the one of this name, or of the bus those of its rules. A letter goes nowhere else. */
  readonly destinations: Readonly<Record<string, string>>;
}

/** The queues that the messages were on; `bus`: events that EventBridge could not hand over to their queue. */
export const deadLetterQueueNames = ['runs', 'decisions', 'facts', 'undelivered-events'] as const;
export type DeadLetterQueueName = (typeof deadLetterQueueNames)[number];

/** What whoever handles dead letters takes from its environment. */
export const deadLetterVariables = {
  RUNS_QUEUE_URL: z.string(),
  RUNS_DEAD_LETTER_QUEUE_URL: z.string(),
  DECISIONS_QUEUE_URL: z.string(),
  DECISIONS_DEAD_LETTER_QUEUE_URL: z.string(),
  FACTS_QUEUE_URL: z.string(),
  FACTS_DEAD_LETTER_QUEUE_URL: z.string(),
  /** What EventBridge could not hand over. */
  UNDELIVERED_EVENTS_QUEUE_URL: z.string(),
};

export type DeadLetterQueues = Readonly<Record<DeadLetterQueueName, DeadLetterQueue>>;

/** What {@link deadLetterVariables} come to once they are read. */
export function deadLetterQueuesOf(read: z.output<z.ZodMiniObject<typeof deadLetterVariables>>): DeadLetterQueues {
  const { RUNS_QUEUE_URL: runs, DECISIONS_QUEUE_URL: decisions, FACTS_QUEUE_URL: facts } = read;
  return {
    runs: { name: 'runs', deadLetterUrl: read.RUNS_DEAD_LETTER_QUEUE_URL, destinations: { runs } },
    decisions: { name: 'decisions', deadLetterUrl: read.DECISIONS_DEAD_LETTER_QUEUE_URL, destinations: { decisions } },
    facts: { name: 'facts', deadLetterUrl: read.FACTS_DEAD_LETTER_QUEUE_URL, destinations: { facts } },
    'undelivered-events': {
      name: 'undelivered-events',
      deadLetterUrl: read.UNDELIVERED_EVENTS_QUEUE_URL,
      destinations: { decisions, facts },
    },
  };
}
