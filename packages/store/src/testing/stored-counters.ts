import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { allTimeKey, hourKey, minuteKey } from '../projections/projection-keys.ts';

/** All time, an hour (`2026-11-03T14`) or a minute (`2026-11-03T14:05`), UTC. */
export type Span = 'all' | `${string}T${string}`;

/** Returns the stored counters of a time span without latencies. */
export async function storedCounters(
  client: DynamoDBDocumentClient,
  projectionsTable: string,
  span: Span,
): Promise<Readonly<Record<string, number>>> {
  const key = span === 'all' ? allTimeKey : span.includes(':') ? minuteKey(span) : hourKey(span);
  const { Item: item = {} } = await client.send(
    new GetCommand({ TableName: projectionsTable, Key: key, ConsistentRead: true }),
  );
  const { counters: stored = {} } = (item['state'] ?? {}) as { readonly counters?: Readonly<Record<string, number>> };
  const counters = Object.entries(stored).filter(([name]) => !name.startsWith('latency.'));
  return Object.fromEntries(counters.map(([name, count]) => [name, count]));
}
