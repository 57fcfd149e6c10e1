import type { Fact } from '@dispatcher/contracts';
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { tryConditionalWrite } from '../conditional-write.ts';
import { factKey } from '../facts/fact-keys.ts';
import type { FactWriter } from '../facts/fact-writer.ts';
import { itemsOf } from '../facts/items.ts';

/**
 * Stores a fact unless it is stored. The first put names the entry under which the fact counts.
 * @returns whether this call stored it
 */
export async function putFact(
  { client, tables, retentionDays, itemsOf: itemsOfFact = itemsOf }: FactWriter,
  fact: Fact,
  owner: string,
): Promise<boolean> {
  const [item, ...details] = itemsOfFact(fact, retentionDays);
  // First: a reader that finds the fact needs its details.
  for (const detail of details) await client.send(new PutCommand({ TableName: tables.facts, Item: detail }));
  return tryConditionalWrite(
    client.send(
      new PutCommand({
        TableName: tables.facts,
        Item: { ...item, entry: owner },
        ConditionExpression: 'attribute_not_exists(pk)',
      }),
    ),
  );
}

/** Returns the entry under which a stored fact counts; undefined if it is not stored. */
export async function readOwner({ client, tables }: FactWriter, fact: Fact): Promise<string | undefined> {
  const { Item: item } = await client.send(
    new GetCommand({ TableName: tables.facts, Key: factKey(fact), ConsistentRead: true }),
  );
  return item?.['entry'] as string | undefined;
}
