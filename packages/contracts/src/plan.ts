import * as z from 'zod/mini';
import { Responsible, Code } from './codes.ts';
import { Trigger } from './trigger.ts';

/** Who a check belongs to: the run itself, one side's file, the operator's guard rails, or GitHub's own conditions. */
export const Side = z.enum(['run', 'source', 'target', 'operator']);
export type Side = z.infer<typeof Side>;

/** One condition and what was found. `satisfied` is the only thing an effect is computed from. */
export const Check = z.object({
  side: Side,
  /** Kebab-case and stable: `source-branch`, `inbound-ref`. */
  name: z.string(),
  satisfied: z.boolean(),
  expected: z.string(),
  actual: z.string(),
});
export type Check = z.infer<typeof Check>;

/** `repository@sha:path` of a file that was decided on. */
export const FileReference = z.object({ repository: z.string(), sha: z.string(), path: z.string() });
export type FileReference = z.infer<typeof FileReference>;

export const WorkflowReference = z.object({ repository: z.string(), workflow: z.string() });
export type WorkflowReference = z.infer<typeof WorkflowReference>;

/** An API key that asked at `POST /dispatch`, by its name. */
export const KeyReference = z.object({ key: z.string() });
export type KeyReference = z.infer<typeof KeyReference>;

/** A `repository_dispatch` of that type in that repository. */
export const EventReference = z.object({ repository: z.string(), eventType: z.string() });
export type EventReference = z.infer<typeof EventReference>;

/** From a workflow to a workflow; from a key to a workflow or an event type. */
export const Route = z.object({
  source: z.union([WorkflowReference, KeyReference]),
  target: z.union([WorkflowReference, EventReference]),
  id: z.optional(z.string()),
});
export type Route = z.infer<typeof Route>;

/** What was found instead, where no rule matched: the rule that came closest, and the checks it failed. */
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
  /** `outbound[0].targets[1]` of the source's file; where a key asked, `targets[1]` of its scope. */
  rule: z.string(),
  closest: z.optional(ClosestRule),
  /** Absent where a key asked: its scope stands for the file. */
  sourceFile: z.optional(FileReference),
  /** Absent where the target has no file, or none that could be read. */
  targetFile: z.optional(FileReference),
  /**
   * What the dispatch needs; `target` is absent where the repository could not be read, and then the effect is deny.
   */
  target: z.optional(
    z.object({
      repositoryId: z.int(),
      installationId: z.int(),
      visibility: z.enum(['public', 'private', 'internal']),
    }),
  ),
  /**
   * Branch or tag name; null where it could not be determined, and then the effect is deny. An event type always runs
   * on the default branch.
   */
  ref: z.nullable(z.string()),
  inputs: z.record(z.string(), z.string()),
});
export type Decision = z.infer<typeof Decision>;

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

/** What planning concluded for one run. `planned` says that routes matched, not that any was allowed. */
export const Plan = z.object({
  version: z.literal(1),
  runKey: z.string(),
  /** Raised by an operator's *decide again*. */
  revision: z.int(),
  /** What the plan is about: a run, or a key's request. */
  trigger: Trigger,
  outcome: Outcome,
  code: Code,
  message: z.string(),
  fix: z.string(),
  responsible: Responsible,
  /** Checks of the run as a whole: forks, age, guard rails, the source's file. */
  checks: z.array(Check),
  sourceFile: z.optional(FileReference),
  /** Outbound rules left out because their conditions do not fit this run, with the checks they failed; at most 50. */
  unmatched: z.array(ClosestRule),
  decisions: z.array(Decision),
  lineage: z.object({ depth: z.int(), path: z.array(WorkflowReference) }),
});
export type Plan = z.infer<typeof Plan>;
