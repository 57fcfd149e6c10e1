import { count, gitHubAppVariables, guardRailVariables, logLevel } from '@dispatcher/lambda';
import * as z from 'zod/mini';

/** The environment of the planning function. */
export const Configuration = z.object({
  ...gitHubAppVariables,
  ...guardRailVariables,
  RUNS_QUEUE_URL: z.string(),
  RUNS_DEAD_LETTER_QUEUE_URL: z.string(),
  BUS_NAME: z.string(),
  STATE_TABLE: z.string(),
  /** The keys that open `POST /dispatch`. */
  ACCESS_TABLE: z.string(),
  /** How often a run is tried before it becomes a dead letter, or is recorded as unreadable. */
  MAX_ATTEMPTS: count(6),
  LOG_LEVEL: logLevel,
  /** The dispatch function's: until both are over, a run of ours may be missing in the ledger. */
  RECONCILE_WINDOW_SECONDS: count(60),
  LEASE_SECONDS: count(30),
});
