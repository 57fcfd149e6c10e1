import { count, logLevel } from '@dispatcher/lambda';
import * as z from 'zod/mini';

/** The environment of the facts function. */
export const Configuration = z.object({
  FACTS_QUEUE_URL: z.string(),
  FACTS_DEAD_LETTER_QUEUE_URL: z.string(),
  BUS_NAME: z.string(),
  /** Attempts are counted here, as those of every queue. */
  STATE_TABLE: z.string(),
  FACTS_TABLE: z.string(),
  PROJECTIONS_TABLE: z.string(),
  MAX_ATTEMPTS: count(6),
  LOG_LEVEL: logLevel,
});
