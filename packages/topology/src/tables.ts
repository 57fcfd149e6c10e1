import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';

export type TableName = 'state' | 'plans' | 'facts' | 'projections' | 'access';

export interface IndexDescription {
  readonly name: string;
  readonly hash: string;
  readonly range: string;
  /** Attributes in addition to the keys; few, because the index stores a copy of each. */
  readonly include: readonly string[];
}

/** A DynamoDB table, locally and on AWS. Every key attribute is a string. */
export interface TableDescription {
  /**
   * Logical name; the physical one is configuration (`STATE_TABLE`, `PLANS_TABLE`, `FACTS_TABLE`, `PROJECTIONS_TABLE`,
   * `ACCESS_TABLE`).
   */
  readonly name: TableName;
  readonly hash: string;
  readonly range?: string;
  readonly indexes: readonly IndexDescription[];
  /** The time-to-live attribute, in seconds since the epoch. Items without it do not expire. */
  readonly timeToLive: string;
  readonly billing: 'PAY_PER_REQUEST';
  readonly pointInTimeRecovery: true;
}

const common = { timeToLive: 'expiresAt', billing: 'PAY_PER_REQUEST', pointInTimeRecovery: true } as const;

/**
 * `plans` has one item for each revision of a run's plan: the run key, then the revision. So one Query returns all plans of
 * a run, and their writes are spread over as many partitions as there are runs. It also has the results of checked commits,
 * and an item for each run with an open check run, by day.
 *
 * The index `by-time` of `projections` has one partition key per list (routes, dead letters of a queue), so that one Query
 * returns a page of it. `by-subject`, `by-state` and `by-subject-state` contain the dead letters under a key for each reason,
 * each state, and each pair. Routes are many and change often, so the list of routes has no such keys: it is filtered while
 * a page is read. One partition is enough for a list: the roll-up writes a row once a minute at most.
 *
 * The indexes of `facts` are sparse: a fact has a partition key only where somebody looks for it. `feed` has the lists of
 * all repositories, `find` what a delivery or an allowed dispatch leads to, `commit` the runs of a commit, `repository` the runs
 * of a source and the decisions about a target, `route` the ends of a route. They contain the fact's line of at most 500
 * bytes, and a mark if a later fact changed what it shows. `held` of `projections` has an entry for
 * each dead letter that is in its queue.
 */
export const tables: readonly TableDescription[] = [
  { name: 'state', hash: 'pk', indexes: [], ...common },
  { name: 'plans', hash: 'pk', range: 'sk', indexes: [], ...common },
  {
    name: 'facts',
    hash: 'pk',
    range: 'sk',
    indexes: [
      { name: 'feed', hash: 'feed', range: 'order', include: ['line', 'mark'] },
      { name: 'find', hash: 'find', range: 'order', include: ['line', 'mark'] },
      { name: 'commit', hash: 'commit', range: 'order', include: ['line', 'mark'] },
      { name: 'repository', hash: 'repository', range: 'order', include: ['line', 'mark'] },
      { name: 'route', hash: 'route', range: 'order', include: ['line', 'mark'] },
    ],
    ...common,
  },
  {
    name: 'projections',
    hash: 'pk',
    range: 'sk',
    indexes: [
      { name: 'by-time', hash: 'list', range: 'order', include: ['state'] },
      { name: 'by-subject', hash: 'ofSubject', range: 'order', include: ['state'] },
      { name: 'by-state', hash: 'ofState', range: 'order', include: ['state'] },
      { name: 'by-subject-state', hash: 'ofSubjectState', range: 'order', include: ['state'] },
      { name: 'held', hash: 'held', range: 'heldOrder', include: [] },
    ],
    ...common,
  },
  { name: 'access', hash: 'pk', range: 'sk', indexes: [], ...common },
];

function keySchema({ hash, range }: { readonly hash: string; readonly range?: string }) {
  const hashKey = { AttributeName: hash, KeyType: 'HASH' as const };
  return range === undefined ? [hashKey] : [hashKey, { AttributeName: range, KeyType: 'RANGE' as const }];
}

/** Returns the input of `CreateTable`. Time to live and point-in-time recovery are set by separate calls. */
export function createTableInput(table: TableDescription, physicalName: string): CreateTableCommandInput {
  const keys = [table, ...table.indexes].flatMap(({ hash, range }) => (range === undefined ? [hash] : [hash, range]));
  const indexes = table.indexes.map((index) => ({
    IndexName: index.name,
    KeySchema: keySchema(index),
    Projection:
      index.include.length === 0
        ? { ProjectionType: 'KEYS_ONLY' as const }
        : { ProjectionType: 'INCLUDE' as const, NonKeyAttributes: [...index.include] },
  }));
  return {
    TableName: physicalName,
    BillingMode: table.billing,
    AttributeDefinitions: [...new Set(keys)].map((name) => ({ AttributeName: name, AttributeType: 'S' })),
    KeySchema: keySchema(table),
    ...(indexes.length === 0 ? {} : { GlobalSecondaryIndexes: indexes }),
  };
}
