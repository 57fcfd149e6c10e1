import { Code, Route, WorkflowReference, DateTime } from '@dispatcher/contracts';
import * as z from 'zod/mini';
import type { Item } from '../batch-get.ts';
import { decodePlan, encodePlan } from '../plans/plan-encoding.ts';

/** What the facts, the lineage and the issue of a dispatch report. A record has it deflated, in one attribute. */
const Details = z.object({
  correlationId: z.string(),
  routeId: z.string(),
  route: Route,
  target: z.object({ repositoryId: z.int(), installationId: z.int() }),
  ref: z.string(),
  /** Null for a request by an API key. */
  sourceRunUrl: z.nullable(z.string()),
  /** `updatedAt` of the source's run, or the time of the API key's request: the start of the latency measurement. */
  sourceEndedAt: DateTime,
  /**
   * Lineage of the run that this dispatch starts. The path ends with its own workflow; an event type is not part of it.
   */
  lineage: z.object({ depth: z.int(), path: z.array(WorkflowReference) }),
});

const DispatchShape = z.object({
  dispatchId: z.string(),
  /** Revision of the plan that allowed it. A later revision may retry a dispatch that GitHub refused. */
  revision: z.int(),
  runKey: z.string(),
  ...Details.shape,
});

/** A dispatch about to be started. */
export type Intent = z.infer<typeof DispatchShape> & {
  /** Sent with the POST, and not stored: a dispatch that is sent again is read from its plan again. */
  readonly inputs: Readonly<Record<string, string>>;
};

const begun = { ...DispatchShape.shape, intendedAt: DateTime };

export const UnfinishedDispatch = z.object({ ...begun, state: z.literal('intent') });
export type UnfinishedDispatch = z.infer<typeof UnfinishedDispatch>;

export const FinishedDispatch = z.discriminatedUnion('state', [
  /** GitHub started this run. */
  z.object({
    ...begun,
    state: z.literal('accepted'),
    workflowRunId: z.int(),
    htmlUrl: z.string(),
    acceptedAt: DateTime,
  }),
  /**
   * GitHub reported that it started a run but did not list it within the window, or accepted an event, for which it lists
   * no run. Never sent again.
   */
  z.object({
    ...begun,
    state: z.literal('accepted-unverified'),
    acceptedAt: DateTime,
    /** Set if it is unknown whether GitHub accepted the event. */
    code: z.optional(z.literal('response-lost')),
  }),
  z.object({
    ...begun,
    state: z.literal('failed'),
    code: Code,
    /** GitHub's error message if it sent one, or why the decision no longer holds. */
    message: z.string(),
    /** HTTP status of GitHub's response; null without a response. */
    status: z.nullable(z.int()),
    /** What the source may see, if Dispatcher refused the dispatch before a POST. Absent: code and message. */
    sourceView: z.optional(z.object({ code: Code, message: z.string() })),
    failedAt: DateTime,
  }),
]);
export type FinishedDispatch = z.infer<typeof FinishedDispatch>;

export const DispatchRecord = z.union([UnfinishedDispatch, FinishedDispatch]);
export type DispatchRecord = z.infer<typeof DispatchRecord>;

/** Returns the attributes of the record of a dispatch: its details deflated, so that it costs one write unit. */
export function storedDispatch(record: Intent & Item): Item {
  const others = Object.entries(record).filter(([name]) => name !== 'inputs' && !(name in Details.shape));
  return { ...Object.fromEntries(others), details: encodePlan(JSON.stringify(z.parse(Details, record))) };
}

const StoredDispatch = z.looseObject({ details: z.instanceof(Uint8Array) });

/** Returns the record that is stored in these attributes. @throws ZodError if they do not match the schema */
export function parseDispatch(item: Item): DispatchRecord {
  const { details, ...rest } = z.parse(StoredDispatch, item);
  return z.parse(DispatchRecord, { ...JSON.parse(decodePlan(details)), ...rest });
}

/**
 * Reserves the target's workflow and ref for one dispatch at a time. A slot exists exactly as long as its dispatch is an
 * intent, because both are written in one transaction.
 */
export const Slot = z.object({
  pk: z.string(),
  dispatchId: z.string(),
  /** The worker that acquired the slot. A worker that settles another worker's slot must name the holder that it read. */
  holder: z.string(),
  /** Milliseconds since the epoch, like all times of a slot. The holder sends no request that could end later. */
  leaseUntil: z.number(),
  begunAt: z.number(),
  /** When GitHub reported that it started a run without naming it; null if it did not. */
  startedAt: z.nullable(z.number()),
});
export type Slot = z.infer<typeof Slot>;

/** State of a dispatch before it begins: its own record, and the slot of its target. */
export interface LedgerState {
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
  /** HTTP status of GitHub's response; null if Dispatcher refused the dispatch itself. */
  readonly status: number | null;
  readonly sourceView?: { readonly code: Code; readonly message: string };
}
