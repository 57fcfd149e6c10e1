import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';

export type TableName = 'state' | 'facts' | 'projections' | 'access';

export interface IndexDescription {
  readonly name: string;
  readonly hash: string;
  readonly range: string;
  /** Attributes beside the keys; few, because every one of them is written a second time. */
  readonly include: readonly string[];
}

/** One table as it must exist, locally and on AWS. Every key attribute is a string. */
export interface TableDescription {
  /**
   * Logical name; the physical one is configuration (`STATE_TABLE`, `FACTS_TABLE`, `PROJECTIONS_TABLE`,
   * `ACCESS_TABLE`).
   */
  readonly name: TableName;
  readonly hash: string;
  readonly range?: string;
  readonly indexes: readonly IndexDescription[];
  /** Seconds since the epoch. Items without it stay. */
  readonly timeToLive: string;
  readonly billing: 'PAY_PER_REQUEST';
  readonly pointInTimeRecovery: true;
}

const common = { timeToLive: 'expiresAt', billing: 'PAY_PER_REQUEST', pointInTimeRecovery: true } as const;

/**
 * `state` has no range key because Powertools' persistence layer, which stores the plans in it, gives all its records
 * one and the same partition key as soon as there is one: 1,000 WCU/s for all plans together.
 *
 * The feed of `facts` does have one partition key for all rows of a list (deliveries, dispatches, audit), so that one
 * Query answers it whatever the hour. It holds: a row is under 1 KB and so one write unit; the peak is about 26
 * deliveries/s, and the facts function at its maximum concurrency writes about 600 facts/s, every one of which would
 * have to be a line of the same list to come near 1,000. `by-search` and `by-commit` hold only the facts that a run is
 * found by; `by-time` and `by-group` only dead letters.
 */
export const tables: readonly TableDescription[] = [
  { name: 'state', hash: 'pk', indexes: [], ...common },
  {
    name: 'facts',
    hash: 'pk',
    range: 'sk',
    indexes: [
      { name: 'by-delivery', hash: 'correlationId', range: 'order', include: ['fact'] },
      { name: 'by-repository', hash: 'repository', range: 'order', include: ['fact'] },
      { name: 'by-route', hash: 'routeId', range: 'order', include: ['fact'] },
      { name: 'by-dispatch', hash: 'dispatchId', range: 'order', include: ['fact'] },
      { name: 'by-search', hash: 'search', range: 'order', include: ['found'] },
      { name: 'by-commit', hash: 'commit', range: 'order', include: ['found'] },
      { name: 'feed', hash: 'feed', range: 'order', include: ['row'] },
    ],
    ...common,
  },
  {
    name: 'projections',
    hash: 'pk',
    range: 'sk',
    indexes: [
      { name: 'by-time', hash: 'list', range: 'order', include: ['row'] },
      { name: 'by-group', hash: 'group', range: 'order', include: ['row'] },
    ],
    ...common,
  },
  { name: 'access', hash: 'pk', range: 'sk', indexes: [], ...common },
];

function keySchema({ hash, range }: { readonly hash: string; readonly range?: string }) {
  const hashKey = { AttributeName: hash, KeyType: 'HASH' as const };
  return range === undefined ? [hashKey] : [hashKey, { AttributeName: range, KeyType: 'RANGE' as const }];
}

/** What `CreateTable` needs. Time to live and point-in-time recovery are calls of their own. */
export function createTableInput(table: TableDescription, physicalName: string): CreateTableCommandInput {
  const keys = [table, ...table.indexes].flatMap(({ hash, range }) => (range === undefined ? [hash] : [hash, range]));
  const indexes = table.indexes.map((index) => ({
    IndexName: index.name,
    KeySchema: keySchema(index),
    Projection: { ProjectionType: 'INCLUDE' as const, NonKeyAttributes: [...index.include] },
  }));
  return {
    TableName: physicalName,
    BillingMode: table.billing,
    AttributeDefinitions: [...new Set(keys)].map((name) => ({ AttributeName: name, AttributeType: 'S' })),
    KeySchema: keySchema(table),
    ...(indexes.length === 0 ? {} : { GlobalSecondaryIndexes: indexes }),
  };
}
