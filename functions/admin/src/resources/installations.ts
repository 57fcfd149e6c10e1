import { Audit, DeadLetters, Installations } from './responses.ts';
import { DeadLetterParams, ListQuery } from '../http/requests.ts';
import type { Api } from '../http/zod-provider.ts';
import type { ApiReads } from './api-reads.ts';

export function addListRoutes(api: Api, reads: ApiReads): void {
  const installations = {
    summary: 'What is left of each installation’s budgets at GitHub, as it was seen last.',
    querystring: ListQuery,
    response: { 200: Installations },
  };
  api.get('/installations', { schema: installations }, async ({ query }) => {
    const { items, cursor } = await reads.installations(query);
    return { installations: items, cursor };
  });

  const deadLetters = {
    summary: 'The dead letters of one queue, newest first, whatever became of them.',
    params: DeadLetterParams,
    querystring: ListQuery,
    response: { 200: DeadLetters },
  };
  api.get('/dead-letters/:queue', { schema: deadLetters }, async ({ params: { queue }, query }) => {
    const { items, cursor } = await reads.deadLetters(queue, query);
    return { queue, deadLetters: items, cursor };
  });

  const audit = {
    summary: 'What operators did, newest first: replays, dead letters, keys.',
    querystring: ListQuery,
    response: { 200: Audit },
  };
  api.get('/audit', { schema: audit }, async ({ query }) => {
    const { items, cursor } = await reads.audit(query);
    return { entries: items, cursor };
  });
}
