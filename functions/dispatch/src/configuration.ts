import { count, flag, gitHubAppVariables, logLevel } from '@dispatcher/lambda';
import * as z from 'zod/mini';

/** The environment of the dispatch function. */
export const Configuration = z.object({
  ...gitHubAppVariables,
  DECISIONS_QUEUE_URL: z.string(),
  DECISIONS_DEAD_LETTER_QUEUE_URL: z.string(),
  BUS_NAME: z.string(),
  STATE_TABLE: z.string(),
  /** `false`: what would become an issue is logged and told as a fact only. */
  CREATE_ISSUES: flag(true),
  MAX_ATTEMPTS: count(6),
  LOG_LEVEL: logLevel,
});
