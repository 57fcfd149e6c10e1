import {
  ConfigurationError,
  count,
  decisionMaxAgeVariables,
  gitHubAppVariables,
  giveUpVariables,
  guardRailVariables,
  httpUrl,
  leaseSeconds,
  logLevel,
  metricsNamespace,
  publicUrl,
} from '@dispatcher/lambda';
import * as z from 'zod/mini';
import type { CreateIssues } from './issues/issue-plan.ts';

const createIssues: Readonly<Record<'true' | 'false' | 'all', CreateIssues>> = {
  true: 'problems',
  false: 'none',
  all: 'all',
};

/** The environment variables of the dispatch function. */
export const Configuration = z.object({
  ...gitHubAppVariables,
  DECISIONS_QUEUE_URL: z.string(),
  DECISIONS_DEAD_LETTER_QUEUE_URL: z.string(),
  BUS_NAME: z.string(),
  STATE_TABLE: z.string(),
  /** Only the remaining rate limits of installations are written to it. */
  PROJECTIONS_TABLE: z.string(),
  PLANS_TABLE: z.string(),
  /** The table of the API keys: a revoked key starts nothing any more. */
  ACCESS_TABLE: z.string(),
  /** `false`: no issues; a log line and a fact instead. `all`: also an issue about every start. */
  CREATE_ISSUES: z.pipe(
    z._default(z.enum(['true', 'false', 'all'], { error: 'write true, false or all' }), 'true'),
    z.transform((value) => createIssues[value]),
  ),
  /** `none`: no check runs. `all`: also a summary of plans that started nothing and about which nobody must act. */
  CREATE_CHECKS: z._default(z.enum(['none', 'summary', 'all'], { error: 'write none, summary or all' }), 'summary'),
  /** The page that documents the codes. If it is not set, issues contain codes without links. */
  DOCS_URL: z.optional(httpUrl('https://example.com/codes')),
  /** Where browsers reach the dashboard: issues link the page of their run there. */
  PUBLIC_URL: publicUrl,
  MAX_ATTEMPTS: count(6),
  ...giveUpVariables,
  LOG_LEVEL: logLevel,
  METRICS_NAMESPACE: metricsNamespace,
  /** How long GitHub's run list may take to show a run. */
  RECONCILE_WINDOW_SECONDS: count(60),
  LEASE_SECONDS: leaseSeconds,
  /** The guard rails of planning, which hold for waiting decisions too. DISPATCH_PAUSED: nothing starts, and decisions wait. */
  ...guardRailVariables,
  ...decisionMaxAgeVariables,
  GITHUB_TIMEOUT_SECONDS: count(10),
  /** Maximum writes per installation and minute. GitHub allows 180 (900 points at 5 each). */
  GITHUB_WRITES_PER_MINUTE: count(160),
  /** Maximum changes of issues and comments per installation. GitHub allows 80 a minute and 500 an hour. */
  GITHUB_CONTENT_PER_MINUTE: count(70),
  GITHUB_CONTENT_PER_HOUR: count(450),
});

export type Environment = z.output<typeof Configuration>;

/**
 * Checks that a lease covers a token request and a POST. A POST is sent only if its timeout ends before the lease.
 * @throws ConfigurationError if no POST could ever be sent
 */
export function checkLease(environment: { LEASE_SECONDS: number; GITHUB_TIMEOUT_SECONDS: number }): void {
  const { LEASE_SECONDS: lease, GITHUB_TIMEOUT_SECONDS: timeout } = environment;
  if (lease >= 2 * timeout) return;
  throw new ConfigurationError(
    `LEASE_SECONDS is ${lease} and must be at least twice GITHUB_TIMEOUT_SECONDS (${timeout}), because a lease covers a token request and a POST.`,
  );
}
