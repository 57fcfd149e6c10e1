import { FeedQuery } from '../http/requests.ts';
import type { Api } from '../http/zod-provider.ts';
import { FactsResponse } from './responses.ts';

/** Adds the read of the newest facts of all repositories. */
export function addFactRoutes(api: Api): void {
  const list = {
    summary:
      'Lists the newest facts of all repositories: about deliveries, about dispatches, or about actions of operators.',
    description:
      'One line per fact, sorted by the time at which the delivery was received, the dispatch was accepted, or the operator acted. Decisions and issues are in the history of their run.',
    querystring: FeedQuery,
    response: { 200: FactsResponse },
  };
  api.get('/facts', { schema: list }, async ({ query: { list: feed, ...query }, reads }) => {
    const { items, cursor } = await reads.facts(feed, query);
    return { facts: items, cursor };
  });
}
