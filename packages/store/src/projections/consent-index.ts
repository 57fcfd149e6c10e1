import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { GraphCandidates, GraphOwner, GraphRepository } from '@dispatcher/contracts';
import { observedRepositoryOf, projections } from '@dispatcher/projections';
import * as z from 'zod/mini';
import { tryConditionalWrite } from '../conditional-write.ts';
import type { FactWriter } from '../facts/fact-writer.ts';
import { concurrently } from '../log/concurrently.ts';
import { isSameState } from '../log/fold-items.ts';
import { queryAll } from '../pages.ts';
import { parseItem, type StoredItem } from '../stored-item.ts';
import {
  candidatesKey,
  candidatesPartition,
  configCountKey,
  graphOwnerKey,
  graphPartition,
  graphRepositoryKey,
  graphSourceKey,
  partitions,
  type ProjectionKey,
} from './projection-keys.ts';

export type ObservedConfig = ReturnType<typeof observedRepositoryOf>;

/** The graph to store. */
export interface StoredGraph {
  readonly repositories: readonly GraphRepository[];
  readonly owners: readonly GraphOwner[];
  readonly candidates: readonly (GraphCandidates & { readonly owner: string })[];
}

/** Numbers of observations: of all, and of those that the stored graph was computed from. */
export interface GraphVersions {
  readonly observed: number;
  readonly built: number;
}

/**
 * What every repository says, and the consent graph that is computed from it. The graph depends on many items at once, so it
 * is not a fold: it is computed again, as a whole, whenever there are new observations. Running it twice, late, concurrently or
 * partly changes nothing: a graph that was computed from fewer observations never replaces one that was computed from more.
 */
export interface ConsentIndex {
  /** Returns the number of observations, and of those that the stored graph was computed from. */
  versions(): Promise<GraphVersions>;
  /** Reads the newest observation of every repository, consistently. */
  configs(): Promise<readonly ObservedConfig[]>;
  /**
   * Stores what changed of the graph.
   * @param versions as they were before the configs were read
   * @returns the number of items that were written
   */
  putGraph(graph: StoredGraph, versions: GraphVersions): Promise<number>;
}

const putsAtOnce = 16;

export function createConsentIndex(writer: FactWriter, now: () => number): ConsentIndex {
  const { client, tables } = writer;
  const get = async (key: ProjectionKey) => {
    const { Item: item } = await client.send(
      new GetCommand({ TableName: tables.projections, Key: key, ConsistentRead: true }),
    );
    return item as StoredItem | undefined;
  };
  const parse = <T>(item: StoredItem, parseOne: (item: StoredItem) => T): T =>
    parseItem(tables.projections, item, parseOne);
  return {
    versions: async () => {
      const [count, source] = await Promise.all([get(configCountKey), get(graphSourceKey)]);
      return {
        observed:
          count === undefined ? 0 : parse(count, ({ state }) => projections['config-count'].parse(state).observed),
        built: source === undefined ? 0 : parse(source, ({ builtFrom }) => z.parse(z.int(), builtFrom)),
      };
    },
    configs: async () =>
      (await readPartition(writer, partitions.configs)).map((item) =>
        parse(item, ({ state }) => observedRepositoryOf(projections.config.parse(state))),
      ),
    putGraph: async (graph, { observed, built }) => {
      const changes = await changedItems(writer, graph, now);
      // Fewer than the stored graph has: the projections were rebuilt from a log whose first entries had expired.
      const newest = Math.max(observed, built);
      await concurrently(changes, putsAtOnce, (item) => putNewer(writer, { ...item, builtFrom: observed }, newest));
      // Last: after a crash before this, everything is compared and written again.
      await putNewer(writer, { ...graphSourceKey, builtFrom: observed }, newest);
      return changes.length;
    },
  };
}

type GraphItem = ProjectionKey & Readonly<Record<string, unknown>>;

/** Returns the items that differ from what is stored. What is left out of the graph is replaced by an item that has expired. */
async function changedItems(writer: FactWriter, graph: StoredGraph, now: () => number): Promise<GraphItem[]> {
  const owners = await readPartition(writer, partitions.graphOwners);
  const wanted = new Map<string, GraphItem>();
  const want = (key: ProjectionKey, value: object) => wanted.set(nameOf(key), { ...key, value });
  for (const owner of graph.owners) want(graphOwnerKey(owner.owner), owner);
  for (const repository of graph.repositories) want(graphRepositoryKey(repository.repository), repository);
  for (const { owner, ...candidates } of graph.candidates) {
    want(candidatesKey(owner, candidates.repositoryId), candidates);
  }
  const names = new Set([...owners.map(({ sk }) => sk), ...graph.owners.map(({ owner }) => graphOwnerKey(owner).sk)]);
  const stored = [...owners];
  for (const name of names) {
    stored.push(...(await readPartition(writer, graphPartition(name))));
    stored.push(...(await readPartition(writer, candidatesPartition(name))));
  }
  const known = new Map(stored.map((item) => [nameOf(item), item['value']]));
  const expiresAt = Math.floor(now() / 1000);
  const changed = [...wanted]
    .filter(([name, { value }]) => !isSameGraph(known.get(name), value))
    .map(([, item]) => item);
  const gone = stored
    .filter((item) => item['value'] !== undefined && !wanted.has(nameOf(item)))
    .map(({ pk, sk }): GraphItem => ({ pk, sk, expiresAt }));
  return [...changed, ...gone];
}

const nameOf = ({ pk, sk }: ProjectionKey): string => JSON.stringify([pk, sk]);

function withoutTime(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? { ...value, builtAt: undefined } : value;
}

/** Compares without the time of the computation. */
function isSameGraph(left: unknown, right: unknown): boolean {
  return left !== undefined && isSameState(withoutTime(left), withoutTime(right));
}

function readPartition({ client, tables }: FactWriter, pk: string): Promise<readonly StoredItem[]> {
  return queryAll(client, {
    TableName: tables.projections,
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': pk },
    ConsistentRead: true,
  });
}

/** Puts an item, unless the stored one was computed from more observations. */
async function putNewer({ client, tables }: FactWriter, item: GraphItem, newest: number): Promise<void> {
  await tryConditionalWrite(
    client.send(
      new PutCommand({
        TableName: tables.projections,
        Item: item,
        ConditionExpression: 'attribute_not_exists(pk) OR builtFrom < :newest OR builtFrom = :newest',
        ExpressionAttributeValues: { ':newest': newest },
      }),
    ),
  );
}
