import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { type Candidates, GraphCandidates, noCandidates } from '@dispatcher/contracts';
import { parseItem, type StoredItem } from '../stored-item.ts';
import { candidatesKey } from './projection-keys.ts';

/** Reads what the patterns of a source mean. Planning needs no more of the consent index. */
export interface CandidateStore {
  /** Returns the repositories that the consent index lists for a source, with one read. */
  getCandidates(source: { readonly id: number; readonly owner: string }): Promise<Candidates>;
}

/** @param table physical name of the table `projections` */
export function createCandidateStore({
  client,
  table,
}: {
  readonly client: DynamoDBDocumentClient;
  readonly table: string;
}): CandidateStore {
  return {
    getCandidates: async ({ id, owner }) => {
      const { Item: item } = await client.send(new GetCommand({ TableName: table, Key: candidatesKey(owner, id) }));
      // An item without a value has expired: the source has no patterns any more.
      if (item?.['value'] === undefined) return noCandidates;
      return parseItem(table, item as StoredItem, ({ value }) => {
        const { builtAt, isComplete, repositories } = GraphCandidates.parse(value);
        return { listedAt: builtAt, isComplete, repositories };
      });
    },
  };
}
