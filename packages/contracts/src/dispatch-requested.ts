import * as z from 'zod/mini';
import { Responsible, Code } from './codes.ts';
import { type RequesterKind, requesterKinds } from './trigger-kinds.ts';
import { DateTime } from './date-time.ts';

/** GitHub's limit of inputs per `workflow_dispatch`. */
export const maxInputs = 25;
/** GitHub's limit of the length of a `repository_dispatch` event type. */
export const maxEventTypeLength = 100;
/** GitHub's limit of top-level properties of a `client_payload`. */
export const maxPayloadProperties = 10;
/** GitHub rejects a `client_payload` of this size or more. */
export const maxPayloadBytes = 64 * 1024;

/** The body of a `POST /dispatch` that starts a workflow. */
export const StartWorkflowBody = z.strictObject({
  /** `owner/name` */
  repository: z.string(),
  /** A file in `.github/workflows`: `cd.yml`. */
  workflow: z.string(),
  /** A branch or tag. Default: the target's default branch. */
  ref: z.optional(z.string()),
  /** At most 25. */
  inputs: z.optional(z.record(z.string(), z.string())),
});

/** The body of a `POST /dispatch` of a job of a running workflow: one target of an outbound rule with `job`. */
export const RequestAsJobBody = z.strictObject({
  /** `owner/name` */
  repository: z.string(),
  /** A file in `.github/workflows`: `cd.yml`. */
  workflow: z.string(),
  /** The `id` of the outbound target, if it has one. */
  id: z.optional(z.string()),
  /** What the outbound rule uses as `job.inputs.<name>`; at most 25, 65,535 characters in total. */
  inputs: z.optional(z.record(z.string(), z.string())),
});

/** The body of a `POST /dispatch` that sends a `repository_dispatch`, with the field names of GitHub's API. */
export const SendEventBody = z.strictObject({
  /** `owner/name` */
  repository: z.string(),
  /** 1 to 100 characters. */
  event_type: z.string(),
  /** At most 10 properties, less than 64 KB. */
  client_payload: z.optional(z.record(z.string(), z.unknown())),
});

/** 202 Accepted: both sides allow the dispatch, which is carried out asynchronously. */
export const DispatchResponse = z.object({
  success: z.literal(true),
  dispatchId: z.string(),
  runKey: z.string(),
  correlationId: z.string(),
  /** `owner/name:workflow.yml` or `owner/name#event-type`. */
  target: z.string(),
});

/** A problem document (RFC 9457). */
export const DispatchProblem = z.object({
  type: z.literal('about:blank'),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  /** 400 and 422: the invalid field or header: `inputs.sha`, `body`, `Idempotency-Key`. */
  field: z.optional(z.string()),
  /** 403: the code of the decision, as far as the caller may see it. */
  code: z.optional(Code),
  fix: z.optional(z.string()),
  responsible: z.optional(Responsible),
  runKey: z.optional(z.string()),
  dispatchId: z.optional(z.string()),
  correlationId: z.optional(z.string()),
});

/** What is requested, as validated by the dispatch API or when a schedule or webhook was created. */
export const RequestedDispatch = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('workflow'),
    /** `owner/name`, as the caller wrote it. */
    repository: z.string(),
    /** File name below `.github/workflows/`. */
    workflow: z.string(),
    /** A branch or tag; null for the target's default branch. */
    ref: z.nullable(z.string()),
    inputs: z.record(z.string(), z.string()),
  }),
  z.object({
    kind: z.literal('event'),
    repository: z.string(),
    eventType: z.string(),
    /**
     * `client_payload` as JSON text, because only GitHub interprets it and stores must accept any nesting. Null: none.
     * Absent from `run.planned`, which lists contain.
     */
    clientPayload: z.optional(z.nullable(z.string())),
  }),
]);
export type RequestedDispatch = z.infer<typeof RequestedDispatch>;

/** What requested a dispatch: an API key, a schedule or a webhook. */
export const Requester = z.object({
  id: z.string(),
  /** The name that inbound rules of targets refer to. */
  name: z.string(),
  /** The scope at the time of the request: `owner/name`, `owner/name:workflow.yml` or `owner/name#event-type`. */
  targets: z.array(z.string()),
});
export type Requester = z.infer<typeof Requester>;

/**
 * An authenticated and valid request of an API key, a schedule or a webhook: exactly one of the three is present. A
 * request belongs to no repository.
 */
export const DispatchRequested = z
  .object({
    type: z.literal('dispatch.requested'),
    version: z.literal(1),
    /** The correlation id of this request. Never part of a key, because a retry of the request has another one. */
    deliveryId: z.string(),
    receivedAt: DateTime,
    /** 32 hex digits; see `requestId` in `ids.ts`. */
    requestId: z.string(),
    key: z.optional(Requester),
    schedule: z.optional(Requester),
    webhook: z.optional(Requester),
    request: RequestedDispatch,
  })
  .check(
    z.refine((request) => requesterKinds.filter((kind) => request[kind] !== undefined).length === 1, {
      error: `exactly one of ${requesterKinds.join(', ')} must be present`,
    }),
  );
export type DispatchRequested = z.infer<typeof DispatchRequested>;

/** Returns what requested a dispatch, and its kind. */
export function requesterOf(
  request: Pick<DispatchRequested, RequesterKind>,
): Requester & { readonly kind: RequesterKind } {
  for (const kind of requesterKinds) {
    const requester = request[kind];
    if (requester !== undefined) return { kind, ...requester };
  }
  throw new Error('A request names no API key, schedule or webhook, although its schema requires one.');
}
