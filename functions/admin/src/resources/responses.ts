import { GraphOwner, GraphRepository, RouteDecided, RunPlanned } from '@dispatcher/contracts';
import {
  AuditRow,
  DeadLetter,
  DeliveryRow,
  DispatchRow,
  FactLine,
  InboundUse,
  Installation,
  PlanFile,
  RepositoryRow,
  RouteRow,
  RunRevision,
  RunSearchResult,
  SweepProgress,
} from '@dispatcher/store';
import * as z from 'zod';

// The envelopes of the GET responses; the items inside are returned as they are stored.

const cursor = z.string().nullable().describe('Pass it as `cursor` to get the next page; null on the last page.');
const lines = z.array(FactLine).readonly();

export const HealthResponse = z.object({
  status: z.literal('ok'),
  version: z.string(),
  imageDigest: z.string().nullable().describe('The digest of the running image; null if it is not known.'),
  startedAt: z.iso.datetime().describe('When the process started that sent this response.'),
  authentication: z.enum(['disabled', 'basic', 'github', 'oidc']),
});

export const FactsResponse = z.object({ facts: lines, cursor });
export const DeliveriesResponse = z.object({ deliveries: z.array(DeliveryRow).readonly(), cursor });
export const DeliveryResponse = z.object({ id: z.string(), facts: lines, cursor });
export const PlanResponse = z.object({
  runKey: z.string(),
  facts: z
    .array(z.discriminatedUnion('type', [RunPlanned, RouteDecided]))
    .readonly()
    .describe('`run.planned` and its decisions in the order of the plan, with all their checks.'),
  files: z
    .array(PlanFile)
    .readonly()
    .describe('The files that the plans were decided on. GET /api/files/{blobId} returns their content.'),
  cursor,
});
export const RunResponse = z.object({
  runKey: z.string(),
  revisions: z
    .array(RunRevision)
    .readonly()
    .describe('Newest first. The history of a run with more than about a thousand facts continues on the next page.'),
  cursor,
});
export const RunsResponse = z.object({ runs: z.array(RunSearchResult).readonly(), cursor });
export const DispatchesResponse = z.object({ dispatches: z.array(DispatchRow).readonly(), cursor });
export const DispatchFactsResponse = z.object({ dispatchId: z.string(), facts: lines, cursor });
export const RepositoriesResponse = z.object({ repositories: z.array(RepositoryRow).readonly(), cursor });
export const RepositoryFactsResponse = z.object({ repository: z.string(), facts: lines, cursor });
export const InboundResponse = z.object({ repository: z.string(), uses: z.array(InboundUse).readonly(), cursor });
export const RoutesResponse = z.object({ routes: z.array(RouteRow).readonly(), cursor });
export const RouteFactsResponse = z.object({ routeId: z.string(), facts: lines, cursor });
export const GraphOwnersResponse = z.object({ owners: z.array(GraphOwner).readonly(), cursor });
export const GraphResponse = z.object({ owner: z.string(), repositories: z.array(GraphRepository).readonly(), cursor });
export const SweepsResponse = z.object({ sweeps: z.array(SweepProgress).readonly(), cursor });
export const InstallationsResponse = z.object({ installations: z.array(Installation).readonly(), cursor });
export const DeadLettersResponse = z.object({
  queue: z.string(),
  deadLetters: z.array(DeadLetter).readonly(),
  cursor,
});
export const AuditResponse = z.object({ entries: z.array(AuditRow).readonly(), cursor });

export const OpenApiResponse = z.looseObject({ openapi: z.string() });

export const StreamResponse = z
  .string()
  .describe('Server-sent events: `retry: 3000`, then `id: …` and `data: …` if there is something new.')
  .meta({ examples: ['retry: 3000\nid: v1.Zr3_0a\ndata: {"facts":[],"more":true}\n\n'] });
