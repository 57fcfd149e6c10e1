import { count, logLevel, metricsNamespace } from '@dispatcher/lambda';
import { maxShards } from '@dispatcher/store';
import * as z from 'zod/mini';
import type { WatchedQueue } from './queue-samples.ts';

// Longer than dead letters and the archive's events in prod are kept.
const minFactRetentionDays = 31;

/** The environment variables of the facts function. */
export const Configuration = z.object({
  FACTS_QUEUE_URL: z.string(),
  FACTS_DEAD_LETTER_QUEUE_URL: z.string(),
  // The roll-up only reads the depth of these queues.
  RUNS_QUEUE_URL: z.string(),
  RUNS_DEAD_LETTER_QUEUE_URL: z.string(),
  HINTS_QUEUE_URL: z.string(),
  HINTS_DEAD_LETTER_QUEUE_URL: z.string(),
  DECISIONS_QUEUE_URL: z.string(),
  DECISIONS_DEAD_LETTER_QUEUE_URL: z.string(),
  /** Events that EventBridge could not deliver. The roll-up reads these messages and leaves them in the queue. */
  UNDELIVERED_EVENTS_QUEUE_URL: z.string(),
  BUS_NAME: z.string(),
  /** Stores the number of attempts of each message. */
  STATE_TABLE: z.string(),
  FACTS_TABLE: z.string(),
  PROJECTIONS_TABLE: z.string(),
  /** A change applies to facts that are recorded after it. */
  FACT_RETENTION_DAYS: count(400).check(
    z.refine((days) => days >= minFactRetentionDays, {
      error: `write at least ${minFactRetentionDays}: a fact that is redriven after it has expired would be counted twice`,
    }),
  ),
  /**
   * Number of logs that facts are appended to. One log takes some 50 batches a second. It may be raised and lowered at any
   * time: logs with facts are always read.
   */
  FACT_SHARDS: count(1).check(
    z.refine((shards) => shards >= 1 && shards <= maxShards, { error: `write a number from 1 to ${maxShards}` }),
  ),
  MAX_ATTEMPTS: count(6),
  LOG_LEVEL: logLevel,
  METRICS_NAMESPACE: metricsNamespace,
});
export type Environment = z.output<typeof Configuration>;

/** Returns all queues under their names in the topology. */
export function watchedQueues(environment: Environment): readonly WatchedQueue[] {
  return [
    { queue: 'runs', url: environment.RUNS_QUEUE_URL },
    { queue: 'runs-dead-letters', url: environment.RUNS_DEAD_LETTER_QUEUE_URL, deadLettersOf: 'runs' },
    { queue: 'hints', url: environment.HINTS_QUEUE_URL },
    { queue: 'hints-dead-letters', url: environment.HINTS_DEAD_LETTER_QUEUE_URL, deadLettersOf: 'hints' },
    { queue: 'decisions', url: environment.DECISIONS_QUEUE_URL },
    { queue: 'decisions-dead-letters', url: environment.DECISIONS_DEAD_LETTER_QUEUE_URL, deadLettersOf: 'decisions' },
    { queue: 'facts', url: environment.FACTS_QUEUE_URL },
    { queue: 'facts-dead-letters', url: environment.FACTS_DEAD_LETTER_QUEUE_URL, deadLettersOf: 'facts' },
    { queue: 'undelivered-events', url: environment.UNDELIVERED_EVENTS_QUEUE_URL, deadLettersOf: 'undelivered-events' },
  ];
}
