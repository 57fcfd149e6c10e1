import { type Fact, type FactType, foldName, repositoryOfTrigger } from '@dispatcher/contracts';

/** The order in which the facts of one run are read, whatever order they came in. */
const steps: Readonly<Record<FactType, string>> = {
  'run.planned': '10',
  'route.decided': '20',
  'dispatch.accepted': '30',
  'dispatch.failed': '30',
  'issue.reported': '40',
  'dispatch.completed': '50',
  'delivery.repeated': '60',
  'message.dead-lettered': '70',
  'operator.acted': '80',
  'dead-letter.acted': '80',
  'key.changed': '80',
  'deliveries.checked': '90',
  'installation.budget': '90',
  'queues.sampled': '90',
};

/** The partition keys of the feed, one a list; `tables.ts` says why one is enough for each. */
export type Feed = 'deliveries' | 'dispatches' | 'audit';

/** A fact is a line of one list at most. */
export function feedOf(fact: Fact): Feed | undefined {
  switch (fact.type) {
    case 'run.planned':
    case 'delivery.repeated':
    case 'message.dead-lettered':
      return 'deliveries';
    case 'dispatch.accepted':
    case 'dispatch.failed':
    case 'dispatch.completed':
      return 'dispatches';
    case 'operator.acted':
    case 'dead-letter.acted':
    case 'key.changed':
      return 'audit';
    default:
      return undefined;
  }
}

const daySeconds = 24 * 60 * 60;
const retentionDays = 400;

export interface FactKey {
  readonly pk: string;
  readonly sk: string;
}

/** The fact's key is its dedupe key: the same fact under whatever delivery or attempt has the same one. */
export function factKey(fact: Fact): FactKey {
  return { pk: collectionOf(fact), sk: `${steps[fact.type]}#${fact.id}` };
}

// A message that is none of ours may claim any run key. DynamoDB refuses an empty or a very long one, and a dead letter
// that cannot be recorded would become a dead letter in turn, for ever.
function collectionOf(fact: Fact): string {
  if (isKey(fact.runKey)) return fact.runKey;
  return fact.type === 'message.dead-lettered'
    ? `message#${fact.data.queue}#${fact.data.messageId}`
    : `fact#${fact.id}`;
}

/** Whether DynamoDB takes it as a key attribute. */
export function isKey(value: string | undefined): value is string {
  return value !== undefined && value !== '' && Buffer.byteLength(value) <= 1_024;
}

const detailSuffix = '#detail';

/** Sorts directly behind its fact. */
export function detailKey({ pk, sk }: FactKey): FactKey {
  return { pk, sk: sk + detailSuffix };
}

export function isDetail(sk: string): boolean {
  return sk.endsWith(detailSuffix);
}

/**
 * (time, step, fact id): newest and oldest are the ends of it, and no two facts are equal in it. Times are brought to
 * one precision first, because `…00Z` sorts behind `…00.500Z`.
 */
export function orderOf(fact: Fact): string {
  return `${new Date(fact.time).toISOString()}#${steps[fact.type]}#${fact.id}`;
}

/** Folded. Facts about the run are the source's, facts about a route the target's. */
export function repositoryOf(fact: Fact): string | undefined {
  switch (fact.type) {
    case 'run.planned': {
      const repository = repositoryOfTrigger(fact.data.trigger);
      return repository === null ? undefined : foldName(repository);
    }
    case 'delivery.repeated':
      return foldName(fact.data.repository);
    case 'route.decided':
      return foldName(fact.data.decision.route.target.repository);
    case 'message.dead-lettered':
    case 'operator.acted':
    case 'dead-letter.acted':
    case 'key.changed':
    case 'deliveries.checked':
    case 'installation.budget':
    case 'queues.sampled':
      return undefined;
    default:
      return foldName(fact.data.route.target.repository);
  }
}

export function routeIdOf(fact: Fact): string | undefined {
  switch (fact.type) {
    case 'run.planned':
    case 'delivery.repeated':
    case 'message.dead-lettered':
    case 'dead-letter.acted':
    case 'key.changed':
    case 'deliveries.checked':
    case 'installation.budget':
    case 'queues.sampled':
      return undefined;
    case 'operator.acted':
      return fact.data.routeId ?? undefined;
    case 'route.decided':
      return fact.data.decision.routeId;
    default:
      return fact.data.routeId;
  }
}

/** Counted from the fact's own time, so that a repeat of it is the same item. */
export function expiryOf(time: string): number {
  return Math.floor(Date.parse(time) / 1000) + retentionDays * daySeconds;
}

/** Of facts that are about one dispatch. */
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

/** Everything about the plan of a run sorts before this. */
export const behindPlans = steps['dispatch.accepted'];
