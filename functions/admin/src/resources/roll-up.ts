import { DeadLetterSummary, Queues, Summary, Trend } from '@dispatcher/store';
import { Problem } from '../http/problem.ts';
import { NoQuery, SummaryQuery } from '../http/requests.ts';
import type { Api } from '../http/zod-provider.ts';
import type { ApiReads } from './api-reads.ts';

const problems = { 404: 'No roll-up has set it yet.' };

/** What the roll-up of every minute sets. */
export function addRollUpRoutes(api: Api, reads: ApiReads): void {
  const summary = {
    summary: 'Counts, latencies and freshness of one window of time.',
    querystring: SummaryQuery,
    response: { 200: Summary },
    problems,
  };
  api.get('/summary', { schema: summary }, async ({ query }) => rolledUp(await reads.summary(query.window)));

  const trend = {
    summary: 'The last 48 hours, hour by hour, oldest first.',
    querystring: NoQuery,
    response: { 200: Trend },
    problems,
  };
  api.get('/trend', { schema: trend }, async () => rolledUp(await reads.trend()));

  const queues = {
    summary: 'Depth and age of all queues, as the roll-up saw them last.',
    querystring: NoQuery,
    response: { 200: Queues },
    problems,
  };
  api.get('/queues', { schema: queues }, async () => rolledUp(await reads.queues()));

  const deadLetters = {
    summary: 'Dead letters by queue and reason with a sample, beside what the dead-letter queues hold.',
    querystring: NoQuery,
    response: { 200: DeadLetterSummary },
    problems,
  };
  api.get('/dead-letters', { schema: deadLetters }, async () => rolledUp(await reads.deadLetterSummary()));
}

/** @throws Problem before the first roll-up */
function rolledUp<T>(answer: T | null): T {
  if (answer !== null) return answer;
  throw new Problem(
    404,
    'No roll-up has set this yet. The facts function does it every minute: ask again in a minute, then look at its schedule and its log.',
  );
}
