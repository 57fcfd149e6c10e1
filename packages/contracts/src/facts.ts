import * as z from 'zod/mini';
import { Responsible, Code } from './codes.ts';
import { ProposedState } from './file-check.ts';
import { factId, runKey } from './ids.ts';
import {
  Check,
  ClosestRule,
  Decision,
  FileReference,
  countsOf,
  Outcome,
  PlanCandidates,
  type Plan,
  Route,
  WorkflowReference,
} from './plan.ts';
import { ReplayMode } from './run-replay.ts';
import { fullName, type RunCompleted } from './run-completed.ts';
import { ignoredMessage, IgnoredRunReason, type RunIgnored } from './run-ignored.ts';
import { Trigger } from './trigger.ts';
import { DateTime } from './date-time.ts';

/** The fields of every fact. `time` is when the fact was first created; publishing it again does not change it. */
const CommonFields = z.object({
  version: z.literal(1),
  id: z.string(),
  time: DateTime,
  /** The GUID of the delivery, or the id of the request. */
  correlationId: z.string(),
});

/** A run or request was planned. One per trigger and revision, whatever the outcome. */
export const RunPlanned = z.extend(CommonFields, {
  type: z.literal('run.planned'),
  runKey: z.string(),
  data: z.object({
    /** A run, or a request without its client payload or the inputs of its job. */
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
    /** How many of the denied decisions are a dry run: they would have been allowed. Absent: none. */
    dryRun: z.optional(z.int()),
    /** How many of the denied decisions leave the start to another run of the commit. Absent: none. */
    leftToAnotherRun: z.optional(z.int()),
    lineage: z.object({ depth: z.int(), path: z.array(WorkflowReference) }),
    candidates: z.optional(PlanCandidates),
    endsProblem: z.optional(z.literal(true)),
  }),
});
export type RunPlanned = z.infer<typeof RunPlanned>;

/**
 * A matched route was allowed or denied. The dispatch function takes run key, revision and index from it, and everything
 * that it sends from the stored plan. The plan also has the satisfied checks, which the published fact does not contain.
 */
export const RouteDecided = z.extend(CommonFields, {
  type: z.literal('route.decided'),
  runKey: z.string(),
  data: z.object({
    trigger: Trigger,
    revision: z.int(),
    /** The decision's position in the plan, from 0. */
    index: z.int(),
    decision: Decision,
    lineage: z.object({ depth: z.int(), path: z.array(WorkflowReference) }),
  }),
});
export type RouteDecided = z.infer<typeof RouteDecided>;

/** A run that is already planned was delivered again. Its plan is stored under `runKey`. */
export const DeliveryRepeated = z.extend(CommonFields, {
  type: z.literal('delivery.repeated'),
  runKey: z.string(),
  data: z.object({
    /** The GUID of the delivery that was planned. */
    firstDeliveryId: z.string(),
    receivedAt: DateTime,
    repository: z.string(),
    workflow: z.string(),
  }),
});
export type DeliveryRepeated = z.infer<typeof DeliveryRepeated>;

/** A plan waits because GitHub cannot be reached. One per plan, however often it is tried again. */
export const RunDelayed = z.extend(CommonFields, {
  type: z.literal('run.delayed'),
  runKey: z.string(),
  data: z.object({
    revision: z.int(),
    /** What could not be read, with GitHub’s message or the network error. */
    message: z.string(),
    /** `owner/name` of the source; null for a request of an API key, schedule or webhook. */
    repository: z.nullable(z.string()),
    workflow: z.nullable(z.string()),
    /** When the delivery or the request was received. Absent from facts of an earlier release. */
    receivedAt: z.optional(DateTime),
    /** When the plan is tried next. Later tries are further apart, at most 15 minutes. */
    nextTryAt: DateTime,
    /** If GitHub cannot be reached until then, the plan records what could not be read. */
    giveUpAt: DateTime,
  }),
});
export type RunDelayed = z.infer<typeof RunDelayed>;

/**
 * A completed run was delivered that starts nothing whatever the rules are. If a dispatch started it, `dispatch.completed`
 * is published for that dispatch as well.
 */
