import {
  count,
  decisionMaxAgeVariables,
  gitHubAppVariables,
  giveUpVariables,
  guardRailVariables,
  logLevel,
  metricsNamespace,
  publicUrl,
} from '@dispatcher/lambda';
import * as z from 'zod/mini';
import { oidcIssuers } from './dispatch-api/oidc-issuers.ts';

/** The environment variables of the planning function. */
export const Configuration = z.object({
  ...gitHubAppVariables,
  ...guardRailVariables,
  RUNS_QUEUE_URL: z.string(),
  RUNS_DEAD_LETTER_QUEUE_URL: z.string(),
  HINTS_QUEUE_URL: z.string(),
  HINTS_DEAD_LETTER_QUEUE_URL: z.string(),
  BUS_NAME: z.string(),
  STATE_TABLE: z.string(),
  /** Only the remaining rate limits of installations are written to it, and only the candidates of patterns read. */
  PROJECTIONS_TABLE: z.string(),
  PLANS_TABLE: z.string(),
  /** The table of the API keys that authenticate `POST /dispatch`. */
  ACCESS_TABLE: z.string(),
  /**
   * Attempts per message. The last one records what could not be read as unreadable; if it fails, the message becomes
   * a dead letter.
   */
  MAX_ATTEMPTS: count(6),
  /** The audience of the OIDC tokens of jobs. Without it, no token is accepted. */
  PUBLIC_URL: publicUrl,
  /** The issuers of the OIDC tokens of jobs, compared exactly. */
  OIDC_ISSUERS: oidcIssuers,
  LOG_LEVEL: logLevel,
  METRICS_NAMESPACE: metricsNamespace,
  ...giveUpVariables,
  /** As in the dispatch function: for so long a denial makes it confirm earlier decisions of the route. */
  ...decisionMaxAgeVariables,
  /** As in the dispatch function: until both have passed, the ledger may not know yet which run a dispatch started. */
  RECONCILE_WINDOW_SECONDS: count(60),
  LEASE_SECONDS: count(30),
});
export type Environment = z.output<typeof Configuration>;
