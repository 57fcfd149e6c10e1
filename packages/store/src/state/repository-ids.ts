import { foldName, type RememberedIds } from '@dispatcher/contracts';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { tryConditionalWrite } from '../conditional-write.ts';
import { readItem, type StateTable } from './state-table.ts';

const RememberedId = z.object({
  repositoryId: z.int(),
  replacement: z.nullable(z.object({ repositoryId: z.int(), blobId: z.string() })),
});

/** The ids of a source and a target of different owners, and how often they were written. */
export const StoredRepositoryIds = z.object({ source: RememberedId, target: RememberedId, version: z.int() });
export type StoredRepositoryIds = z.infer<typeof StoredRepositoryIds>;

const StoredPolicy = z.object({ repositoryId: z.nullable(z.int()) });

/** Two repositories by `owner/name`, in any case. */
export interface RepositoryPair {
  readonly source: string;
  readonly target: string;
}

/** The repository ids behind names that rules of another owner consent to. They never expire. */
export interface RepositoryIdStore {
  /** Returns null if no dispatch from the source to the target was ever allowed. The read is consistent. */
  getIds(pair: RepositoryPair): Promise<StoredRepositoryIds | null>;
  /** Returns false and writes nothing if the item changed after `known` was read. */
  putIds(pair: RepositoryPair, ids: RememberedIds, known: StoredRepositoryIds | null): Promise<boolean>;
  /**
   * Returns the id of the repository in which a policy of the owner was seen; null if none was seen, or an operator
   * confirmed that it was removed. The read is consistent.
   */
  getPolicy(owner: string): Promise<number | null>;
  /** Remembers that a policy was seen, or with null that it was removed. */
  putPolicy(owner: string, repositoryId: number | null): Promise<void>;
}

/** The admin function may read and write only items with this prefix, besides the pause. */
export const repositoryIdsPrefix = 'repository-ids#';

// A repository name contains no `#`.
const keyOfPolicy = (owner: string) => `${repositoryIdsPrefix}${foldName(owner)}#policy`;
const keyOf = ({ source, target }: RepositoryPair) => `${repositoryIdsPrefix}${foldName(source)}#${foldName(target)}`;

export function createRepositoryIdStore(table: StateTable): RepositoryIdStore {
  return {
    getIds: async (pair) => {
      const item = await readItem(table, keyOf(pair));
      return item === null ? null : z.parse(StoredRepositoryIds, item);
    },
    getPolicy: async (owner) => {
      const item = await readItem(table, keyOfPolicy(owner));
      return item === null ? null : z.parse(StoredPolicy, item).repositoryId;
    },
    putPolicy: async (owner, repositoryId) => {
      await table.client.send(
        new PutCommand({ TableName: table.name, Item: { pk: keyOfPolicy(owner), repositoryId } }),
      );
    },
    putIds: (pair, { source, target }, known) =>
      tryConditionalWrite(
        table.client.send(
          new PutCommand({
            TableName: table.name,
            Item: { pk: keyOf(pair), source, target, version: (known?.version ?? 0) + 1 },
            ...(known === null
              ? { ConditionExpression: 'attribute_not_exists(pk)' }
              : {
                  ConditionExpression: '#version = :version',
                  ExpressionAttributeNames: { '#version': 'version' },
                  ExpressionAttributeValues: { ':version': known.version },
                }),
          }),
        ),
      ),
  };
}