export const DeliveryIgnored = z.extend(CommonFields, {
  type: z.literal('delivery.ignored'),
  runKey: z.string(),
  data: z.object({
    reason: IgnoredRunReason,
    /** The reason as a sentence. */
    message: z.string(),
    /** `workflow_run.path`, such as `dynamic/pages/pages-build-deployment` or `BuildFailed`. */
    path: z.nullable(z.string()),
    repository: z.string(),
    runUrl: z.string(),
    event: z.string(),
    conclusion: z.nullable(z.string()),
  }),
});
export type DeliveryIgnored = z.infer<typeof DeliveryIgnored>;

const DispatchFields = z.object({ dispatchId: z.string(), routeId: z.string(), route: Route });

/** GitHub accepted the dispatch. */
export const DispatchAccepted = z.extend(CommonFields, {
  type: z.literal('dispatch.accepted'),
  runKey: z.string(),
  data: z.extend(DispatchFields, {
    ref: z.string(),
    /** Null if GitHub responded 204 and the run was not found afterwards (`accepted-unverified`). */
    workflowRunId: z.nullable(z.int()),
    htmlUrl: z.nullable(z.string()),
    /** `response-lost` if it is unknown whether GitHub accepted a `repository_dispatch`. */
    code: z.optional(Code),
    /** Milliseconds from the completion of the source's run to GitHub's response. */
    latencyMs: z.number(),
    /** Revision of the plan that allowed the dispatch; absent: 0. The latency of a later one contains the wait for a replay. */
    revision: z.optional(z.int()),
  }),
});
export type DispatchAccepted = z.infer<typeof DispatchAccepted>;

/**
 * GitHub rejected the dispatch permanently, or Dispatcher refused it before a POST, because its decision no longer holds.
 */
export const DispatchFailed = z.extend(CommonFields, {
  type: z.literal('dispatch.failed'),
  runKey: z.string(),
  data: z.extend(DispatchFields, {
    code: Code,
    /** GitHub's own message if there is one, or why the decision no longer holds. */
    message: z.string(),
    fix: z.string(),
    responsible: Responsible,
    /** HTTP status of GitHub's response; null if nothing was sent, or the response was lost. */
    status: z.nullable(z.int()),
    /** Revision of the plan that allowed the dispatch; absent: 0. */
    revision: z.optional(z.int()),
  }),
});
export type DispatchFailed = z.infer<typeof DispatchFailed>;

/** The run that a dispatch started has completed. */
export const DispatchCompleted = z.extend(CommonFields, {
  type: z.literal('dispatch.completed'),
  runKey: z.string(),
  data: z.extend(DispatchFields, {
    conclusion: z.nullable(z.string()),
    durationMs: z.nullable(z.number()),
    /** When GitHub accepted the dispatch: the `time` of `dispatch.accepted`. Absent from facts of an earlier release. */
    acceptedAt: z.optional(DateTime),
    /** Null if an API key, schedule or webhook requested the dispatch. */
    sourceRunUrl: z.nullable(z.string()),
    targetRunUrl: z.string(),
    /**
     * Number of jobs of a failed run; 0: GitHub ended it before any job started. Absent if it was not requested, or GitHub
     * did not return it.
     */
    jobs: z.optional(z.int()),
    /** `run-not-started` if GitHub ended the run before any job started. */
    code: z.optional(Code),
  }),
});
export type DispatchCompleted = z.infer<typeof DispatchCompleted>;

/**
 * What was done with an issue. `noted`: the issue is open with the same content; its table shows this result after the next
 * change. `skipped`: CREATE_ISSUES is `false`. `unavailable`: issues are disabled in the source repository.
 */
const IssueAction = z.enum(['opened', 'updated', 'noted', 'closed', 'skipped', 'unavailable']);

