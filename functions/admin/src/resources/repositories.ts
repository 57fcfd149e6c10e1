import { foldName, fullName } from '@dispatcher/contracts';
import { Repository } from '@dispatcher/store';
import { Inbound, Repositories, RepositoryFacts } from './responses.ts';
import { notRecorded } from '../http/problem.ts';
import { ListQuery, NoQuery, RepositoryParams } from '../http/requests.ts';
import type { Api } from '../http/zod-provider.ts';
import type { ApiReads } from './api-reads.ts';

export function addRepositoryRoutes(api: Api, reads: ApiReads): void {
  const list = {
    summary: 'Repositories that facts told of, by name.',
    querystring: ListQuery,
    response: { 200: Repositories },
  };
  api.get('/repositories', { schema: list }, async ({ query }) => {
    const { items, cursor } = await reads.repositories(query);
    return { repositories: items, cursor };
  });

  const one = {
    summary: 'One repository in numbers, as source and as target, since the beginning.',
    params: RepositoryParams,
    querystring: NoQuery,
    response: { 200: Repository },
    problems: { 404: 'No fact told of this repository.' },
  };
  api.get('/repositories/:owner/:name', { schema: one }, async ({ params }) => {
    const repository = nameOf(params);
    const found = await reads.repository(repository);
    if (found === null) throw notRecorded(`repository ${repository}`);
    return found;
  });

  const log = {
    summary: 'The facts of one repository, newest first: as source its runs, as target its decisions and dispatches.',
    description: 'Check trees are left out; they stand under the run.',
    params: RepositoryParams,
    querystring: ListQuery,
    response: { 200: RepositoryFacts },
    problems: { 404: 'No fact told of this repository.' },
  };
  api.get('/repositories/:owner/:name/facts', { schema: log }, async ({ params, query }) => {
    const repository = nameOf(params);
    const { items, cursor } = await reads.repositoryFacts(repository, query);
    if (items.length === 0 && query.cursor === undefined) throw notRecorded(`repository ${repository}`);
    return { repository, facts: items, cursor };
  });

  const inbound = {
    summary:
      'Who asks for this repository’s workflows: one line per route into it, with when last and how often refused.',
    description: 'Empty where nobody ever asked.',
    params: RepositoryParams,
    querystring: ListQuery,
    response: { 200: Inbound },
  };
  api.get('/repositories/:owner/:name/inbound', { schema: inbound }, async ({ params, query }) => {
    const repository = nameOf(params);
    const { items, cursor } = await reads.inboundUses(repository, query);
    return { repository, uses: items, cursor };
  });
}

/** As it is stored. */
function nameOf(repository: { readonly owner: string; readonly name: string }): string {
  return foldName(fullName(repository));
}
