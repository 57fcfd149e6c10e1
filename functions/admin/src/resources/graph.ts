import { foldName, fullName, GraphRepository } from '@dispatcher/contracts';
import { notRecorded } from '../http/problem.ts';
import { ListQuery, NoQuery, OwnerParams, RepositoryParams } from '../http/requests.ts';
import type { Api } from '../http/zod-provider.ts';
import { GraphOwnersResponse, GraphResponse, SweepsResponse } from './responses.ts';

export function addGraphRoutes(api: Api): void {
  const owners = {
    summary: 'Lists the owners of the consent graph with the numbers of their edges and their circles, by name.',
    description:
      'The graph is computed from what each repository says in its dispatching.yml, whether or not a run used it. It follows a change within a minute after the file was read.',
    querystring: ListQuery,
    response: { 200: GraphOwnersResponse },
  };
  api.get('/graph', { schema: owners }, async ({ query, reads }) => {
    const { items, cursor } = await reads.graphOwners(query);
    return { owners: items, cursor };
  });

  const graph = {
    summary:
      'Lists the repositories of an owner with their edges: who agrees with whom, who only requests, who only offers.',
    description:
      'Repositories without a dispatching.yml and without an edge are left out. An edge between two repositories is listed with both.',
    params: OwnerParams,
    querystring: ListQuery,
    response: { 200: GraphResponse },
  };
  api.get('/graph/:owner', { schema: graph }, async ({ params, query, reads }) => {
    const { items, cursor } = await reads.graph(params.owner, query);
    return { owner: foldName(params.owner), repositories: items, cursor };
  });

  const sweeps = {
    summary: 'Lists the progress of the sweep through each installation.',
    description:
      'The sweep reads the dispatching.yml of every repository, and finds repositories that were deleted or transferred. It begins every six hours, and uses at most 5 % of the installation’s GraphQL points an hour.',
    querystring: ListQuery,
    response: { 200: SweepsResponse },
  };
  api.get('/sweeps', { schema: sweeps }, async ({ query, reads }) => {
    const { items, cursor } = await reads.sweeps(query);
    return { sweeps: items, cursor };
  });

  const one = {
    summary:
      'Returns what one repository says in its dispatching.yml, its edges, and the ids behind the names that it uses.',
    params: RepositoryParams,
    querystring: NoQuery,
    response: { 200: GraphRepository },
    problems: { 404: 'No dispatching.yml of this repository was read, and no other repository names it.' },
  };
  api.get('/repositories/:owner/:name/graph', { schema: one }, async ({ params, reads }) => {
    const name = fullName(params);
    const repository = await reads.graphRepository(name);
    if (repository === null) throw notRecorded(`consent of ${foldName(name)}`);
    return repository;
  });
}