/** The result for the tracking issue of a route after one decision, or for the issue about a start if CREATE_ISSUES is `all`. */
export const IssueReported = z.extend(CommonFields, {
  type: z.literal('issue.reported'),
  runKey: z.string(),
  data: z.extend(DispatchFields, {
    code: Code,
    action: IssueAction,
    repository: z.string(),
    number: z.nullable(z.int()),
    htmlUrl: z.nullable(z.string()),
  }),
});
export type IssueReported = z.infer<typeof IssueReported>;

/**
 * The result for the tracking issue of a source repository after a plan with the outcome `config-invalid`,
 * `config-unreadable` or `plan-too-large`, or after the valid plan that ends the problem.
 */
export const PlanReported = z.extend(CommonFields, {
  type: z.literal('plan.reported'),
  runKey: z.string(),
  data: z.object({
    revision: z.int(),
    /** The code of the plan. */
    code: Code,
    action: IssueAction,
    repository: z.string(),
    number: z.nullable(z.int()),
    htmlUrl: z.nullable(z.string()),
  }),
});
export type PlanReported = z.infer<typeof PlanReported>;

/** Why a message became a dead letter. */
export const DeadLetterReason = z.enum([
  /** Not a message of Dispatcher, or one with invalid fields. */
  'message-invalid',
  /** The message has a version that only a newer release reads. */
  'message-version-unknown',
  /** Every attempt failed; `detail` is the last error. */
  'attempts-exhausted',
  /** The process died or timed out during the last attempt. */
  'died',
  /** GitHub or AWS rejected the operation permanently. */
  'permanent-error',
  /** The stored plan does not contain the decision, so the message is not from the planning function. */
  'decision-not-in-plan',
  /** EventBridge has no permission to send to the target queue. */
  'no-permissions',
  /** The target queue does not exist. */
  'no-resource',
  /** EventBridge could not deliver the event for another reason; `detail` begins with the error code. */
  'undelivered',
]);
export type DeadLetterReason = z.infer<typeof DeadLetterReason>;

/** A message became a dead letter. */
export const MessageDeadLettered = z.extend(CommonFields, {
  type: z.literal('message.dead-lettered'),
  /** Absent if the message could not be read. */
  runKey: z.optional(z.string()),
  data: z.object({
    queue: z.string(),
    messageId: z.string(),
    reason: DeadLetterReason,
    detail: z.string(),
    attempts: z.int(),
    /** How often operators had redriven this message before; absent: never. */
    redrives: z.optional(z.int()),
  }),
});
export type MessageDeadLettered = z.infer<typeof MessageDeadLettered>;

/** Returns the id of a dead letter, which is also the id of its fact. The dead letter's attributes contain the parts. */
export function deadLetterId(queue: string, messageId: string, reason: DeadLetterReason): string {
  return factId('message.dead-lettered', queue, messageId, reason);
}

/** An operator redrove or discarded a dead letter. One fact per dead letter. */
export const DeadLetterActed = z.extend(CommonFields, {
  type: z.literal('dead-letter.acted'),
  /** Absent if the message could not be read. */
  runKey: z.optional(z.string()),
  data: z.object({
    /** The same for all dead letters of a command. */
    actionId: z.string(),
    deadLetterId: z.string(),
    queue: z.string(),
    messageId: z.string(),
    /** Why it had become a dead letter; null if SQS moved it, which records no reason. */
    deadLetterReason: z.nullable(DeadLetterReason),
    action: z.enum(['redrive', 'discard']),
    operator: z.string(),
    reason: z.string(),
    /**
     * `quarantined`: it was redriven too often and stays in the dead-letter queue. `redriven`: it was sent to its queue,
     * or to the target queue if EventBridge could not deliver it.
     */
    result: z.enum(['redriven', 'discarded', 'quarantined']),
  }),
});
export type DeadLetterActed = z.infer<typeof DeadLetterActed>;

/** `viewer` and `operator` give access to the admin API; `dispatch` to `POST /dispatch` only. */
export const KeyRole = z.enum(['viewer', 'operator', 'dispatch']);
export type KeyRole = z.infer<typeof KeyRole>;

