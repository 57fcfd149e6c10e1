import {
  Code,
  DeadLetterReason,
  type DispatchAccepted,
  type DispatchCompleted,
  type DispatchFailed,
  type Fact,
  fullName,
  IgnoredRunReason,
  Outcome,
  Route,
  type RunPlanned,
  targetLabel,
} from '@dispatcher/contracts';
import * as z from 'zod/mini';
import { isKey } from '../facts/fact-keys.ts';

const times = {
  /** When the first fact was recorded. It orders the list, and does not change. */
  time: z.iso.datetime(),
  /** When the fact was recorded that this row shows. */
  updatedAt: z.iso.datetime(),
};

const common = {
  /** The delivery's GUID. */
  deliveryId: z.string(),
  ...times,
  runKey: z.string(),
};

/**
 * One row of the list of deliveries: the result of the delivery, which is that of its newest revision. Under 1 KB, so it
 * costs one write unit.
 */
export const DeliveryRow = z.discriminatedUnion('kind', [
  z.object({
    ...common,
    kind: z.literal('planned'),
    repository: z.string(),
    workflow: z.string(),
    runUrl: z.string(),
    commit: z.string(),
    branch: z.nullable(z.string()),
    event: z.string(),
    conclusion: z.nullable(z.string()),
    revision: z.int(),
    outcome: Outcome,
    code: Code,
    allowed: z.int(),
    denied: z.int(),
  }),
  z.object({
    ...common,
    kind: z.literal('requested'),
    /** Name of the API key. */
    key: z.string(),
    /** The requested target: `owner/name:workflow.yml` or `owner/name#event-type`. */
    target: z.string(),
    revision: z.int(),
    outcome: Outcome,
    code: Code,
    allowed: z.int(),
    denied: z.int(),
  }),
  z.object({
    ...common,
    kind: z.literal('delayed'),
    /** Null for a request of an API key. */
    repository: z.nullable(z.string()),
    workflow: z.nullable(z.string()),
    revision: z.int(),
    nextTryAt: z.iso.datetime(),
    giveUpAt: z.iso.datetime(),
  }),
  z.object({
    ...common,
    kind: z.literal('repeated'),
    repository: z.string(),
    workflow: z.string(),
    /** The delivery under which the run was planned. */
    firstDeliveryId: z.string(),
  }),
  z.object({
    ...common,
    kind: z.literal('ignored'),
    repository: z.string(),
    runUrl: z.string(),
    path: z.nullable(z.string()),
    reason: IgnoredRunReason,
  }),
  z.object({
    ...common,
    kind: z.literal('dead-lettered'),
    queue: z.string(),
    reason: DeadLetterReason,
  }),
]);
export type DeliveryRow = z.infer<typeof DeliveryRow>;

/** One row of the list of dispatches: the newest step of one dispatch. */
export const DispatchRow = z.object({
  dispatchId: z.string(),
  routeId: z.string(),
  route: Route,
  runKey: z.string(),
  deliveryId: z.string(),
  ...times,
  state: z.enum(['accepted', 'accepted-unverified', 'failed', 'completed']),
  code: z.nullable(Code),
  conclusion: z.nullable(z.string()),
  targetRunUrl: z.nullable(z.string()),
  /** Present on a failed dispatch that an operator dispatched again, once GitHub accepted the later one. */
  resolved: z.optional(z.literal(true)),
});
export type DispatchRow = z.infer<typeof DispatchRow>;

/** Everything that operators do. */
export const auditActions = [
  'as-recorded',
  're-evaluate',
  'dispatch-again',
  'redrive',
  'discard',
  'key-created',
  'key-revoked',
  'paused',
  'resumed',
  'repository-confirmed',
  'bulk-replay-started',
  'bulk-replay-stopped',
  'bulk-replay-resumed',
  'bulk-replay-completed',
] as const;

/** One row of the audit log: an operator's action. */
export const AuditRow = z.object({
  factId: z.string(),
  time: z.iso.datetime(),
  actionId: z.string(),
  action: z.enum(auditActions),
  operator: z.string(),
  reason: z.string(),
  /** The object of the action: a run key, the id of a dead letter or an API key, a repository, or `dispatches`. */
  subject: z.string(),
  result: z.string(),
});
export type AuditRow = z.infer<typeof AuditRow>;

