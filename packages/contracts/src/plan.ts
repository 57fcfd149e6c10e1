import * as z from 'zod/mini';
import { Responsible, Code } from './codes.ts';
import { CommitRun } from './commit-runs.ts';
import { Trigger } from './trigger.ts';
import { DateTime } from './date-time.ts';

/** What a check belongs to: the run, the source, the target, or the operator's guard rails. */
export const Side = z.enum(['run', 'source', 'target', 'operator']);
export type Side = z.infer<typeof Side>;

/** One condition and its result. The effect of a decision is computed from `satisfied` alone. */
export const Check = z.object({
  side: Side,
  /** Kebab-case and stable: `source-branch`, `inbound-ref`. */
  name: z.string(),
  satisfied: z.boolean(),
  expected: z.string(),
  actual: z.string(),
});
export type Check = z.infer<typeof Check>;

/** The commit and path of a file that a decision is based on. */
export const FileReference = z.object({ repository: z.string(), sha: z.string(), path: z.string() });
export type FileReference = z.infer<typeof FileReference>;

export const WorkflowReference = z.object({ repository: z.string(), workflow: z.string() });
export type WorkflowReference = z.infer<typeof WorkflowReference>;

/** The jobs of a workflow, which request dispatches while the workflow runs. */
export const JobReference = z.object({ repository: z.string(), job: z.string() });
export type JobReference = z.infer<typeof JobReference>;

/** An API key that sent a `POST /dispatch`, by its name. */
export const KeyReference = z.object({ key: z.string() });
export type KeyReference = z.infer<typeof KeyReference>;

/** A schedule, by its name. */
export const ScheduleReference = z.object({ schedule: z.string() });
export type ScheduleReference = z.infer<typeof ScheduleReference>;

/** A webhook of a third party, by its name. */
export const WebhookReference = z.object({ webhook: z.string() });
export type WebhookReference = z.infer<typeof WebhookReference>;

export const RouteSource = z.union([
  WorkflowReference,
  JobReference,
  KeyReference,
  ScheduleReference,
  WebhookReference,
]);
export type RouteSource = z.infer<typeof RouteSource>;

/** A `repository_dispatch` with this event type in this repository. */
export const EventReference = z.object({ repository: z.string(), eventType: z.string() });
export type EventReference = z.infer<typeof EventReference>;

/** From a workflow or its jobs to a workflow; from a key, schedule or webhook to a workflow or an event type. */
export const Route = z.object({
  source: RouteSource,
  target: z.union([WorkflowReference, EventReference]),
  id: z.optional(z.string()),
});
export type Route = z.infer<typeof Route>;

/** If no rule matched: the rule that failed the fewest checks, and these checks. */
export const ClosestRule = z.object({
  /** `inbound[0].targets[1]`, as written in the file. */
  rule: z.string(),
  checks: z.array(Check),
});
export type ClosestRule = z.infer<typeof ClosestRule>;

export const Decision = z.object({
  effect: z.enum(['allow', 'deny']),
  code: Code,
  message: z.string(),
  fix: z.string(),
  responsible: Responsible,
  checks: z.array(Check),
  routeId: z.string(),
  route: Route,
  dispatchId: z.string(),
  /** `outbound[0].targets[1]` of the source's file; for a request of a key, schedule or webhook, `targets[1]` of its scope. */
  rule: z.string(),
  /** The pattern of the outbound rule that the target matches. Absent if the rule names the target. */
  pattern: z.optional(z.string()),
  closest: z.optional(ClosestRule),
  /** Absent for a request of a key, schedule or webhook: its scope takes the place of the file. */
  sourceFile: z.optional(FileReference),
  /** Absent if the target has no file, or its file could not be read. */
  targetFile: z.optional(FileReference),
  /** What the dispatch needs to know about the target. Absent if the repository could not be read; then the effect is deny. */
  target: z.optional(
    z.object({
      repositoryId: z.int(),
      installationId: z.int(),
      visibility: z.enum(['public', 'private', 'internal']),
    }),
  ),
  /**
   * Branch or tag name; null if it could not be determined, and then the effect is deny. A `repository_dispatch` always
   * runs on the default branch.
   */
  ref: z.nullable(z.string()),
  inputs: z.record(z.string(), z.string()),
  /** The outbound rule asks for a check run of this name on the source's commit, shown as `Dispatcher / NAME`. */
  check: z.optional(z.string()),
  /** The inbound rule hides the started run, its conclusion and its times from the source. */
  report: z.optional(z.literal('none')),
  /** Of a rule with `needs`: the run of each workflow, in the order of the rule, and the longest of their lineages. */
  needs: z.optional(
    z.object({
      runs: z.array(CommitRun),
      lineage: z.object({ depth: z.int(), path: z.array(WorkflowReference) }),
    }),
  ),
  /** Checks of a policy with `enforcement: evaluate` that fail. They change nothing: the policy would refuse the dispatch. */
  wouldRefuse: z.optional(z.array(Check)),
});
export type Decision = z.infer<typeof Decision>;