/** An API key was created or revoked. Its correlation id is its own. */
export const KeyChanged = z.extend(CommonFields, {
  type: z.literal('key.changed'),
  runKey: z.optional(z.string()),
  data: z.object({
    actionId: z.string(),
    action: z.enum(['created', 'revoked']),
    keyId: z.string(),
    name: z.string(),
    /** The role of the key. */
    role: z.optional(KeyRole),
    targets: z.optional(z.array(z.string())),
    operator: z.string(),
    reason: z.string(),
  }),
});
export type KeyChanged = z.infer<typeof KeyChanged>;

/** An operator paused or resumed all dispatches. It has its own correlation id. */
export const PauseChanged = z.extend(CommonFields, {
  type: z.literal('pause.changed'),
  runKey: z.optional(z.string()),
  data: z.object({
    actionId: z.string(),
    action: z.enum(['paused', 'resumed']),
    operator: z.string(),
    reason: z.string(),
  }),
});
export type PauseChanged = z.infer<typeof PauseChanged>;

/**
 * An operator confirmed that a name belongs to another repository than before, or that an owner no longer has a policy. It
 * has its own correlation id.
 */
export const RepositoryConfirmed = z.extend(CommonFields, {
  type: z.literal('repository.confirmed'),
  runKey: z.optional(z.string()),
  data: z.object({
    actionId: z.string(),
    /** The side whose repository was re-created; `policy` if a policy was removed. */
    side: z.enum(['source', 'target', 'policy']),
    /** `owner/name`, in lower case. Of a policy, both are `owner/.github`. */
    source: z.string(),
    target: z.string(),
    repositoryId: z.int(),
    operator: z.string(),
    reason: z.string(),
  }),
});
export type RepositoryConfirmed = z.infer<typeof RepositoryConfirmed>;

/** Returns the repository that an operator confirmed. */
export function confirmedRepository({ side, source, target }: RepositoryConfirmed['data']): string {
  return side === 'target' ? target : source;
}

/** An operator created, paused, resumed, ran or deleted a schedule. It has its own correlation id. */
export const ScheduleChanged = z.extend(CommonFields, {
  type: z.literal('schedule.changed'),
  runKey: z.optional(z.string()),
  data: z.object({
    actionId: z.string(),
    /** `run`: it requested its dispatch at once. */
    action: z.enum(['created', 'paused', 'resumed', 'run', 'deleted']),
    scheduleId: z.string(),
    name: z.string(),
    cron: z.string(),
    timezone: z.string(),
    /** `owner/name:workflow.yml` */
    target: z.string(),
    operator: z.string(),
    reason: z.string(),
  }),
});
export type ScheduleChanged = z.infer<typeof ScheduleChanged>;

/**
 * Occurrences of a schedule that requested no dispatch, because Dispatcher was down while they were due. The newest one that
 * was due requested one. It has its own correlation id.
 */
export const ScheduleMissed = z.extend(CommonFields, {
  type: z.literal('schedule.missed'),
  runKey: z.optional(z.string()),
  data: z.object({
    scheduleId: z.string(),
    name: z.string(),
    /** Number of occurrences that were missed. */
    count: z.int(),
    firstAt: DateTime,
    lastAt: DateTime,
    /** The occurrence after them, which requested a dispatch. */
    dueAt: DateTime,
  }),
});
export type ScheduleMissed = z.infer<typeof ScheduleMissed>;

/** An operator created, paused, resumed, tested or deleted a webhook, or rotated its secret. It has its own correlation id. */
export const WebhookChanged = z.extend(CommonFields, {
  type: z.literal('webhook.changed'),
  runKey: z.optional(z.string()),
  data: z.object({
    actionId: z.string(),
    action: z.enum(['created', 'paused', 'resumed', 'rotated', 'tested', 'deleted']),
    webhookId: z.string(),
    name: z.string(),
    /** How messages are verified: `stripe`. */
    verify: z.string(),
    /** `owner/name:workflow.yml` */
    target: z.string(),
    operator: z.string(),
    reason: z.string(),
  }),
});
export type WebhookChanged = z.infer<typeof WebhookChanged>;

