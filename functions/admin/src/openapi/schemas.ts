import {
  BulkReplaySelection,
  Responsible,
  RequestedDispatch,
  Check,
  ClosestRule,
  Code,
  ConfigProblem,
  ConsentEdge,
  DeadLetterReason,
  Decision,
  DispatchResponse,
  DispatchProblem,
  DispatchRequested,
  EventReference,
  FileReference,
  GraphOwner,
  GraphRepository,
  JobReference,
  JobRequested,
  KeyReference,
  Trigger,
  Outcome,
  QueueSample,
  Route,
  RouteDecided,
  RunCompleted,
  RunPlanned,
  RequestAsJobBody,
  SendEventBody,
  StartWorkflowBody,
  ScheduleReference,
  WebhookReference,
  WorkflowReference,
} from '@dispatcher/contracts';
import {
  AuditRow,
  BulkReplay,
  FactLine,
  RecordedFact,
  recordedFacts,
  HistoryFact,
  RunRevision,
  DeadLetter,
  DeadLetterSummary,
  DeliveryRow,
  DispatchRow,
  RunSearchResult,
  InboundUse,
  Installation,
  Latency,
  Queues,
  Repository,
  RepositoryRow,
  RouteProjection,
  RouteResult,
  RouteRow,
  SelectedRun,
  Status,
  StatusCheck,
  Summary,
  SweepProgress,
  Trend,
} from '@dispatcher/store';
import * as z from 'zod';
import * as responses from '../resources/responses.ts';
import { ProblemDocument } from '../http/problem.ts';
import {
  DeadLetterActionResponse,
  DiscardRequest,
  InspectRequest,
  InspectResponse,
  RedriveRequest,
} from '../resources/dead-letter-actions.ts';
import { ConfirmRepositoryRequest, ConfirmRepositoryResponse } from '../resources/confirm-repository.ts';
import {
  BulkReplayChangedResponse,
  BulkReplayChangeRequest,
  BulkReplayItemsResponse,
  BulkReplayPreview,
  BulkReplayRequest,
  BulkReplayResponse,
  BulkReplaysResponse,
  BulkReplayStartResponse,
} from '../resources/bulk-replays.ts';
import { PauseChangeResponse, PauseRequest, PauseResponse } from '../resources/pause.ts';
import {
  ApiKey,
  ApiKeysResponse,
  CreatedKeyResponse,
  CreateKeyRequest,
  RevokedKeyResponse,
  RevokeKeyRequest,
} from '../resources/api-key-changes.ts';
import { ReplayRequest, ReplayResponse } from '../resources/replay.ts';
import {
  CreateScheduleRequest,
  ScheduleChangeRequest,
  ScheduleChangeResponse,
  ScheduleDeletedResponse,
  ScheduleResponse,
  ScheduleRunResponse,
  SchedulesResponse,
} from '../resources/schedules.ts';
import {
  CreateWebhookRequest,
  RotateSecretRequest,
  TestWebhookRequest,
  WebhookChangeRequest,
  WebhookChangeResponse,
  WebhookDeletedResponse,
  WebhookResponse,
  WebhookSecretResponse,
  WebhooksResponse,
  WebhookTestResponse,
} from '../resources/webhooks.ts';
import { DispatchApiRequest } from './external-routes.ts';

/** A JSON Schema in the 2020-12 dialect, as in OpenAPI 3.1. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** The stored forms of facts, beside the published forms of plans and decisions. */
const recorded = Object.fromEntries(Object.entries(recordedFacts).map(([name, schema]) => [`Recorded${name}`, schema]));

