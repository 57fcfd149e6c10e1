import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { itemSize } from '../facts/item-size.ts';
import { writeUnits } from './capacity.ts';
import type { Attributes } from './expressions.ts';

/** A request that writes, with the write units that DynamoDB bills for it. */
export interface MeteredWrite {
  readonly operation: string;
  readonly table: string;
  readonly units: number;
}

type Input = Readonly<Record<string, unknown>> & { readonly TableName: string };
type Key = Record<string, unknown>;

/**
 * Meters the writes of a client to tables without indexes, from the requests that it sends and the items before and after
 * them. A refused write is billed like one that succeeds.
 * @param reader another client of the same tables
 * @returns a function that returns the writes since its last call
 */
export function meterWrites(client: DynamoDBDocumentClient, reader: DynamoDBDocumentClient): () => MeteredWrite[] {
  const writes: MeteredWrite[] = [];
  const read = async ({ TableName }: Input, key: Key) =>
    (await reader.send(new GetCommand({ TableName, Key: key, ConsistentRead: true }))).Item;
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (given) => {
        const operation = commandName.replace(/Command$/, '');
        const targets = targetsOf(operation, given.input as Input).map((input) => ({ input, key: keyOf(input) }));
        const before = await Promise.all(targets.map(({ input, key }) => read(input, key)));
        const factor = operation === 'TransactWriteItems' ? 2 : 1;
        try {
          return await next(given);
        } finally {
          for (const [index, { input, key }] of targets.entries()) {
            const bytes = [before[index], await read(input, key)].map((item) => itemSize((item ?? {}) as Attributes));
            writes.push({ operation, table: input.TableName, units: factor * writeUnits(Math.max(...bytes)) });
          }
        }
      },
    // After the document client has converted the values, so that requests of other clients look the same.
    { step: 'serialize', priority: 'high', name: 'meterWrites' },
  );
  return () => writes.splice(0);
}

function targetsOf(operation: string, input: Input): Input[] {
  if (['PutItem', 'UpdateItem', 'DeleteItem'].includes(operation)) return [input];
  if (operation !== 'TransactWriteItems') return [];
  return (input['TransactItems'] as Record<string, Input>[]).flatMap((action) => Object.values(action));
}

/** Returns the key of the written item, in the form that the document client takes. */
function keyOf(input: Input): Key {
  const attributes = plain((input['Key'] ?? input['Item']) as Key);
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => name === 'pk' || name === 'sk'));
}

/** Converts DynamoDB's attribute values. Values that are plain already are returned as they are. */
function plain(attributes: Key): Key {
  const isMarshalled = typeof attributes['pk'] === 'object';
  return unmarshall((isMarshalled ? attributes : marshall(attributes, { removeUndefinedValues: true })) as never);
}
