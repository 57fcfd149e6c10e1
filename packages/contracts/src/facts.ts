import * as z from 'zod/mini';
import { Responsible, Code } from './codes.ts';
import { factId, runKey } from './ids.ts';
import { Check, ClosestRule, Decision, FileReference, Outcome, type Plan, Route, WorkflowReference } from './plan.ts';
import { ReplayMode } from './run-replay.ts';
import type { RunCompleted } from './run-completed.ts';
import { Trigger } from './trigger.ts';

/** What every fact says beside its own data. `time` is when it was first concluded: a repeat carries the same. */
const common = {
  version: z.literal(1),
  id: z.string(),
  time: z.iso.datetime(),
  /** The delivery's GUID. */
  correlationId: z.string(),
};

/** One per run, whatever happened. */
export const RunPlanned = z.object({
  ...common,
  type: z.literal('run.planned'),
  runKey: z.string(),
  data: z.object({
    /** A run, or a key's request without its client payload. */
    trigger: Trigger,
    revision: z.int(),
    outcome: Outcome,
    code: Code,
    message: z.string(),
    fix: z.string(),
    responsible: Responsible,
    checks: z.array(Check),
    sourceFile: z.optional(FileReference),
    unmatched: z.array(ClosestRule),
    allowed: z.int(),
    denied: z.int(),
    lineage: z.object({ depth: z.int(), path: z.array(WorkflowReference) }),
  }),
});
export type RunPlanned = z.infer<typeof RunPlanned>;

/** One per matched route: what the dispatch function acts on. It holds all that acting needs. */
export const RouteDecided = z.object({
  ...common,
  type: z.literal('route.decided'),
  runKey: z.string(),
  data: z.object({
    trigger: Trigger,
    revision: z.int(),
    decision: Decision,
    lineage: z.object({ depth: z.int(), path: z.array(WorkflowReference) }),
  }),
});
export type RouteDecided = z.infer<typeof RouteDecided>;

/** The same run came again under this delivery; its plan is under `runKey`. */
export const DeliveryRepeated = z.object({
  ...common,
  type: z.literal('delivery.repeated'),
  runKey: z.string(),
  data: z.object({
    /** The delivery that was planned. */
    firstDeliveryId: z.string(),
    receivedAt: z.iso.datetime(),
    repository: z.string(),
    workflow: z.string(),
  }),
});
export type DeliveryRepeated = z.infer<typeof DeliveryRepeated>;

const dispatchOf = { dispatchId: z.string(), routeId: z.string(), route: Route };

/** GitHub took the dispatch. */
export const DispatchAccepted = z.object({
  ...common,
  type: z.literal('dispatch.accepted'),
  runKey: z.string(),
  data: z.object({
    ...dispatchOf,
    ref: z.string(),
    /** Null where GitHub answered 204 and the run was not found afterwards: `accepted-unverified`. */
    workflowRunId: z.nullable(z.int()),
    htmlUrl: z.nullable(z.string()),
    /** `response-lost` where it is not known whether GitHub took a `repository_dispatch`. */
    code: z.optional(Code),
    /** From the end of the source's run to GitHub's answer, in milliseconds. */
    latencyMs: z.number(),
  }),
});
export type DispatchAccepted = z.infer<typeof DispatchAccepted>;

/** GitHub refused the dispatch for good. */
export const DispatchFailed = z.object({
  ...common,
  type: z.literal('dispatch.failed'),
  runKey: z.string(),
  data: z.object({
    ...dispatchOf,
    code: Code,
    /** GitHub's own sentence where it gave one. */
    message: z.string(),
    fix: z.string(),
    responsible: Responsible,
    /** HTTP status of GitHub's answer. */
    status: z.nullable(z.int()),
  }),
});
export type DispatchFailed = z.infer<typeof DispatchFailed>;

/** The run that a dispatch started has ended. */
export const DispatchCompleted = z.object({
  ...common,
  type: z.literal('dispatch.completed'),
  runKey: z.string(),
  data: z.object({
    ...dispatchOf,
    conclusion: z.nullable(z.string()),
    durationMs: z.nullable(z.number()),
    /** Null where a key asked. */
    sourceRunUrl: z.nullable(z.string()),
    targetRunUrl: z.string(),
    /**
     * Jobs of the run, asked for where it failed; 0: GitHub ended it before any job began. Absent: not asked, or no
     * answer.
     */
    jobs: z.optional(z.int()),
    /** `run-not-started` where GitHub ended the run before any job began. */
    code: z.optional(Code),
  }),
});
export type DispatchCompleted = z.infer<typeof DispatchCompleted>;

/**
 * What became of the route's tracking issue for one decision, or of the issue about one start where CREATE_ISSUES is
 * all.
 */
