import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { Subject } from '@dispatcher/projections';
import type { FactWriter } from '../facts/fact-writer.ts';
import { subjectOfKey } from '../projections/projection-items.ts';
import type { StoredItem } from '../stored-item.ts';

/** Reads every item of the table `projections` that is folded from facts. */
export async function* storedItems({
  client,
  tables,
}: FactWriter): AsyncGenerator<{ readonly subject: Subject; readonly item: StoredItem }> {
  let start: Record<string, unknown> | undefined;
  do {
    const { Items: items = [], LastEvaluatedKey: last } = await client.send(
      new ScanCommand({
        TableName: tables.projections,
        ConsistentRead: true,
        ...(start === undefined ? {} : { ExclusiveStartKey: start }),
      }),
    );
    for (const item of items as StoredItem[]) {
      const subject = subjectOfKey(item);
      if (subject !== null) yield { subject, item };
    }
    start = last;
  } while (start !== undefined);
}
