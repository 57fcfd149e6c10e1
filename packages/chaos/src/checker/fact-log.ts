import { type DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import type { FactSummary } from '@dispatcher/store';

/** Every fact of the log, without its check trees: a look at the whole table, as no part of the system takes it. */
export async function readFactLog(client: DynamoDBDocumentClient, table: string): Promise<FactSummary[]> {
  const facts: FactSummary[] = [];
  for await (const { Items: items = [] } of paginateScan({ client }, { TableName: table })) {
    facts.push(...items.flatMap(({ fact }) => (fact === undefined ? [] : [fact as FactSummary])));
  }
  return facts;
}
