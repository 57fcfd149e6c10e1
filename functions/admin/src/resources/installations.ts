import { ListQuery } from '../http/requests.ts';
import type { Api } from '../http/zod-provider.ts';
import { InstallationsResponse } from './responses.ts';

export function addInstallationRoutes(api: Api): void {
  const list = {
    summary: 'Lists the installations with their remaining GitHub rate limit, as last observed.',
    querystring: ListQuery,
    response: { 200: InstallationsResponse },
  };
  api.get('/installations', { schema: list }, async ({ query, reads }) => {
    const { items, cursor } = await reads.installations(query);
    return { installations: items, cursor };
  });
}
