import { ConfigurationError, count, gitHubAppVariables, logLevel } from '@dispatcher/lambda';
import * as z from 'zod/mini';
import type { CreateIssues } from './issues/report-decision.ts';

const createIssues: Readonly<Record<'true' | 'false' | 'all', CreateIssues>> = {
  true: 'problems',
  false: 'none',
  all: 'all',
};

/** The environment of the dispatch function. */
export const Configuration = z.object({
  ...gitHubAppVariables,
  DECISIONS_QUEUE_URL: z.string(),
  DECISIONS_DEAD_LETTER_QUEUE_URL: z.string(),
  BUS_NAME: z.string(),
  STATE_TABLE: z.string(),
  /** `false`: what would become an issue is logged and told as a fact only. `all`: also an issue about every start. */
  CREATE_ISSUES: z.pipe(
    z._default(z.enum(['true', 'false', 'all'], { error: 'write true, false or all' }), 'true'),
    z.transform((value) => createIssues[value]),
  ),
  /** The page on which every code has its anchor; unset: issues name the code only. */
  DOCS_URL: z.optional(z.url({ error: 'write a URL such as https://example.com/codes' })),
  MAX_ATTEMPTS: count(6),
  LOG_LEVEL: logLevel,
  /** How long GitHub's run list may take to show a run. */
  RECONCILE_WINDOW_SECONDS: count(60),
  /** How long a worker may hold a target before its POST must have been answered. */
  LEASE_SECONDS: count(30),
  GITHUB_TIMEOUT_SECONDS: count(10),
  /** Most writes of one installation in any minute; GitHub takes 180 (900 points at 5 each). */
  GITHUB_WRITES_PER_MINUTE: count(160),
  /** Most issues and comments of one installation; GitHub takes 80 a minute and 500 an hour. */
  GITHUB_CONTENT_PER_MINUTE: count(70),
  GITHUB_CONTENT_PER_HOUR: count(450),
});

/**
 * @throws ConfigurationError where no POST could ever be sent: one is sent only while the lease outlasts its time-out.
 */
export function checkLease(environment: { LEASE_SECONDS: number; GITHUB_TIMEOUT_SECONDS: number }): void {
  const { LEASE_SECONDS: lease, GITHUB_TIMEOUT_SECONDS: timeout } = environment;
  if (lease >= 2 * timeout) return;
  throw new ConfigurationError(
    `LEASE_SECONDS is ${lease} and must be at least twice GITHUB_TIMEOUT_SECONDS (${timeout}): a lease covers a token and a POST.`,
  );
}
