import { type Fact, type FactType, foldName, repositoryOfTrigger } from '@dispatcher/contracts';

/** Order in which the facts of one run are read, regardless of the order of arrival. */
const steps: Readonly<Record<FactType, string>> = {
  'run.delayed': '05',
  'run.planned': '10',
  'route.decided': '20',
  'dispatch.accepted': '30',
  'dispatch.failed': '30',
  'issue.reported': '40',
  'plan.reported': '40',
  'dispatch.completed': '50',
  'delivery.repeated': '60',
  'delivery.ignored': '60',
  'message.dead-lettered': '70',
  'operator.acted': '80',
  'dead-letter.acted': '80',
  'key.changed': '80',
  'pause.changed': '80',
  'repository.confirmed': '80',
  'bulk-replay.changed': '80',
  'deliveries.checked': '90',
};

const daySeconds = 24 * 60 * 60;
/** Retention of facts where `FACT_RETENTION_DAYS` is not set. */
export const defaultFactRetentionDays = 400;

/** Returns the position of the fact's kind among the steps of a run: two digits. */
export const stepOf = ({ type }: Fact): string => steps[type];

export interface FactKey {
  readonly pk: string;
  readonly sk: string;
}

/** Returns the fact's key, which deduplicates: the same fact has the same key in every delivery and attempt. */
export function factKey(fact: Fact): FactKey {
  return { pk: collectionOf(fact), sk: `${steps[fact.type]}#${fact.id}` };
}

// A foreign message may contain any run key. DynamoDB refuses empty and very long keys, and a dead letter that cannot be
// recorded would become a dead letter in turn, forever.
function collectionOf(fact: Fact): string {
  if (isKey(fact.runKey)) return fact.runKey;
  return fact.type === 'message.dead-lettered'
    ? `message#${fact.data.queue}#${fact.data.messageId}`
    : `fact#${fact.id}`;
}

/** Returns whether DynamoDB accepts the value as a key attribute. */
export function isKey(value: string | undefined): value is string {
  return value !== undefined && value !== '' && Buffer.byteLength(value) <= 1_024;
}

const detailSuffix = '#detail';

/** Returns the key of the fact's detail, which sorts directly after the fact. */
export function detailKey({ pk, sk }: FactKey): FactKey {
  return { pk, sk: sk + detailSuffix };
}

export function isDetail(sk: string): boolean {
  return sk.endsWith(detailSuffix);
}

/**
 * Returns the sort key (time, step, fact id), which is unique per fact. Times are normalized to milliseconds, because
 * `…00Z` sorts after `…00.500Z`.
 */
export function orderOf(fact: Fact): string {
  return `${new Date(fact.time).toISOString()}#${steps[fact.type]}#${fact.id}`;
}

/** Returns the lower-case repository: the source for facts about a run, the target for facts about a route. */
export function repositoryOf(fact: Fact): string | undefined {
  switch (fact.type) {
    case 'run.planned': {
      const repository = repositoryOfTrigger(fact.data.trigger);
      return repository === null ? undefined : foldName(repository);
    }
    case 'run.delayed':
      return fact.data.repository === null ? undefined : foldName(fact.data.repository);
    case 'delivery.repeated':
    case 'delivery.ignored':
    case 'plan.reported':
      return foldName(fact.data.repository);
    case 'route.decided':
      return foldName(fact.data.decision.route.target.repository);
    case 'message.dead-lettered':
    case 'operator.acted':
    case 'dead-letter.acted':
    case 'key.changed':
    case 'pause.changed':
    case 'repository.confirmed':
    case 'bulk-replay.changed':
    case 'deliveries.checked':
      return undefined;
    default:
      return foldName(fact.data.route.target.repository);
  }
}

export function routeIdOf(fact: Fact): string | undefined {
  switch (fact.type) {
    case 'run.delayed':
    case 'run.planned':
    case 'delivery.repeated':
    case 'delivery.ignored':
    case 'plan.reported':
    case 'message.dead-lettered':
    case 'dead-letter.acted':
    case 'key.changed':
    case 'pause.changed':
    case 'repository.confirmed':
    case 'bulk-replay.changed':
    case 'deliveries.checked':
      return undefined;
    case 'operator.acted':
      return fact.data.routeId ?? undefined;
    case 'route.decided':
      return fact.data.decision.routeId;
    default:
      return fact.data.routeId;
  }
}

/** Returns the expiry in epoch seconds, counted from the fact's time, so that a repeat writes the same item. */
export function expiryOf(time: string, retentionDays = defaultFactRetentionDays): number {
  return Math.floor(Date.parse(time) / 1000) + retentionDays * daySeconds;
}

/** Returns the dispatch id of a fact about one dispatch. */
export function dispatchIdOf(fact: Fact): string | undefined {
  switch (fact.type) {
    case 'route.decided':
      return fact.data.decision.dispatchId;
    case 'dispatch.accepted':
    case 'dispatch.failed':
    case 'dispatch.completed':
    case 'issue.reported':
      return fact.data.dispatchId;
    default:
      return undefined;
  }
}

/** Range of the sort keys of all facts about the plan of a run. No fact has one of these two keys. */
export const planKeys = { from: steps['run.planned'], to: steps['dispatch.accepted'] };
