import { DeadLetterSummary, Queues, Status, statusOf, Summary, Trend } from '@dispatcher/store';
import { ProblemError } from '@dispatcher/lambda';
import { NoQuery, SummaryQuery } from '../http/requests.ts';
import type { Api } from '../http/zod-provider.ts';

const problems = { 404: 'The roll-up has not run yet.' };

/** Adds the routes whose data the roll-up computes every minute. */
export function addRollUpRoutes(api: Api, now: () => number): void {
  const summary = {
    summary: 'Returns counts, latencies and freshness for one time window.',
    querystring: SummaryQuery,
    response: { 200: Summary },
    problems,
  };
  api.get('/summary', { schema: summary }, async ({ query, reads }) => rolledUp(await reads.summary(query.window)));

  const trend = {
    summary: 'Returns the last 48 hours, hour by hour, oldest first.',
    querystring: NoQuery,
    response: { 200: Trend },
    problems,
  };
  api.get('/trend', { schema: trend }, async ({ reads }) => rolledUp(await reads.trend()));

  const queues = {
    summary: 'Returns the depth and age of all queues, as of the last roll-up.',
    querystring: NoQuery,
    response: { 200: Queues },
    problems,
  };
  api.get('/queues', { schema: queues }, async ({ reads }) => rolledUp(await reads.queues()));

  const status = {
    summary:
      'Returns whether Dispatcher works, in words and as checks with their values and thresholds. For monitors: look at `state`.',
    querystring: NoQuery,
    response: { 200: Status },
    problems,
  };
  api.get('/status', { schema: status }, async ({ reads }) => statusOf(rolledUp(await reads.status()), now()));

  const deadLetters = {
    summary:
      'Returns the recorded dead letters by queue and reason, with a sample, and the depth of each dead-letter queue.',
    querystring: NoQuery,
    response: { 200: DeadLetterSummary },
    problems,
  };
  api.get('/dead-letters', { schema: deadLetters }, async ({ reads }) => rolledUp(await reads.deadLetterSummary()));
}

/** @throws ProblemError 404 before the first roll-up */
function rolledUp<T>(result: T | null): T {
  if (result !== null) return result;
  throw new ProblemError(
    404,
    'The roll-up has not run yet. The facts function runs it every minute: try again in a minute, then check its schedule and its log.',
  );
}
