import { type DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import type { FactSummary } from '@dispatcher/store';

/** Reads every fact in the facts table with a scan, without the check trees. Production code never scans. */
export async function readFactLog(client: DynamoDBDocumentClient, table: string): Promise<FactSummary[]> {
  const facts: FactSummary[] = [];
  for await (const { Items: items = [] } of paginateScan({ client }, { TableName: table })) {
    facts.push(...items.flatMap(({ fact }) => (fact === undefined ? [] : [fact as FactSummary])));
  }
  return facts;
}
