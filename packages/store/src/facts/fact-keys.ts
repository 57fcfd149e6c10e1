import { confirmedRepository, type Fact } from '@dispatcher/contracts';
import { stepOf } from '@dispatcher/projections';

const daySeconds = 24 * 60 * 60;
/** Retention of facts where `FACT_RETENTION_DAYS` is not set. */
export const defaultFactRetentionDays = 400;

export interface FactKey {
  readonly pk: string;
  readonly sk: string;
}

/** Returns the fact's key, which deduplicates: the same fact has the same key in every delivery and attempt. */
export function factKey(fact: Fact): FactKey {
  const run = runPlace(fact.runKey);
  const sk = `${stepOf(fact)}#${fact.id}`;
  return run === null ? { pk: partitionOf(fact), sk } : { pk: run.pk, sk: `${run.prefix}${sk}` };
}

/** The place of the facts of one run: their partition, and the start of their sort keys. */
export interface RunPlace {
  readonly pk: string;
  readonly prefix: string;
}

/**
 * Returns the place of a run's facts; null if the text is not a run key. GitHub documents run ids as unique within a
 * repository only, so the repository is part of the sort key. The attempt is padded: `10` would sort before `2`.
 */
export function runPlace(runKey: string | undefined): RunPlace | null {
  const [, repositoryId, runId, attempt] = /^(\d{1,20})-(\d{1,20})-(\d{1,20})$/.exec(runKey ?? '') ?? [];
  if (runId !== undefined) {
    return { pk: runPartition(runId), prefix: `${repositoryId}#${attempt?.padStart(attemptDigits, '0')}#` };
  }
  const requestId = /^request-([0-9a-f]{32})$/.exec(runKey ?? '')?.[1];
  return requestId === undefined ? null : { pk: `request#${requestId}`, prefix: '' };
}

const attemptDigits = 4;

/** Returns the partition of everything about the runs with this id. @param runId of the source or of a started run */
export const runPartition = (runId: string): string => `run#${runId}`;

/** Returns the run key of a stored fact; null for a fact about anything but a run. */
export function runKeyOf({ pk, sk }: FactKey): string | null {
  const requestId = /^request#(.+)$/.exec(pk)?.[1];
  if (requestId !== undefined) return `request-${requestId}`;
  const runId = /^run#(.+)$/.exec(pk)?.[1];
  const [, repositoryId, attempt] = /^(\d+)#0*(\d+)#/.exec(sk) ?? [];
  return runId === undefined || attempt === undefined ? null : `${repositoryId}-${runId}-${attempt}`;
}

/** Returns the fact id, which ends every sort key of a fact. */
export const factIdOf = ({ sk }: FactKey): string => sk.slice(sk.lastIndexOf('#') + 1);

// A foreign message may contain any run key. DynamoDB refuses empty and very long keys, and a dead letter that cannot be
// recorded would become a dead letter in turn, forever. The partitions of other facts are few and small.
function partitionOf(fact: Fact): string {
  switch (fact.type) {
    case 'message.dead-lettered':
    case 'dead-letter.acted':
      return `message#${fact.data.queue}#${fact.data.messageId}`;
    case 'key.changed':
      return `key#${fact.data.keyId}`;
    case 'repository.confirmed':
      return `repository#${confirmedRepository(fact.data)}`;
    case 'bulk-replay.changed':
      return `bulk-replay#${fact.data.bulkReplayId}`;
    case 'config.checked':
      return `config-check#${fact.data.repositoryId}`;
    case 'schedule.changed':
    case 'schedule.missed':
      return `schedule#${fact.data.scheduleId}`;
    case 'webhook.changed':
      return `webhook#${fact.data.webhookId}`;
    case 'pause.changed':
      return 'pause';
    case 'config.observed':
      return `config#${fact.data.repositoryId}`;
    case 'deliveries.checked':
      return `check#${fact.time.slice(0, 10)}`;
    default:
      return `fact#${fact.id}`;
  }
}

/** Returns whether DynamoDB accepts the value as a key attribute. */
export function isKey(value: string | undefined): value is string {
  return value !== undefined && value !== '' && Buffer.byteLength(value) <= 1_024;
}

/** Returns the expiry in epoch seconds, counted from the fact's time, so that a repeat writes the same item. */
export function expiryOf(time: string, retentionDays = defaultFactRetentionDays): number {
  return Math.floor(Date.parse(time) / 1000) + retentionDays * daySeconds;
}