export const IssueReported = z.object({
  ...common,
  type: z.literal('issue.reported'),
  runKey: z.string(),
  data: z.object({
    ...dispatchOf,
    code: Code,
    /**
     * `noted`: the issue is open and says the same; its table shows this result with the next change. `skipped`:
     * CREATE_ISSUES is false. `unavailable`: issues are disabled in the source repository.
     */
    action: z.enum(['opened', 'updated', 'noted', 'closed', 'skipped', 'unavailable']),
    repository: z.string(),
    number: z.nullable(z.int()),
    htmlUrl: z.nullable(z.string()),
  }),
});
export type IssueReported = z.infer<typeof IssueReported>;

/** Why a message ended in a dead-letter queue. */
export const DeadLetterReason = z.enum([
  /** No message of ours, or one whose fields are wrong. */
  'message-invalid',
  /** A version this release does not know: written by a newer one. */
  'message-version-unknown',
  /** Every attempt ended with an error; `detail` is the last one. */
  'attempts-exhausted',
  /** The last attempt never ended: the process died in it. */
  'died',
  /** GitHub or AWS said that this will never succeed. */
  'permanent-error',
  /** EventBridge may not send to the queue that the event was for. */
  'no-permissions',
  /** The queue that the event was for does not exist. */
  'no-resource',
  /** EventBridge did not hand the event over for another cause; `detail` begins with its error code. */
  'undelivered',
]);
export type DeadLetterReason = z.infer<typeof DeadLetterReason>;

export const MessageDeadLettered = z.object({
  ...common,
  type: z.literal('message.dead-lettered'),
  /** Absent where the message is none of ours. */
  runKey: z.optional(z.string()),
  data: z.object({
    queue: z.string(),
    messageId: z.string(),
    reason: DeadLetterReason,
    detail: z.string(),
    attempts: z.int(),
    /** How often operators had sent this message back to its queue before; absent: never. */
    redrives: z.optional(z.int()),
  }),
});
export type MessageDeadLettered = z.infer<typeof MessageDeadLettered>;

/** The id of a letter: that of the fact that told of it. The letter carries what it is made of as attributes. */
export function deadLetterId(queue: string, messageId: string, reason: DeadLetterReason): string {
  return factId('message.dead-lettered', queue, messageId, reason);
}

/** What an operator had done to one letter of a dead-letter queue; each letter has a fact of its own. */
export const DeadLetterActed = z.object({
  ...common,
  type: z.literal('dead-letter.acted'),
  /** Absent where the message is none of ours. */
  runKey: z.optional(z.string()),
  data: z.object({
    /** One for all letters of the same command or request. */
    actionId: z.string(),
    deadLetterId: z.string(),
    queue: z.string(),
    messageId: z.string(),
    /** Why it had become a dead letter; null where nothing recorded it: SQS moved it. */
    deadLetterReason: z.nullable(DeadLetterReason),
    action: z.enum(['redrive', 'discard']),
    operator: z.string(),
    reason: z.string(),
    /**
     * `quarantined`: it was redriven as often as is allowed, so it stays where it is. The others left the dead-letter
     * queue: `redriven` went back to its own, or of the bus to the queue that it was for.
     */
    result: z.enum(['redriven', 'discarded', 'quarantined']),
  }),
});
export type DeadLetterActed = z.infer<typeof DeadLetterActed>;

/** `viewer` and `operator` open the admin API; `dispatch` opens `POST /dispatch` and nothing else. */
export const KeyRole = z.enum(['viewer', 'operator', 'dispatch']);
export type KeyRole = z.infer<typeof KeyRole>;

/** An API key was created or revoked. Its correlation id is its own. */
export const KeyChanged = z.object({
  ...common,
  type: z.literal('key.changed'),
  runKey: z.optional(z.string()),
  data: z.object({
    actionId: z.string(),
    action: z.enum(['created', 'revoked']),
    keyId: z.string(),
    name: z.string(),
    /** What it opens. */
    role: z.optional(KeyRole),
    targets: z.optional(z.array(z.string())),
    operator: z.string(),
    reason: z.string(),
  }),
});
export type KeyChanged = z.infer<typeof KeyChanged>;

/** One queue at one moment, by SQS's own approximate counts. */
export const QueueSample = z.object({
  queue: z.string(),
  /** Messages that wait to be received. */
  waiting: z.int(),
  /** Received, and neither deleted nor back yet. */
  inFlight: z.int(),
  /** Put off, so that they cannot be received yet. */
  delayed: z.int(),
});
export type QueueSample = z.infer<typeof QueueSample>;

/** All queues and dead-letter queues, looked at by the roll-up; one a minute. Its correlation id is its own. */
export const QueuesSampled = z.object({
  ...common,
  type: z.literal('queues.sampled'),
  runKey: z.optional(z.string()),
  data: z.object({ queues: z.array(QueueSample) }),
});
export type QueuesSampled = z.infer<typeof QueuesSampled>;

/** An operator had a run replayed. Told under the run's own delivery, after what it led to was published. */
export const OperatorActed = z.object({
  ...common,
  type: z.literal('operator.acted'),
  runKey: z.string(),
  data: z.object({
    actionId: z.string(),
    action: ReplayMode,
    operator: z.string(),
    reason: z.string(),
    routeId: z.nullable(z.string()),
    /** `unknown-run`: nothing was done, because no plan of the run is stored. */
    result: z.enum(['published', 'unknown-run']),
    /** Of the plan that was published; null where none was. */
    revision: z.nullable(z.int()),
  }),
});
export type OperatorActed = z.infer<typeof OperatorActed>;

