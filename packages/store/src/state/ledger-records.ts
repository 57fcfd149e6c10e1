import { Code, Route, WorkflowReference } from '@dispatcher/contracts';
import * as z from 'zod/mini';

/** What is about to be started, with all that its facts, its lineage and its issue say. */
export const Intent = z.object({
  dispatchId: z.string(),
  /** Of the plan that allowed it: a later revision may send again what GitHub refused before. */
  revision: z.int(),
  runKey: z.string(),
  correlationId: z.string(),
  routeId: z.string(),
  route: Route,
  target: z.object({ repositoryId: z.int(), installationId: z.int() }),
  ref: z.string(),
  inputs: z.record(z.string(), z.string()),
  /** Null where a key asked. */
  sourceRunUrl: z.nullable(z.string()),
  /** `updatedAt` of the source's run, or when a key asked: the latency is measured from here. */
  sourceEndedAt: z.iso.datetime(),
  /**
   * The way to the run that this dispatch starts: its own workflow is the last of the path, an event type is not in it.
   */
  lineage: z.object({ depth: z.int(), path: z.array(WorkflowReference) }),
});
export type Intent = z.infer<typeof Intent>;

const begun = { ...Intent.shape, intendedAt: z.iso.datetime() };

export const UnfinishedDispatch = z.object({ ...begun, state: z.literal('intent') });
export type UnfinishedDispatch = z.infer<typeof UnfinishedDispatch>;

export const FinishedDispatch = z.discriminatedUnion('state', [
  /** GitHub started this run. */
  z.object({
    ...begun,
    state: z.literal('accepted'),
    workflowRunId: z.int(),
    htmlUrl: z.string(),
    acceptedAt: z.iso.datetime(),
  }),
  /**
   * GitHub said that it started a run, and did not show it within the window; or took an event, of which it shows no
   * run. Never sent again.
   */
  z.object({
    ...begun,
    state: z.literal('accepted-unverified'),
    acceptedAt: z.iso.datetime(),
    /** Where it is not known whether GitHub took the event. */
    code: z.optional(z.literal('response-lost')),
  }),
  z.object({
    ...begun,
    state: z.literal('failed'),
    code: Code,
    /** GitHub's own sentence where it gave one. */
    message: z.string(),
    /** HTTP status of GitHub's answer; null where there was none. */
    status: z.nullable(z.int()),
    failedAt: z.iso.datetime(),
  }),
]);
export type FinishedDispatch = z.infer<typeof FinishedDispatch>;

export const DispatchRecord = z.union([UnfinishedDispatch, FinishedDispatch]);
export type DispatchRecord = z.infer<typeof DispatchRecord>;

/**
 * Who may start the target's workflow on that ref: one dispatch at a time. It stands as long as its dispatch is an
 * intent, because both are written together.
 */
export const Slot = z.object({
  pk: z.string(),
  dispatchId: z.string(),
  /** The worker that began it. Whoever settles a slot it did not begin names the holder it saw. */
  holder: z.string(),
  /** Milliseconds since the epoch, as all times of a slot. The holder sends nothing whose answer could come later. */
  leaseUntil: z.number(),
  begunAt: z.number(),
  /** When GitHub said that it started a run without saying which; null where it has not. */
  startedAt: z.nullable(z.number()),
});
export type Slot = z.infer<typeof Slot>;

/** What stands in the way of an intent: its own record, and the slot of its target. */
export interface Standing {
  readonly dispatch: DispatchRecord | null;
  readonly slot: Slot | null;
}

/** The run that GitHub started for a dispatch. */
export interface Acceptance {
  readonly workflowRunId: number;
  readonly htmlUrl: string;
  readonly acceptedAt: string;
}

export interface Refusal {
  readonly code: Code;
  readonly message: string;
  readonly status: number | null;
}
