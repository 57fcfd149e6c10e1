import { foldName } from '@dispatcher/contracts';

/** Key of one projection item. All keys are defined below, so that no two projections can share an item. */
export interface ProjectionKey {
  readonly pk: string;
  readonly sk: string;
}

// Partition keys of lists. A partition accepts at most 1,000 write units per second. The roll-up writes each item at most
// once per slice of the log, so it takes some 10,000 items a minute to come near to that.
export const partitions = {
  minutes: 'minutes',
  hours: 'hours',
  repositories: 'repositories',
  installations: 'installations',
  configs: 'configs',
  graphOwners: 'graph',
  sweeps: 'sweeps',
} as const;

export const allTimeKey: ProjectionKey = { pk: 'all-time', sk: 'counters' };
/** @param hour `2026-11-03T14`, UTC */
export const hourKey = (hour: string): ProjectionKey => ({ pk: partitions.hours, sk: hour });
/** @param minute `2026-11-03T14:05`, UTC */
export const minuteKey = (minute: string): ProjectionKey => ({ pk: partitions.minutes, sk: minute });

export const repositoryKey = (name: string): ProjectionKey => ({ pk: partitions.repositories, sk: foldName(name) });

const routePrefix = 'route#';
export const routeKey = (routeId: string): ProjectionKey => ({ pk: routePrefix + routeId, sk: 'route' });
export const routeIdOfKey = ({ pk }: Pick<ProjectionKey, 'pk'>): string => pk.slice(routePrefix.length);

/** The newest observation of a repository's dispatching.yml. @param repositoryId as text */
export const configKey = (repositoryId: string): ProjectionKey => ({ pk: partitions.configs, sk: repositoryId });
export const configCountKey: ProjectionKey = { pk: 'config-count', sk: 'config-count' };

/** The consent graph: the figures of an owner, and the repositories of an owner with their edges. */
export const graphOwnerKey = (owner: string): ProjectionKey => ({ pk: partitions.graphOwners, sk: foldName(owner) });
export const graphPartition = (owner: string): string => `graph#${foldName(owner)}`;
export const graphRepositoryKey = (name: string): ProjectionKey => ({
  pk: graphPartition(name.split('/')[0] ?? ''),
  sk: foldName(name),
});
/** What the patterns of a repository mean. @param repositoryId of the source */
export const candidatesPartition = (owner: string): string => `candidates#${foldName(owner)}`;
export const candidatesKey = (owner: string, repositoryId: number): ProjectionKey => ({
  pk: candidatesPartition(owner),
  sk: String(repositoryId),
});
/** The number of observations that the graph was computed from. */
export const graphSourceKey: ProjectionKey = { pk: 'graph-source', sk: 'graph-source' };

export const installationKey = (installationId: number, resource: string): ProjectionKey => ({
  pk: partitions.installations,
  sk: `${installationId}#${resource}`,
});

export const queuesKey: ProjectionKey = { pk: 'queues', sk: 'queues' };

const deadLetterPrefix = 'dead-letter#';
export const deadLetterKey = (deadLetterId: string): ProjectionKey => ({
  pk: deadLetterPrefix + deadLetterId,
  sk: 'dead-letter',
});
export const deadLetterIdOfKey = ({ pk }: Pick<ProjectionKey, 'pk'>): string => pk.slice(deadLetterPrefix.length);
/** The partition key of the index `held`: one partition, because few dead letters are in a queue. */
export const heldPartition = 'dead-letters';

export const summaryKey = (window: string): ProjectionKey => ({ pk: 'summary', sk: window });
export const statusKey: ProjectionKey = { pk: 'status', sk: 'status' };
export const trendKey: ProjectionKey = { pk: 'trend', sk: 'trend' };
export const deadLetterSummaryKey: ProjectionKey = { pk: 'dead-letter-summary', sk: 'dead-letter-summary' };
export const scanClaimKey: ProjectionKey = { pk: 'roll-up', sk: 'scanned' };
