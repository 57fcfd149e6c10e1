import { AuditQuery } from '../http/requests.ts';
import type { Api } from '../http/zod-provider.ts';
import { AuditResponse } from './responses.ts';

export function addAuditRoutes(api: Api): void {
  const list = {
    summary:
      'Lists the actions of operators, newest first: replays, dead letters, API keys, pauses, confirmed repositories.',
    querystring: AuditQuery,
    response: { 200: AuditResponse },
  };
  api.get('/audit', { schema: list }, async ({ query, reads }) => {
    const { items, cursor } = await reads.audit(query);
    return { entries: items, cursor };
  });
}
