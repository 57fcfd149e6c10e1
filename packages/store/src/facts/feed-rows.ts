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
  targetLabel,
} from '@dispatcher/contracts';
import * as z from 'zod/mini';

const common = {
  /** The delivery's GUID. */
  deliveryId: z.string(),
  time: z.iso.datetime(),
};

/** One row of the list of deliveries: a result of the delivery. Under 1 KB, so it costs one write unit. */
export const DeliveryRow = z.discriminatedUnion('kind', [
  z.object({
    ...common,
    kind: z.literal('planned'),
    runKey: z.string(),
    repository: z.string(),
    workflow: z.string(),
    runUrl: z.string(),
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
    runKey: z.string(),
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
    runKey: z.string(),
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
    runKey: z.string(),
    repository: z.string(),
    workflow: z.string(),
    /** The delivery under which the run was planned. */
    firstDeliveryId: z.string(),
  }),
  z.object({
    ...common,
    kind: z.literal('ignored'),
    runKey: z.string(),
    repository: z.string(),
    runUrl: z.string(),
    path: z.nullable(z.string()),
    reason: IgnoredRunReason,
  }),
  z.object({
    ...common,
    kind: z.literal('dead-lettered'),
    runKey: z.nullable(z.string()),
    queue: z.string(),
    reason: DeadLetterReason,
  }),
]);
export type DeliveryRow = z.infer<typeof DeliveryRow>;

/** One row of the list of dispatches: one step of one dispatch. */
export const DispatchRow = z.object({
  dispatchId: z.string(),
  routeId: z.string(),
  route: Route,
  runKey: z.string(),
  deliveryId: z.string(),
  time: z.iso.datetime(),
  state: z.enum(['accepted', 'accepted-unverified', 'failed', 'completed']),
  code: z.nullable(Code),
  conclusion: z.nullable(z.string()),
  targetRunUrl: z.nullable(z.string()),
});
export type DispatchRow = z.infer<typeof DispatchRow>;

/** One row of the audit log: an operator's action. */
export const AuditRow = z.object({
  factId: z.string(),
  time: z.iso.datetime(),
  actionId: z.string(),
  /** `as-recorded`, `re-evaluate`, `dispatch-again`, `redrive`, `discard`, `key-created`, `key-revoked`, `paused`, `resumed`. */
  action: z.string(),
  operator: z.string(),
  reason: z.string(),
  /** The object of the action: a run key, the id of a dead letter or an API key, or `dispatches`. */
  subject: z.string(),
  result: z.string(),
});
export type AuditRow = z.infer<typeof AuditRow>;

/** Returns the fact's row in its feed; null for a fact without a row, which is a step of something that has one. */
export function rowOf(fact: Fact): DeliveryRow | DispatchRow | AuditRow | null {
  return deliveryRowOf(fact) ?? dispatchRowOf(fact) ?? auditRowOf(fact);
}

function deliveryRowOf(fact: Fact): DeliveryRow | null {
  const { correlationId: deliveryId, time } = fact;
  switch (fact.type) {
    case 'run.planned': {
      const { trigger: run, revision, outcome, code, allowed, denied } = fact.data;
      const plan = { revision, outcome, code, allowed, denied };
      if (run.type === 'dispatch.requested') {
        const source = { key: run.key.name, target: targetLabel(run.request) };
        return { kind: 'requested', deliveryId, time, runKey: fact.runKey, ...source, ...plan };
      }
      const { htmlUrl: runUrl, headBranch: branch, event, conclusion } = run.run;
      const source = {
        repository: fullName(run.repository),
        workflow: run.workflow,
        runUrl,
        branch,
        event,
        conclusion,
      };
      return { kind: 'planned', deliveryId, time, runKey: fact.runKey, ...source, ...plan };
    }
    case 'run.delayed': {
      const { repository, workflow, revision, nextTryAt, giveUpAt } = fact.data;
      const wait = { revision, nextTryAt, giveUpAt };
      return { kind: 'delayed', deliveryId, time, runKey: fact.runKey, repository, workflow, ...wait };
    }
    case 'delivery.repeated': {
      const { repository, workflow, firstDeliveryId } = fact.data;
      return { kind: 'repeated', deliveryId, time, runKey: fact.runKey, repository, workflow, firstDeliveryId };
    }
    case 'delivery.ignored': {
      const { repository, runUrl, path, reason } = fact.data;
      return { kind: 'ignored', deliveryId, time, runKey: fact.runKey, repository, runUrl, path, reason };
    }
    case 'message.dead-lettered': {
      const { queue, reason } = fact.data;
      return { kind: 'dead-lettered', deliveryId, time, runKey: fact.runKey ?? null, queue, reason };
    }
    default:
      return null;
  }
}

function dispatchRowOf(fact: Fact): DispatchRow | null {
  const { correlationId: deliveryId, time } = fact;
  switch (fact.type) {
    case 'dispatch.accepted': {
      const { workflowRunId, htmlUrl: targetRunUrl, code = null } = fact.data;
      const state = workflowRunId === null ? 'accepted-unverified' : 'accepted';
      return { ...dispatchOf(fact), deliveryId, time, state, code, conclusion: null, targetRunUrl };
    }
    case 'dispatch.failed': {
      const { code } = fact.data;
      return { ...dispatchOf(fact), deliveryId, time, state: 'failed', code, conclusion: null, targetRunUrl: null };
    }
    case 'dispatch.completed': {
      const { conclusion, targetRunUrl, code = null } = fact.data;
      return { ...dispatchOf(fact), deliveryId, time, state: 'completed', code, conclusion, targetRunUrl };
    }
    default:
      return null;
  }
}

function dispatchOf({ runKey, data }: DispatchAccepted | DispatchFailed | DispatchCompleted) {
  const { dispatchId, routeId, route } = data;
  return { dispatchId, routeId, route, runKey };
}

function auditRowOf(fact: Fact): AuditRow | null {
  const { id: factId, time } = fact;
  switch (fact.type) {
    case 'operator.acted': {
      const { actionId, action, operator, reason, result } = fact.data;
      return { factId, time, actionId, action, operator, reason, subject: fact.runKey, result };
    }
    case 'dead-letter.acted': {
      const { actionId, action, operator, reason, result, deadLetterId: subject } = fact.data;
      return { factId, time, actionId, action, operator, reason, subject, result };
    }
    case 'key.changed': {
      const { actionId, action, operator, reason, keyId: subject } = fact.data;
      return { factId, time, actionId, action: `key-${action}`, operator, reason, subject, result: action };
    }
    case 'pause.changed': {
      const { actionId, action, operator, reason } = fact.data;
      return { factId, time, actionId, action, operator, reason, subject: 'dispatches', result: action };
    }
    case 'bulk-replay.changed': {
      const { bulkReplayId, action, operator, reason, selected, requested } = fact.data;
      const result = `${requested} of ${selected} requested`;
      const who = { factId, time, actionId: bulkReplayId, operator, reason, subject: bulkReplayId };
      return { ...who, action: `bulk-replay-${action}`, result };
    }
    default:
      return null;
  }
}
