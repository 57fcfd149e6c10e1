import * as z from 'zod/mini';

/** A dead-letter queue, and the queues that its messages may be redriven to. */
export interface DeadLetterQueue {
  /** Name of the queue in facts and logs, such as `runs`. */
  readonly name: string;
  readonly deadLetterUrl: string;
  /**
   * URLs by queue name: the queue of this name, or for `undelivered-events` the targets of the bus's rules. Dead letters
   * are redriven to no other queue.
   */
  readonly destinations: Readonly<Record<string, string>>;
}

/** The queues that have dead letters; `undelivered-events` holds events that EventBridge could not deliver. */
export const deadLetterQueueNames = ['runs', 'hints', 'decisions', 'facts', 'undelivered-events'] as const;
export type DeadLetterQueueName = (typeof deadLetterQueueNames)[number];

/** The environment variables of a process that handles dead letters. */
export const deadLetterVariables = {
  RUNS_QUEUE_URL: z.string(),
  RUNS_DEAD_LETTER_QUEUE_URL: z.string(),
  HINTS_QUEUE_URL: z.string(),
  HINTS_DEAD_LETTER_QUEUE_URL: z.string(),
  DECISIONS_QUEUE_URL: z.string(),
  DECISIONS_DEAD_LETTER_QUEUE_URL: z.string(),
  FACTS_QUEUE_URL: z.string(),
  FACTS_DEAD_LETTER_QUEUE_URL: z.string(),
  UNDELIVERED_EVENTS_QUEUE_URL: z.string(),
};

export type DeadLetterQueues = Readonly<Record<DeadLetterQueueName, DeadLetterQueue>>;

/** Converts the parsed {@link deadLetterVariables}. */
export function deadLetterQueuesOf(
  environment: z.output<z.ZodMiniObject<typeof deadLetterVariables>>,
): DeadLetterQueues {
  const {
    RUNS_QUEUE_URL: runs,
    HINTS_QUEUE_URL: hints,
    DECISIONS_QUEUE_URL: decisions,
    FACTS_QUEUE_URL: facts,
  } = environment;
  return {
    runs: { name: 'runs', deadLetterUrl: environment.RUNS_DEAD_LETTER_QUEUE_URL, destinations: { runs } },
    hints: { name: 'hints', deadLetterUrl: environment.HINTS_DEAD_LETTER_QUEUE_URL, destinations: { hints } },
    decisions: {
      name: 'decisions',
      deadLetterUrl: environment.DECISIONS_DEAD_LETTER_QUEUE_URL,
      destinations: { decisions },
    },
    facts: { name: 'facts', deadLetterUrl: environment.FACTS_DEAD_LETTER_QUEUE_URL, destinations: { facts } },
    'undelivered-events': {
      name: 'undelivered-events',
      deadLetterUrl: environment.UNDELIVERED_EVENTS_QUEUE_URL,
      destinations: { decisions, facts },
    },
  };
}
