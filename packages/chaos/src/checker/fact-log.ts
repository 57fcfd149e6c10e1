import { type DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import { type FactStore, parseFact, type RecordedFact, type StoredItem } from '@dispatcher/store';

/** Reads every fact in the facts table with a scan, without satisfied checks. Production code never scans. */
export async function readFactLog(client: DynamoDBDocumentClient, table: string): Promise<RecordedFact[]> {
  const facts: RecordedFact[] = [];
  for await (const { Items: items = [] } of paginateScan({ client }, { TableName: table })) {
    facts.push(...items.flatMap((item) => (item['fact'] === undefined ? [] : [parseFact(item as StoredItem)])));
  }
  return facts;
}

/** Folds the log again and describes how the stored projections differ. */
export async function describeDifferences(store: Pick<FactStore, 'verify'>): Promise<string[]> {
  const { differences } = await store.verify();
  return differences.map(({ item, problem }) => `${item} is ${problem}`);
}