/** The named schemas of the document. Listed one by one: `import *` of a package would add all its exports to the bundle. */
const named: Readonly<Record<string, z.core.$ZodType>> = {
  ...responses,
  ApiKeysResponse,
  CreatedKeyResponse,
  RevokedKeyResponse,
  BulkReplayChangedResponse,
  BulkReplayItemsResponse,
  BulkReplayPreview,
  BulkReplayResponse,
  BulkReplaysResponse,
  BulkReplayStartResponse,
  DeadLetterActionResponse,
  DeadLetterSummaryResponse: DeadLetterSummary,
  InspectResponse,
  ConfirmRepositoryResponse,
  PauseChangeResponse,
  PauseResponse,
  QueuesResponse: Queues,
  ReplayResponse,
  ScheduleChangeResponse,
  ScheduleDeletedResponse,
  ScheduleRunResponse,
  SchedulesResponse,
  WebhookChangeResponse,
  WebhookDeletedResponse,
  WebhookSecretResponse,
  WebhooksResponse,
  WebhookTestResponse,
  GraphRepositoryResponse: GraphRepository,
  RepositoryResponse: Repository,
  RouteResponse: RouteProjection,
  StatusResponse: Status,
  SummaryResponse: Summary,
  TrendResponse: Trend,
  // Request bodies.
  CreateKeyRequest,
  RevokeKeyRequest,
  BulkReplayChangeRequest,
  BulkReplayRequest,
  DiscardRequest,
  InspectRequest,
  ConfirmRepositoryRequest,
  PauseRequest,
  RedriveRequest,
  ReplayRequest,
  CreateScheduleRequest,
  ScheduleChangeRequest,
  CreateWebhookRequest,
  RotateSecretRequest,
  TestWebhookRequest,
  WebhookChangeRequest,
  Problem: ProblemDocument,
  // Parts of responses.
  ApiKey,
  AuditRow,
  BulkReplay,
  BulkReplaySelection,
  SelectedRun,
  RecordedFact,
  FactLine,
  DeadLetter,
  DeliveryRow,
  DispatchRow,
  RunSearchResult,
  InboundUse,
  Installation,
  Latency,
  RepositoryRow,
  RouteResult,
  RouteRow,
  RunRevision,
  HistoryFact,
  Schedule: ScheduleResponse,
  Webhook: WebhookResponse,
  StatusCheck,
  SweepProgress,
  GraphOwner,
  ConsentEdge,
  ConfigProblem,
  // Facts and their parts.
  RunPlanned,
  RouteDecided,
  ...recorded,
  Responsible,
  RequestedDispatch,
  Check,
  ClosestRule,
  Code,
  DeadLetterReason,
  Decision,
  DispatchRequested,
  EventReference,
  FileReference,
  JobReference,
  JobRequested,
  KeyReference,
  Trigger,
  Outcome,
  QueueSample,
  Route,
  RunCompleted,
  ScheduleReference,
  WebhookReference,
  WorkflowReference,
  // POST /dispatch.
  DispatchApiRequest,
  DispatchResponse,
  DispatchProblem,
  RequestAsJobBody,
  SendEventBody,
  StartWorkflowBody,
};

export interface Schemas {
  /** Returns a reference to the schema. If it has no name yet, it becomes a component under this one. */
  reference(schema: z.core.$ZodType, name: string): JsonSchema;
  /** Returns the components, once all references were created. */
  components(): Readonly<Record<string, JsonSchema>>;
}

const uri = (name: string): string => `#/components/schemas/${name}`;

export function createSchemas(): Schemas {
  const registry = z.registry<{ id: string }>();
  const name = (schema: z.core.$ZodType, id: string): string => {
    const known = registry.get(schema)?.id;
    if (known === undefined) registry.add(schema, { id });
    return known ?? id;
  };
  for (const [id, schema] of Object.entries(named)) name(schema, id);
  return {
    reference: (schema, id) => ({ $ref: uri(name(schema, id)) }),
    components: () => {
      const { schemas } = z.toJSONSchema(registry, { uri, io: 'input', override: tidy });
      const names = Object.keys(schemas).sort();
      return Object.fromEntries(names.map((id) => [id, withoutIdentity(schemas[id])]));
    },
  };
}

/** Removes `$id` and `$schema`: inside a document a schema is identified by its path. */
function withoutIdentity(schema: JsonSchema = {}): JsonSchema {
  return Object.fromEntries(Object.entries(schema).filter(([name]) => name !== '$schema' && name !== '$id'));
}

/** Returns the properties of a query or path schema: OpenAPI lists them one by one. */
export function propertiesOf(schema: z.core.$ZodType) {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: 'input', override: tidy });
  return Object.entries(properties).map(([name, property]) => ({
    name,
    required: required.includes(name),
    schema: property as JsonSchema & { readonly description?: string },
  }));
}

// Removes what zod adds for validators without formats and integers: it is noise for readers.
function tidy({ jsonSchema }: { readonly jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  if (jsonSchema.format === 'date-time') delete jsonSchema.pattern;
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
}