/** The runs that a bulk replay selects, by their rows in the list of deliveries. Null: not restricted. */
export const BulkReplaySelection = z.object({
  /** The source repository. */
  repository: z.nullable(z.string()),
  outcome: z.nullable(Outcome),
  code: z.nullable(Code),
  since: DateTime,
  until: DateTime,
});
export type BulkReplaySelection = z.infer<typeof BulkReplaySelection>;

/** Modes of a bulk replay. `dispatch-again` is for one route at a time: in bulk it would start workflows twice. */
export const BulkReplayMode = z.enum(['as-recorded', 're-evaluate']);
export type BulkReplayMode = z.infer<typeof BulkReplayMode>;

/** A bulk replay started, was stopped or resumed by an operator, or completed. Its items are `operator.acted`. */
export const BulkReplayChanged = z.extend(CommonFields, {
  type: z.literal('bulk-replay.changed'),
  runKey: z.optional(z.string()),
  data: z.object({
    bulkReplayId: z.string(),
    action: z.enum(['started', 'stopped', 'resumed', 'completed']),
    /** Who caused the change; of `completed`, who started the bulk replay. */
    operator: z.string(),
    reason: z.string(),
    mode: BulkReplayMode,
    selection: BulkReplaySelection,
    /** Number of runs that were selected so far, and of those whose replay was requested. */
    selected: z.int(),
    requested: z.int(),
  }),
});
export type BulkReplayChanged = z.infer<typeof BulkReplayChanged>;

/** The message counts of one queue at one moment. SQS's counts are approximate. */
export const QueueSample = z.object({
  queue: z.string(),
  /** Messages that can be received. */
  waiting: z.int(),
  /** Messages that are received but not deleted. */
  inFlight: z.int(),
  /** Messages that cannot be received yet. */
  delayed: z.int(),
});
export type QueueSample = z.infer<typeof QueueSample>;

/** What a re-evaluation would decide. */
export const ReplayPreview = z.object({
  outcome: Outcome,
  code: Code,
  message: z.string(),
  decisions: z.array(
    z.object({
      routeId: z.string(),
      /** `owner/name:workflow.yml` or `owner/name#event-type`. */
      target: z.string(),
      effect: z.enum(['allow', 'deny']),
      code: Code,
      message: z.string(),
      fix: z.string(),
    }),
  ),
  /** Number of decisions that are left out of the list. */
  omitted: z.int(),
});
export type ReplayPreview = z.infer<typeof ReplayPreview>;

/** An operator replayed a run. Published with the delivery's correlation id, after the facts of the replay. */
export const OperatorActed = z.extend(CommonFields, {
  type: z.literal('operator.acted'),
  runKey: z.string(),
  data: z.object({
    actionId: z.string(),
    action: ReplayMode,
    operator: z.string(),
    reason: z.string(),
    routeId: z.nullable(z.string()),
    /**
     * `unknown-run`: nothing was published, because no plan of the run is stored. `dry-run`: nothing was published, because
     * the operator wanted to see only what would be decided.
     */
    result: z.enum(['published', 'unknown-run', 'dry-run']),
    /** Revision of the plan that was published; null if none was. */
    revision: z.nullable(z.int()),
    /** Of a dry run. */
    preview: z.optional(ReplayPreview),
    /** The bulk replay that this action is an item of. */
    bulkReplayId: z.optional(z.string()),
  }),
});
export type OperatorActed = z.infer<typeof OperatorActed>;

/** GitHub's log of deliveries was checked for failed ones. It has its own correlation id, because it covers many deliveries. */
export const DeliveriesChecked = z.extend(CommonFields, {
  type: z.literal('deliveries.checked'),
  runKey: z.optional(z.string()),
  data: z.object({
    /** All deliveries until this time are checked; the lag is `time` minus this. */
    checkedUntil: DateTime,
    lagMs: z.number(),
    /** False: the check met its limit, and the next one continues there. */
    complete: z.boolean(),
    /** Log entries that were read. Consecutive checks read some entries twice. */
    scanned: z.int(),
    /** Completed workflow runs whose newest attempt failed: the sum of the four below. */
    failed: z.int(),
    /** GUIDs of the deliveries whose redelivery was requested. */
    redelivered: z.array(z.string()),
    /** Failed in the log, but already planned: the response reached GitHub too late. */
    planned: z.int(),
    /** Deliveries that ingress does not store. */
    ignored: z.int(),
    /** The run completed before the start of GitHub's log, or GitHub refused the redelivery. */
    givenUp: z.int(),
  }),
});
export type DeliveriesChecked = z.infer<typeof DeliveriesChecked>;