/**
 * GitHub's log of the App's deliveries was looked through for failed ones. Its correlation id is its own: it is about
 * many deliveries.
 */
export const DeliveriesChecked = z.object({
  ...common,
  type: z.literal('deliveries.checked'),
  runKey: z.optional(z.string()),
  data: z.object({
    /** Every delivery up to here has been looked at; `time` less this is the lag. */
    checkedUntil: z.iso.datetime(),
    lagMs: z.number(),
    /** False: the check met its bound, and the next one goes on where it ended. */
    complete: z.boolean(),
    /** Lines of the log looked at. Neighbouring checks look at some lines twice. */
    scanned: z.int(),
    /** Completed workflow runs whose newest attempt failed: the sum of the four below. */
    failed: z.int(),
    /** GUIDs that GitHub was asked to deliver again. */
    redelivered: z.array(z.string()),
    /** Failed by the log, and planned all the same: the answer came too late. */
    planned: z.int(),
    /** What ingress would not take from any attempt. */
    ignored: z.int(),
    /** The run ended longer ago than GitHub keeps its log, or GitHub refused the redelivery. */
    givenUp: z.int(),
  }),
});
export type DeliveriesChecked = z.infer<typeof DeliveriesChecked>;

/** What is left of one of an installation's budgets at GitHub; at most one a minute. Its correlation id is its own. */
export const InstallationBudget = z.object({
  ...common,
  type: z.literal('installation.budget'),
  runKey: z.optional(z.string()),
  data: z.object({
    installationId: z.int(),
    /** GitHub's name of the budget: `core`, `graphql`. */
    resource: z.string(),
    limit: z.int(),
    remaining: z.int(),
    resetsAt: z.iso.datetime(),
  }),
});
export type InstallationBudget = z.infer<typeof InstallationBudget>;

/** The facts without check trees: what is told of them anywhere is the whole of them. By the name of their schema. */
export const factsWithoutChecks = {
  DeliveryRepeated,
  DispatchAccepted,
  DispatchFailed,
  DispatchCompleted,
  IssueReported,
  MessageDeadLettered,
  OperatorActed,
  DeliveriesChecked,
  InstallationBudget,
  DeadLetterActed,
  KeyChanged,
  QueuesSampled,
} as const;

/** An immutable event on the bus. EventBridge's detail type is the fact's `type`. */
export const Fact = z.discriminatedUnion('type', [RunPlanned, RouteDecided, ...Object.values(factsWithoutChecks)]);
export type Fact = z.infer<typeof Fact>;
export type FactType = Fact['type'];

/** The facts a stored plan stands for: the same plan gives the same facts, byte for byte. `time` is the plan's own. */
export function factsOfPlan(plan: Plan, time: string): [RunPlanned, ...RouteDecided[]] {
  const { decisions, version: _, runKey: key, ...rest } = plan;
  const shared = { version: 1, time, correlationId: plan.trigger.deliveryId, runKey: key } as const;
  const planned: RunPlanned = {
    ...shared,
    id: factId('run.planned', key, plan.revision),
    type: 'run.planned',
    data: {
      ...rest,
      trigger: withoutPayload(plan.trigger),
      allowed: decisions.filter(({ effect }) => effect === 'allow').length,
      denied: decisions.filter(({ effect }) => effect === 'deny').length,
    },
  };
  const decided = decisions.map(
    (decision, index): RouteDecided => ({
      ...shared,
      // The index tells a denied duplicate from the route it repeats: both have the same route id.
      id: factId('route.decided', key, plan.revision, decision.routeId, index),
      type: 'route.decided',
      data: { trigger: plan.trigger, revision: plan.revision, decision, lineage: plan.lineage },
    }),
  );
  return [planned, ...decided];
}

/** Lists and journeys are made of `run.planned`; a payload can be a hundred times its size. `route.decided` has it. */
function withoutPayload(origin: Trigger): Trigger {
  if (origin.type === 'run.completed' || origin.request.kind === 'workflow') return origin;
  const { clientPayload: _, ...asked } = origin.request;
  return { ...origin, request: asked };
}

/** The fact that this delivery told of a run already planned. */
export function deliveryRepeated(run: RunCompleted, firstDeliveryId: string): DeliveryRepeated {
  const key = runKey(run);
  return {
    version: 1,
    id: factId('delivery.repeated', key, run.deliveryId, run.receivedAt),
    type: 'delivery.repeated',
    time: run.receivedAt,
    correlationId: run.deliveryId,
    runKey: key,
    data: {
      firstDeliveryId,
      receivedAt: run.receivedAt,
      repository: `${run.repository.owner}/${run.repository.name}`,
      workflow: run.workflow,
    },
  };
}
