import { eventStream } from '../http/etag.ts';
import { StreamHeaders, StreamQuery } from '../http/requests.ts';
import type { Api } from '../http/zod-provider.ts';
import { eventIdOf, maxNewFacts, type NewFacts, newFactsSince, retryMsAfter } from './new-facts.ts';
import { StreamResponse } from './responses.ts';

/** Adds the stream of new facts. A response ends at once, since a function on Lambda is paid by the millisecond. */
export function addStreamRoute(api: Api, now: () => number): void {
  const stream = {
    summary: 'Returns what is new in a list since the last event, as server-sent events, and ends.',
    description: `For \`EventSource\`, which asks again by itself. \`retry\` is 3 seconds after something new and rises to 15 seconds in quiet. If there is something new, the response has one event: \`{ "facts": […], "more": false }\`, oldest fact first. \`more\` is true if there may be more than these, always in the first response: read the list. One request compares the newest ${maxNewFacts} facts of the list.`,
    querystring: StreamQuery,
    headers: StreamHeaders,
    mediaType: eventStream,
    response: { 200: StreamResponse },
  };
  api.get('/stream', { schema: stream }, async ({ query, headers, reads }, reply) => {
    const facts = await reads.newestFacts(query.list, maxNewFacts);
    const added = newFactsSince(headers['last-event-id'], facts);
    reply.type(eventStream);
    return `retry: ${retryMsAfter(facts, now())}\n${eventOf(eventIdOf(facts), added)}\n`;
  });
}

/** Returns the lines of an event; none if nothing is new: a browser keeps the id that it has. */
function eventOf(id: string, added: NewFacts): string {
  if (added.facts.length === 0 && !added.more) return '';
  return `id: ${id}\ndata: ${JSON.stringify(added)}\n`;
}