/**
 * The dispatching.yml of a commit was checked, because a push or a pull request changes it. The result is stored; dispatch
 * writes it to GitHub as a check run on the commit.
 */
export const ConfigChecked = z.extend(CommonFields, {
  type: z.literal('config.checked'),
  runKey: z.optional(z.string()),
  data: z.object({
    repositoryId: z.int(),
    /** `owner/name` as GitHub spells it. */
    repository: z.string(),
    installationId: z.int(),
    sha: z.string(),
    state: ProposedState,
    /** Number of errors, and of what is valid and probably not meant. */
    problems: z.int(),
    warnings: z.int(),
  }),
});
export type ConfigChecked = z.infer<typeof ConfigChecked>;

/** What is wrong with a dispatching.yml, with its place in the file, from 1. */
export const ConfigProblem = z.object({ line: z.int(), column: z.int(), message: z.string(), fix: z.string() });
export type ConfigProblem = z.infer<typeof ConfigProblem>;

/**
 * The state of a repository's dispatching.yml on its default branch. `gone`: the App has no access to the repository any
 * more, because it was deleted, transferred or left out of the installation, or the App was uninstalled.
 */
export const ConfigState = z.enum(['valid', 'invalid', 'ambiguous', 'absent', 'gone']);
export type ConfigState = z.infer<typeof ConfigState>;

/**
 * What a repository says in the dispatching.yml on its default branch. Published when that changes, or the repository's name,
 * owner, visibility or default branch, and not each time that the file is read.
 */
export const ConfigObserved = z.extend(CommonFields, {
  type: z.literal('config.observed'),
  runKey: z.optional(z.string()),
  data: z.object({
    repositoryId: z.int(),
    /** `owner/name`, as GitHub spells it; of a repository that is gone, its last known name. */
    repository: z.string(),
    installationId: z.int(),
    visibility: z.enum(['public', 'private', 'internal']),
    /** False for an archived, disabled or locked repository. */
    isActive: z.boolean(),
    defaultBranch: z.nullable(z.string()),
    state: ConfigState,
    /** The commit of the default branch that was read. */
    commit: z.nullable(z.string()),
    path: z.nullable(z.string()),
    /** The Git blob of the file; null unless there is exactly one. */
    blobId: z.nullable(z.string()),
    /** The first problems of an invalid file; of a valid one, its warnings. */
    problems: z.array(ConfigProblem),
    /**
     * The rules of a valid file, as the file writes them. Null for any other state, and for a file whose rules are too large
     * for a fact.
     */
    rules: z.nullable(z.object({ outbound: z.array(z.unknown()), inbound: z.array(z.unknown()) })),
    /** What read the repository. */
    seenBy: z.enum(['plan', 'hint', 'sweep']),
  }),
});
export type ConfigObserved = z.infer<typeof ConfigObserved>;

/** The schemas of the facts without check trees, by name. Lists and responses contain these facts unabridged. */
export const factsWithoutChecks = {
  RunDelayed,
  DeliveryRepeated,
  DeliveryIgnored,
  DispatchAccepted,
  DispatchFailed,
  DispatchCompleted,
  IssueReported,
  PlanReported,
  MessageDeadLettered,
  OperatorActed,
  DeliveriesChecked,
  DeadLetterActed,
  KeyChanged,
  PauseChanged,
  RepositoryConfirmed,
  BulkReplayChanged,
  ConfigChecked,
  ConfigObserved,
  ScheduleChanged,
  ScheduleMissed,
  WebhookChanged,
} as const;

