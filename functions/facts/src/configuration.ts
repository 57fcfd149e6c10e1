import { count, logLevel } from '@dispatcher/lambda';
import * as z from 'zod/mini';
import type { WatchedQueue } from './queues.ts';

/** The environment of the facts function. */
export const Configuration = z.object({
  FACTS_QUEUE_URL: z.string(),
  FACTS_DEAD_LETTER_QUEUE_URL: z.string(),
  // The roll-up only asks how full these are.
  RUNS_QUEUE_URL: z.string(),
  RUNS_DEAD_LETTER_QUEUE_URL: z.string(),
  DECISIONS_QUEUE_URL: z.string(),
  DECISIONS_DEAD_LETTER_QUEUE_URL: z.string(),
  /** What EventBridge could not hand over: the roll-up also reads these, and leaves them there. */
  UNDELIVERED_EVENTS_QUEUE_URL: z.string(),
  BUS_NAME: z.string(),
  /** Attempts are counted here, as those of every queue. */
  STATE_TABLE: z.string(),
  FACTS_TABLE: z.string(),
  PROJECTIONS_TABLE: z.string(),
  MAX_ATTEMPTS: count(6),
  LOG_LEVEL: logLevel,
});
type Environment = z.infer<typeof Configuration>;

/** All queues, as the topology names them; `undelivered` is the bus's. */
export function watchedQueues(environment: Environment): readonly WatchedQueue[] {
  return [
    { queue: 'runs', url: environment.RUNS_QUEUE_URL },
    { queue: 'runs-dead-letters', url: environment.RUNS_DEAD_LETTER_QUEUE_URL, deadLettersOf: 'runs' },
    { queue: 'decisions', url: environment.DECISIONS_QUEUE_URL },
    { queue: 'decisions-dead-letters', url: environment.DECISIONS_DEAD_LETTER_QUEUE_URL, deadLettersOf: 'decisions' },
    { queue: 'facts', url: environment.FACTS_QUEUE_URL },
    { queue: 'facts-dead-letters', url: environment.FACTS_DEAD_LETTER_QUEUE_URL, deadLettersOf: 'facts' },
    { queue: 'undelivered-events', url: environment.UNDELIVERED_EVENTS_QUEUE_URL, deadLettersOf: 'undelivered-events' },
  ];
}