/** Returns whether a denied decision is a dry run: everything allows it, and it would have been started. */
export function isDryRun({ code }: Pick<Decision, 'code'>): boolean {
  return code === 'dry-run';
}

/**
 * Returns whether a denied decision leaves the start to another run of the commit: to one that has not completed yet, or to
 * one that has started the target already. It says nothing about whether the route works.
 */
export function isLeftToAnotherRun({ code }: { readonly code: string }): boolean {
  return code === 'waiting-for-needs' || code === 'already-dispatched';
}

/** Counts the decisions of a plan. Dry runs and what is left to another run are parts of `denied`, and absent if there are none. */
export function countsOf(decisions: readonly Pick<Decision, 'effect' | 'code'>[]) {
  const denied = decisions.filter(({ effect }) => effect === 'deny');
  const dryRun = denied.filter(isDryRun).length;
  const leftToAnotherRun = denied.filter(isLeftToAnotherRun).length;
  return {
    allowed: decisions.length - denied.length,
    denied: denied.length,
    ...(dryRun === 0 ? {} : { dryRun }),
    ...(leftToAnotherRun === 0 ? {} : { leftToAnotherRun }),
  };
}

export const Outcome = z.enum([
  'no-config',
  'config-invalid',
  'config-unreadable',
  'source-refused',
  'no-match',
  'planned',
  'paused',
  'plan-too-large',
]);
export type Outcome = z.infer<typeof Outcome>;

/** What the patterns of the matching rules mean, by the consent index. */
export const PlanCandidates = z.object({
  /** How many repositories were decided because of a pattern. */
  count: z.int(),
  /** When the index listed them; null if it lists none for this source. */
  listedAt: z.nullable(DateTime),
  /** False if there are more repositories than the index lists. */
  isComplete: z.boolean(),
});

/** The result of planning one trigger. The outcome `planned` means that routes matched, not that any is allowed. */
export const Plan = z.object({
  version: z.literal(1),
  runKey: z.string(),
  /** 0, raised by each replay that decides again. */
  revision: z.int(),
  /** The run or the request that the plan is made for. */
  trigger: Trigger,
  outcome: Outcome,
  code: Code,
  message: z.string(),
  fix: z.string(),
  responsible: Responsible,
  /** Checks of the run as a whole: fork, age, guard rails, the source's file. */
  checks: z.array(Check),
  sourceFile: z.optional(FileReference),
  /** Outbound rules whose conditions do not match this run, with the failed checks; at most 50. */
  unmatched: z.array(ClosestRule),
  decisions: z.array(Decision),
  lineage: z.object({ depth: z.int(), path: z.array(WorkflowReference) }),
  /** Absent if no matching rule has a pattern. */
  candidates: z.optional(PlanCandidates),
  /** Set if the plan is valid and an earlier plan of the repository had a problem, whose issue dispatch then closes. */
  endsProblem: z.optional(z.literal(true)),
});
export type Plan = z.infer<typeof Plan>;

/** The codes of plans that concern a repository or workflow as a whole, and not one run or route. */
export const planProblemCodes = [
  'config-ambiguous',
  'config-invalid',
  'config-unreadable',
  'plan-too-large',
] as const satisfies readonly Code[];

/** Returns whether the plan has a problem that the tracking issue of its repository reports. */
export function hasPlanProblem({ code }: Pick<Plan, 'code'>): boolean {
  return planProblemCodes.some((problem) => problem === code);
}

/** Returns whether the plan shows that the source's file could be read and used. A refused run shows neither. */
export function isValidPlan({ outcome }: Pick<Plan, 'outcome'>): boolean {
  return outcome === 'planned' || outcome === 'no-match' || outcome === 'no-config';
}