/** Returns the fact's row of the list of deliveries; null for a fact without one, or if it names no run. */
export function deliveryRowOf(fact: Fact): DeliveryRow | null {
  const { correlationId: deliveryId, time, runKey } = fact;
  // A message that names no run is in the list of dead letters only: its ids are those of a foreign sender.
  if (!isKey(deliveryId) || !isKey(runKey)) return null;
  const common = { deliveryId, time, updatedAt: time, runKey };
  switch (fact.type) {
    case 'run.planned':
      return { ...common, ...planOf(fact) };
    case 'run.delayed': {
      const { repository, workflow, revision, nextTryAt, giveUpAt } = fact.data;
      return { ...common, kind: 'delayed', repository, workflow, revision, nextTryAt, giveUpAt };
    }
    case 'delivery.repeated': {
      const { repository, workflow, firstDeliveryId } = fact.data;
      return { ...common, kind: 'repeated', repository, workflow, firstDeliveryId };
    }
    case 'delivery.ignored': {
      const { repository, runUrl, path, reason } = fact.data;
      return { ...common, kind: 'ignored', repository, runUrl, path, reason };
    }
    case 'message.dead-lettered': {
      const { queue, reason } = fact.data;
      return { ...common, kind: 'dead-lettered', queue, reason };
    }
    default:
      return null;
  }
}

function planOf({ data }: RunPlanned) {
  const { trigger: run, revision, outcome, code, allowed, denied } = data;
  const plan = { revision, outcome, code, allowed, denied };
  if (run.type === 'dispatch.requested') {
    return { kind: 'requested' as const, key: run.key.name, target: targetLabel(run.request), ...plan };
  }
  const { htmlUrl: runUrl, headSha: commit, headBranch: branch, event, conclusion } = run.run;
  const repository = fullName(run.repository);
  const source = { repository, workflow: run.workflow, runUrl, commit, branch, event, conclusion };
  return { kind: 'planned' as const, ...source, ...plan };
}

/** Returns the fact's row of the list of dispatches; null for a fact about anything but a step of a dispatch. */
export function dispatchRowOf(fact: Fact): DispatchRow | null {
  const { correlationId: deliveryId, time } = fact;
  const common = { deliveryId, time, updatedAt: time, conclusion: null, targetRunUrl: null };
  switch (fact.type) {
    case 'dispatch.accepted': {
      const { workflowRunId, htmlUrl: targetRunUrl, code = null } = fact.data;
      const state = workflowRunId === null ? 'accepted-unverified' : 'accepted';
      return { ...common, ...dispatchOf(fact), state, code, targetRunUrl };
    }
    case 'dispatch.failed':
      return { ...common, ...dispatchOf(fact), state: 'failed', code: fact.data.code };
    case 'dispatch.completed': {
      const { conclusion, targetRunUrl, code = null } = fact.data;
      return { ...common, ...dispatchOf(fact), state: 'completed', code, conclusion, targetRunUrl };
    }
    default:
      return null;
  }
}

function dispatchOf({ runKey, data }: DispatchAccepted | DispatchFailed | DispatchCompleted) {
  const { dispatchId, routeId, route } = data;
  return { dispatchId, routeId, route, runKey };
}

/** Returns the fact's row of the audit log; null for a fact about anything but an action of an operator. */
export function auditRowOf(fact: Fact): AuditRow | null {
  const { id: factId, time } = fact;
  switch (fact.type) {
    case 'operator.acted': {
      const { actionId, action, operator, reason, result, bulkReplayId } = fact.data;
      // The audit log lists a bulk replay, and not each of its items.
      if (bulkReplayId !== undefined) return null;
      return { factId, time, actionId, action, operator, reason, subject: fact.runKey, result };
    }
    case 'dead-letter.acted': {
      const { actionId, action, operator, reason, result, deadLetterId: subject } = fact.data;
      return { factId, time, actionId, action, operator, reason, subject, result };
    }
    case 'key.changed': {
      const { actionId, action, operator, reason, keyId: subject } = fact.data;
      return { factId, time, actionId, action: `key-${action}` as const, operator, reason, subject, result: action };
    }
    case 'pause.changed': {
      const { actionId, action, operator, reason } = fact.data;
      return { factId, time, actionId, action, operator, reason, subject: 'dispatches', result: action };
    }
    case 'repository.confirmed': {
      const { actionId, side, operator, reason } = fact.data;
      const action = 'repository-confirmed';
      return { factId, time, actionId, action, operator, reason, subject: fact.data[side], result: 'confirmed' };
    }
    case 'bulk-replay.changed': {
      const { bulkReplayId, action, operator, reason, selected, requested } = fact.data;
      const result = `${requested} of ${selected} requested`;
      const who = { factId, time, actionId: bulkReplayId, operator, reason, subject: bulkReplayId };
      return { ...who, action: `bulk-replay-${action}` as const, result };
    }
    default:
      return null;
  }
}
