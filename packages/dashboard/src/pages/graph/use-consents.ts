import { useQuery } from '@tanstack/react-query';
import { api, read, type Schemas } from '../../api/client.ts';
import { definedOnly } from '../../api/parameters.ts';
import { readPages } from '../../api/read-pages.ts';
import { pageSize } from '../../api/use-list.ts';
import type { ConsentEdge } from './route-graph.ts';

type GraphOwner = Schemas['GraphOwner'];
type GraphRepository = Schemas['GraphRepositoryResponse'];

/** The canvas shows no more edges in time, and a page lists the rest. */
const maxRepositories = 500;

export interface Consents {
  readonly owner: GraphOwner | null;
  readonly edges: readonly ConsentEdge[];
}

/** Reads what the files of an owner's repositories say. @param owner null: the first owner that is known */
export function useConsents(owner: string | null): Consents {
  const { data } = useQuery({
    queryKey: ['consents', owner],
    queryFn: async ({ signal }): Promise<Consents> => {
      const query = { limit: pageSize };
      const { owners } = await read(api.GET('/api/graph', { params: { query }, signal }));
      const known = owners.find((each) => owner === null || each.owner.toLowerCase() === owner.toLowerCase()) ?? null;
      return known === null ? nothing : { owner: known, edges: edgesOf(await readRepositories(known.owner, signal)) };
    },
    refetchInterval: 60_000,
  });
  return data ?? nothing;
}

const nothing: Consents = { owner: null, edges: [] };

const readRepositories = (owner: string, signal: AbortSignal): Promise<readonly GraphRepository[]> =>
  readPages(maxRepositories, async (cursor) => {
    const query = definedOnly({ cursor, limit: pageSize });
    const { repositories: items, cursor: next } = await read(
      api.GET('/api/graph/{owner}', { params: { path: { owner }, query }, signal }),
    );
    return { items, cursor: next };
  });

/** Returns each edge once: one between two of the repositories is listed with both. */
export function edgesOf(repositories: readonly GraphRepository[]): readonly ConsentEdge[] {
  const edges = repositories.flatMap(({ outbound, inbound }) => [...outbound, ...inbound]);
  return [...new Map(edges.map((edge) => [JSON.stringify(edge), edge])).values()];
}
