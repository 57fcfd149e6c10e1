import { DeadLetterParams, DeadLettersQuery } from '../http/requests.ts';
import type { Api } from '../http/zod-provider.ts';
import { DeadLettersResponse } from './responses.ts';

export function addDeadLetterRoutes(api: Api): void {
  const list = {
    summary: 'Lists the recorded dead letters of one queue, newest first.',
    params: DeadLetterParams,
    querystring: DeadLettersQuery,
    response: { 200: DeadLettersResponse },
  };
  api.get('/dead-letters/:queue', { schema: list }, async ({ params: { queue }, query, reads }) => {
    const { items, cursor } = await reads.deadLetters(queue, query);
    return { queue, deadLetters: items, cursor };
  });
}
