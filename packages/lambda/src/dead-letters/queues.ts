import * as z from 'zod/mini';
import type { DeadLetterQueue } from './walk.ts';

export const deadLetterQueueNames = ['runs', 'decisions', 'facts'] as const;
export type DeadLetterQueueName = (typeof deadLetterQueueNames)[number];

/** What whoever handles dead letters takes from its environment. */
export const deadLetterVariables = {
  RUNS_QUEUE_URL: z.string(),
  RUNS_DEAD_LETTER_QUEUE_URL: z.string(),
  DECISIONS_QUEUE_URL: z.string(),
  DECISIONS_DEAD_LETTER_QUEUE_URL: z.string(),
  FACTS_QUEUE_URL: z.string(),
  FACTS_DEAD_LETTER_QUEUE_URL: z.string(),
};

export type DeadLetterQueues = Readonly<Record<DeadLetterQueueName, DeadLetterQueue>>;

/** What {@link deadLetterVariables} come to once they are read. */
export function deadLetterQueuesOf(read: z.output<z.ZodMiniObject<typeof deadLetterVariables>>): DeadLetterQueues {
  return {
    runs: { name: 'runs', url: read.RUNS_QUEUE_URL, deadLetterUrl: read.RUNS_DEAD_LETTER_QUEUE_URL },
    decisions: {
      name: 'decisions',
      url: read.DECISIONS_QUEUE_URL,
      deadLetterUrl: read.DECISIONS_DEAD_LETTER_QUEUE_URL,
    },
    facts: { name: 'facts', url: read.FACTS_QUEUE_URL, deadLetterUrl: read.FACTS_DEAD_LETTER_QUEUE_URL },
  };
}
