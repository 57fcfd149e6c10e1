import * as z from 'zod/mini';
import { Responsible, Code } from './codes.ts';

/** GitHub takes no more inputs than this with one dispatch. */
export const maxInputs = 25;
/** GitHub takes no longer type of a `repository_dispatch`. */
export const maxEventTypeLength = 100;
/** GitHub takes no more properties at the top of a `client_payload`, and none that is this large. */
export const maxPayloadProperties = 10;
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

/** The body of a `POST /dispatch` that sends a `repository_dispatch`, in GitHub's own words. */
export const SendEventBody = z.strictObject({
  /** `owner/name` */
  repository: z.string(),
  /** 1 to 100 characters. */
  event_type: z.string(),
  /** At most 10 properties, less than 64 KB. */
  client_payload: z.optional(z.record(z.string(), z.unknown())),
});

/** 202: both sides agree, and the dispatch follows. */
export const DispatchResponse = z.object({
  success: z.literal(true),
  dispatchId: z.string(),
  runKey: z.string(),
  correlationId: z.string(),
  /** `owner/name:workflow.yml` or `owner/name#event-type`. */
  target: z.string(),
});

/** RFC 9457; beside the status only what there is to say. */
export const DispatchProblem = z.object({
  type: z.literal('about:blank'),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  /** 400 and 422: what is wrong: `inputs.sha`, `body`, `Idempotency-Key`. */
  field: z.optional(z.string()),
  /** 403: as the decision says, and as the caller may see it. */
  code: z.optional(Code),
  fix: z.optional(z.string()),
  responsible: z.optional(Responsible),
  runKey: z.optional(z.string()),
  dispatchId: z.optional(z.string()),
  correlationId: z.optional(z.string()),
});

/** What a key asks for, as it was checked at the door. */
export const RequestedDispatch = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('workflow'),
    /** `owner/name`, as the caller wrote it. */
    repository: z.string(),
    /** File name below `.github/workflows/`. */
    workflow: z.string(),
    /** A branch or tag; null asks for the target's default branch. */
    ref: z.nullable(z.string()),
    inputs: z.record(z.string(), z.string()),
  }),
  z.object({
    kind: z.literal('event'),
    repository: z.string(),
    eventType: z.string(),
    /**
     * `client_payload` as JSON text: what is nested in it is nobody's business before GitHub's, and a database must not
     * trip over it. Null: none. Absent from `run.planned`, which lists are made of.
     */
    clientPayload: z.optional(z.nullable(z.string())),
  }),
]);
export type RequestedDispatch = z.infer<typeof RequestedDispatch>;

/** An accepted `POST /dispatch`: the other thing beside a completed run that a plan can be about. */
export const DispatchRequested = z.object({
  type: z.literal('dispatch.requested'),
  version: z.literal(1),
  /** The correlation id of this request, made at the door. Never part of a key: a repeat of the request has another. */
  deliveryId: z.string(),
  receivedAt: z.iso.datetime(),
  /** 32 hex digits: see `requestId` of ids.ts. */
  requestId: z.string(),
  key: z.object({
    id: z.string(),
    /** The source that a target's inbound rule names. */
    name: z.string(),
    /** The key's scope as it was at that moment: `owner/name`, `owner/name:workflow.yml` or `owner/name#event-type`. */
    targets: z.array(z.string()),
  }),
  request: RequestedDispatch,
});
export type DispatchRequested = z.infer<typeof DispatchRequested>;