/** An immutable event on the bus. EventBridge's detail type is the fact's `type`. */
// Marked as pure, so that a bundle that does not use it leaves out the schemas of all facts.
export const Fact = /* @__PURE__ */ (() =>
  z.discriminatedUnion('type', [RunPlanned, RouteDecided, ...Object.values(factsWithoutChecks)]))();
export type Fact = z.infer<typeof Fact>;
export type FactType = Fact['type'];

/**
 * Returns the facts of a stored plan as they are published: without satisfied checks, which the stored plan has. The same
 * plan gives the same facts, byte for byte; `time` is the plan's own.
 */
export function factsOfPlan(plan: Plan, time: string): [RunPlanned, ...RouteDecided[]] {
  const [planned, ...decided] = fullFactsOfPlan(plan, time);
  const { checks, unmatched } = planned.data;
  return [
    { ...planned, data: { ...planned.data, checks: failed(checks), unmatched: unmatched.map(failedOf) } },
    ...decided.map((fact): RouteDecided => {
      const { decision } = fact.data;
      const closest = decision.closest === undefined ? {} : { closest: failedOf(decision.closest) };
      const { needs: _, ...published } = decision;
      const summary: Decision = { ...published, checks: failed(decision.checks), ...closest };
      const trigger = withoutJobInputs(fact.data.trigger);
      return { ...fact, data: { ...fact.data, trigger, decision: summary } };
    }),
  ];
}

const failed = (checks: readonly Check[]): Check[] => checks.filter(({ satisfied }) => !satisfied);
const failedOf = (rule: ClosestRule): ClosestRule => ({ ...rule, checks: failed(rule.checks) });

/** Returns the facts of a stored plan with all checks. They are not published. */
export function fullFactsOfPlan(plan: Plan, time: string): [RunPlanned, ...RouteDecided[]] {
  const { decisions, version: _, runKey: key, ...rest } = plan;
  const shared = { version: 1, time, correlationId: plan.trigger.deliveryId, runKey: key } as const;
  const planned: RunPlanned = {
    ...shared,
    id: factId('run.planned', key, plan.revision),
    type: 'run.planned',
    data: {
      ...rest,
      trigger: withoutPayload(plan.trigger),
      ...countsOf(decisions),
    },
  };
  const decided = decisions.map(
    (decision, index): RouteDecided => ({
      ...shared,
      // The index distinguishes a denied duplicate from the first route, because both have the same route id.
      id: factId('route.decided', key, plan.revision, decision.routeId, index),
      type: 'route.decided',
      data: {
        trigger: plan.trigger,
        revision: plan.revision,
        index,
        decision,
        lineage: decision.needs?.lineage ?? plan.lineage,
      },
    }),
  );
  return [planned, ...decided];
}

/** Lists and timelines contain `run.planned`, and a payload can be a hundred times larger. `route.decided` contains it. */
function withoutJobInputs(trigger: Trigger): Trigger {
  if (trigger.type !== 'job.requested') return trigger;
  const { inputs: _, ...request } = trigger.request;
  return { ...trigger, request };
}

function withoutPayload(trigger: Trigger): Trigger {
  if (trigger.type !== 'dispatch.requested') return withoutJobInputs(trigger);
  if (trigger.request.kind === 'workflow') return trigger;
  const { clientPayload: _, ...request } = trigger.request;
  return { ...trigger, request };
}

/** Returns the fact that this delivery repeats a run that is already planned. */
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

/** Returns the fact that this delivery was ignored. */
export function deliveryIgnored(ignored: RunIgnored): DeliveryIgnored {
  const key = runKey(ignored);
  const { deliveryId, receivedAt, reason, path, repository, run } = ignored;
  return {
    version: 1,
    id: factId('delivery.ignored', key, deliveryId, receivedAt),
    type: 'delivery.ignored',
    time: receivedAt,
    correlationId: deliveryId,
    runKey: key,
    data: {
      reason,
      message: ignoredMessage(ignored),
      path,
      repository: fullName(repository),
      runUrl: run.htmlUrl,
      event: run.event,
      conclusion: run.conclusion,
    },
  };
}
