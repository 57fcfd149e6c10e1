import { foldName, fullName } from '@dispatcher/contracts';
import { Repository } from '@dispatcher/store';
import { notRecorded } from '../http/problem.ts';
import { FactsQuery, ListQuery, NoQuery, RepositoryParams } from '../http/requests.ts';
import type { Api } from '../http/zod-provider.ts';
import { InboundResponse, RepositoriesResponse, RepositoryFactsResponse } from './responses.ts';

export function addRepositoryRoutes(api: Api): void {
  const list = {
    summary: 'Lists the repositories that facts mention, by name.',
    querystring: ListQuery,
    response: { 200: RepositoriesResponse },
  };
  api.get('/repositories', { schema: list }, async ({ query, reads }) => {
    const { items, cursor } = await reads.repositories(query);
    return { repositories: items, cursor };
  });

  const one = {
    summary: 'Returns the all-time counts of one repository, as source and as target.',
    params: RepositoryParams,
    querystring: NoQuery,
    response: { 200: Repository },
    problems: { 404: 'No fact mentions this repository.' },
  };
  api.get('/repositories/:owner/:name', { schema: one }, async ({ params, reads }) => {
    const repository = nameOf(params);
    const counts = await reads.repository(repository);
    if (counts === null) throw notRecorded(`repository ${repository}`);
    return counts;
  });

  const log = {
    summary: 'Returns the facts of one repository, newest first: its runs as source, the decisions about it as target.',
    description: 'One line per fact; GET /api/runs/{runKey} returns the whole facts of a run.',
    params: RepositoryParams,
    querystring: FactsQuery,
    response: { 200: RepositoryFactsResponse },
    problems: { 404: 'No fact mentions this repository.' },
  };
  api.get('/repositories/:owner/:name/facts', { schema: log }, async ({ params, query, reads }) => {
    const repository = nameOf(params);
    const { items, cursor } = await reads.repositoryFacts(repository, query);
    if (items.length === 0 && query.cursor === undefined) throw notRecorded(`repository ${repository}`);
    return { repository, facts: items, cursor };
  });

  const inbound = {
    summary:
      'Lists the routes into one repository: which sources start its workflows, when they last did, and how often they were denied.',
    description: 'Empty if nothing was ever requested of this repository.',
    params: RepositoryParams,
    querystring: ListQuery,
    response: { 200: InboundResponse },
  };
  api.get('/repositories/:owner/:name/inbound', { schema: inbound }, async ({ params, query, reads }) => {
    const repository = nameOf(params);
    const { items, cursor } = await reads.inboundUses(repository, query);
    return { repository, uses: items, cursor };
  });
}

/** Returns `owner/name` as it is stored: in lower case. */
function nameOf(repository: { readonly owner: string; readonly name: string }): string {
  return foldName(fullName(repository));
}
