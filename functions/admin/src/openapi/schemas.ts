import {
  Responsible,
  RequestedDispatch,
  Check,
  ClosestRule,
  Code,
  DeadLetterReason,
  Decision,
  DispatchResponse,
  DispatchProblem,
  DispatchRequested,
  EventReference,
  Fact,
  FileReference,
  KeyReference,
  Trigger,
  Outcome,
  QueueSample,
  Route,
  RouteDecided,
  RunCompleted,
  RunPlanned,
  SendEventBody,
  StartWorkflowBody,
  factsWithoutChecks,
  WorkflowReference,
} from '@dispatcher/contracts';
import {
  AuditRow,
  FactSummary,
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
  Summary,
  Trend,
} from '@dispatcher/store';
import * as z from 'zod';
import * as answers from '../resources/responses.ts';
import { ProblemDocument } from '../http/problem.ts';

/** A JSON Schema of the 2020-12 dialect, which is OpenAPI 3.1's. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** What keeps its name in the document. Named one by one, because a bundle would keep all that a package exports. */
const named: Readonly<Record<string, z.core.$ZodType>> = {
  ...answers,
  Problem: ProblemDocument,
  // What answers are made of.
  AuditRow,
  FactSummary,
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
  Summary,
  Trend,
  // Facts, and what they are made of.
  Fact,
  RunPlanned,
  RouteDecided,
  ...factsWithoutChecks,
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
  KeyReference,
  Trigger,
  Outcome,
  QueueSample,
  Route,
  RunCompleted,
  WorkflowReference,
  // POST /dispatch.
  DispatchResponse,
  DispatchProblem,
  SendEventBody,
  StartWorkflowBody,
};

export interface Schemas {
  /** A reference to the schema, which becomes a component of the document under this name if it has none. */
  reference(schema: z.core.$ZodType, name: string): JsonSchema;
  /** Where all references are taken. */
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

/** Inside a document a schema is known by its place. */
function withoutIdentity(schema: JsonSchema = {}): JsonSchema {
  return Object.fromEntries(Object.entries(schema).filter(([name]) => name !== '$schema' && name !== '$id'));
}

/** The parts of a query or of a path: what OpenAPI lists one by one. */
export function propertiesOf(schema: z.core.$ZodType) {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: 'input', override: tidy });
  return Object.entries(properties).map(([name, property]) => ({
    name,
    required: required.includes(name),
    schema: property as JsonSchema & { readonly description?: string },
  }));
}

// What zod adds for validators that know no formats and no integers; readers would only stumble over it.
function tidy({ jsonSchema }: { readonly jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  if (jsonSchema.format === 'date-time') delete jsonSchema.pattern;
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
}
