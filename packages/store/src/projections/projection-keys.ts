import { foldName } from '@dispatcher/contracts';

/** Key of one projection item. All keys are defined below, so that no two projections can share an item. */
export interface ProjectionKey {
  readonly pk: string;
  readonly sk: string;
}

// Partition keys of lists. A partition accepts at most 1,000 write units per second. The facts function at its maximum
// concurrency records about 600 facts/s. A list of rows needs at most one write of one unit (a row is under 1 KB) per
// fact, and mostly fewer, because a batch writes each row once. The counters of hours, minutes and all time need one
// update per transaction, about 15 to 40 per second at 2 units per KB: below 500.
export const partitions = {
  minutes: 'minutes',
  hours: 'hours',
  repositories: 'repositories',
  routes: 'routes-by-target',
  installations: 'installations',
  deadLetterCounts: 'dead-letter-counts',
} as const;

export const allTimeKey: ProjectionKey = { pk: 'all-time', sk: 'counters' };
/** @param hour `2026-11-03T14`, UTC */
export const hourKey = (hour: string): ProjectionKey => ({ pk: partitions.hours, sk: hour });
/** @param minute `2026-11-03T14:05`, UTC */
export const minuteKey = (minute: string): ProjectionKey => ({ pk: partitions.minutes, sk: minute });

export const repositoryRowKey = (name: string): ProjectionKey => ({
  pk: partitions.repositories,
  sk: foldName(name),
});
export const repositoryKey = (name: string): ProjectionKey => ({
  pk: `repository#${foldName(name)}`,
  sk: 'counters',
});
export const inboundPartition = (name: string): string => `inbound#${foldName(name)}`;
export const inboundKey = (name: string, routeId: string): ProjectionKey => ({
  pk: inboundPartition(name),
  sk: routeId,
});

export const routePartition = (routeId: string): string => `route#${routeId}`;
/** Sorts after every result, so that a Query from the end returns the status and the newest results. */
export const routeStatusKey = (routeId: string): ProjectionKey => ({ pk: routePartition(routeId), sk: 'status' });
export const routeResultKey = (routeId: string, order: string): ProjectionKey => ({
  pk: routePartition(routeId),
  sk: `result#${order}`,
});

export const installationKey = (installationId: number, resource: string): ProjectionKey => ({
  pk: partitions.installations,
  sk: `${installationId}#${resource}`,
});

export const freshnessKey: ProjectionKey = { pk: 'freshness', sk: 'freshness' };
export const queuesKey: ProjectionKey = { pk: 'queues', sk: 'queues' };

export const deadLetterKey = (deadLetterId: string): ProjectionKey => ({
  pk: `dead-letter#${deadLetterId}`,
  sk: 'dead-letter',
});
export const deadLetterCountKey = (queue: string, reason: string): ProjectionKey => ({
  pk: partitions.deadLetterCounts,
  sk: `${queue}#${reason}`,
});
/** Partition key of the index `by-group`. */
export const deadLetterGroup = (queue: string, reason: string): string => `${queue}#${reason}`;

export const summaryKey = (window: string): ProjectionKey => ({ pk: 'summary', sk: window });
export const trendKey: ProjectionKey = { pk: 'trend', sk: 'trend' };
export const deadLetterSummaryKey: ProjectionKey = { pk: 'dead-letter-summary', sk: 'dead-letter-summary' };
export const sampleClaimKey: ProjectionKey = { pk: 'roll-up', sk: 'sampled' };
export const scanClaimKey: ProjectionKey = { pk: 'roll-up', sk: 'scanned' };
