import { Code, DeadLetterReason, IgnoredRunReason, Outcome, Route, DateTime } from '@dispatcher/contracts';
import * as z from 'zod/mini';
import { auditActions, type FactLine, type LineOf } from '../facts/fact-line.ts';

const times = {
  /** When the delivery was received, or the dispatch accepted or refused. It orders the list, and does not change. */
  time: DateTime,
  /** When the fact was created that this row shows. */
  updatedAt: DateTime,
};

const common = {
  /** The delivery's GUID. */
  deliveryId: z.string(),
  ...times,
  runKey: z.string(),
};

const counts = {
  allowed: z.int(),
  denied: z.int(),
  /** How many of the denied routes are a dry run. Absent: none. */
  dryRun: z.optional(z.int()),
  /** How many of the denied routes leave the start to another run of the commit. Absent: none. */
  leftToAnotherRun: z.optional(z.int()),
};

/**
 * One row of the list of deliveries: the result of the delivery, which is that of its newest revision.
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
    /** Number of the pull request of the run. Absent: GitHub names none, or not for certain. */
    pullRequest: z.optional(z.int()),
    /** Null if GitHub sends none, and if a job requested the dispatch while the run was in progress. */
    conclusion: z.nullable(z.string()),
    /** What a job of the run requested: `owner/name:workflow.yml`; null for a completed run. */
    target: z.nullable(z.string()),
    revision: z.int(),
    outcome: Outcome,
    code: Code,
    ...counts,
  }),
  z.object({
    ...common,
    kind: z.literal('requested'),
    /** Name of the API key, schedule or webhook that requested the dispatch; the others are null. */
    key: z.nullable(z.string()),
    schedule: z.nullable(z.string()),
    webhook: z.nullable(z.string()),
    /** The requested target: `owner/name:workflow.yml` or `owner/name#event-type`. */
    target: z.string(),
    revision: z.int(),
    outcome: Outcome,
    code: Code,
    ...counts,
  }),
  z.object({
    ...common,
    kind: z.literal('delayed'),
    /** Null for a request of an API key, schedule or webhook. */
    repository: z.nullable(z.string()),
    workflow: z.nullable(z.string()),
    revision: z.int(),
    nextTryAt: DateTime,
    giveUpAt: DateTime,
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
  /** Of a failed dispatch: GitHub's own message if there is one, or why the decision no longer holds; a long one ends with `…`. */
  message: z.optional(z.string()),
  conclusion: z.nullable(z.string()),
  targetRunUrl: z.nullable(z.string()),
  /** Present on a failed dispatch that an operator dispatched again, once GitHub accepted the later one. */
  resolved: z.optional(z.literal(true)),
});
export type DispatchRow = z.infer<typeof DispatchRow>;

/** One row of the audit log: an operator's action. */
export const AuditRow = z.object({
  factId: z.string(),
  time: DateTime,
  actionId: z.string(),
  action: z.enum(auditActions),
  operator: z.string(),
  reason: z.string(),
  /** The object of the action: a run key, the id of a dead letter or an API key, a repository, the name of a schedule or webhook, or `dispatches`. */
  subject: z.string(),
  result: z.string(),
});
export type AuditRow = z.infer<typeof AuditRow>;

/** Returns the row that a fact shows in the list of deliveries; null for a fact that has none, or names no run. */
export function deliveryRowOf(line: FactLine): DeliveryRow | null {
  const { runKey, time: updatedAt } = line;
  if (runKey === null) return null;
  switch (line.type) {
    case 'run.planned':
      return { runKey, updatedAt, deliveryId: line.deliveryId, time: line.receivedAt, ...planOf(line) };
    case 'run.delayed': {
      const { deliveryId, receivedAt: time, repository, workflow, revision, nextTryAt, giveUpAt } = line;
      const what = { kind: 'delayed', repository, workflow, revision, nextTryAt, giveUpAt } as const;
      return { deliveryId, time, updatedAt, runKey, ...what };
    }
    case 'delivery.repeated': {
      const { deliveryId, time, repository, workflow, firstDeliveryId } = line;
      // GitHub delivered it again under the same GUID: the row of the first time shows the result.
      if (deliveryId === firstDeliveryId) return null;
      return { deliveryId, time, updatedAt, runKey, kind: 'repeated', repository, workflow, firstDeliveryId };
    }
    case 'delivery.ignored': {
      const { deliveryId, time, repository, runUrl, path, reason } = line;
      return { deliveryId, time, updatedAt, runKey, kind: 'ignored', repository, runUrl, path, reason };
    }
    case 'message.dead-lettered': {
      const { deliveryId, time, queue, reason } = line;
      return { deliveryId, time, updatedAt, runKey, kind: 'dead-lettered', queue, reason };
    }
    default:
      return null;
  }
}

function planOf({ repository, workflow, key, schedule, webhook, target, ...line }: LineOf<'run.planned'>) {
  const { revision, outcome, code, allowed, denied, dryRun, leftToAnotherRun } = line;
  const plan = {
    revision,
    outcome,
    code,
    allowed,
    denied,
    ...(dryRun === undefined ? {} : { dryRun }),
    ...(leftToAnotherRun === undefined ? {} : { leftToAnotherRun }),
  };
  if (repository === null) {
    return { kind: 'requested' as const, key, schedule, webhook, target: target ?? '', ...plan };
  }
  const { runUrl, commit, branch, event, pullRequest, conclusion } = line;
  const run = { runUrl: runUrl ?? '', commit: commit ?? '', branch, event: event ?? '', conclusion, target };
  const of = pullRequest === undefined ? {} : { pullRequest };
  return { kind: 'planned' as const, repository, workflow: workflow ?? '', ...run, ...of, ...plan };
}

/** Returns the row that a fact shows in the list of dispatches; null for a fact about anything but its steps. */
export function dispatchRowOf(line: FactLine): DispatchRow | null {
  if (line.runKey === null) return null;
  switch (line.type) {
    case 'dispatch.accepted': {
      const { targetRunUrl, code } = line;
      const state = targetRunUrl === null ? 'accepted-unverified' : 'accepted';
      return { ...dispatchOf(line, line.runKey), state, code, conclusion: null, targetRunUrl };
    }
    case 'dispatch.failed': {
      const { code, message, resolved } = line;
      return {
        ...dispatchOf(line, line.runKey),
        state: 'failed',
        code,
        ...(message === undefined ? {} : { message }),
        conclusion: null,
        targetRunUrl: null,
        ...(resolved === undefined ? {} : { resolved }),
      };
    }
    case 'dispatch.completed': {
      const { startedAt: time, code, conclusion, targetRunUrl } = line;
      return { ...dispatchOf(line, line.runKey), time, state: 'completed', code, conclusion, targetRunUrl };
    }
    default:
      return null;
  }
}

type DispatchLine = LineOf<'dispatch.accepted' | 'dispatch.failed' | 'dispatch.completed'>;

function dispatchOf({ dispatchId, routeId, route, deliveryId, time }: DispatchLine, runKey: string) {
  return { dispatchId, routeId, route, runKey, deliveryId, time, updatedAt: time };
}

/** Returns the row that a fact shows in the audit log; null for a fact about anything but an action of an operator. */
export function auditRowOf(line: FactLine): AuditRow | null {
  if (!('actionId' in line)) return null;
  const { factId, time, actionId, action, operator, reason, subject, result } = line;
  return { factId, time, actionId, action, operator, reason, subject, result };
}
