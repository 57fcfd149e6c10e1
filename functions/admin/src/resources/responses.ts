import { Fact } from '@dispatcher/contracts';
import {
  AuditRow,
  FactSummary,
  DeadLetter,
  DeliveryRow,
  DispatchRow,
  RunSearchResult,
  InboundUse,
  Installation,
  RepositoryRow,
  RouteRow,
} from '@dispatcher/store';
import * as z from 'zod';

// What is answered is what is stored: these are the envelopes around it.

const cursor = z.string().nullable().describe('Hand it back as `cursor` for what follows; null at the end.');
const facts = z.array(Fact).readonly();
const briefFacts = z.array(FactSummary).readonly();

export const Health = z.object({
  status: z.literal('ok'),
  version: z.string(),
  authentication: z.enum(['disabled', 'basic', 'oidc']),
});

export const Deliveries = z.object({ deliveries: z.array(DeliveryRow).readonly(), cursor });
export const Delivery = z.object({ id: z.string(), facts: briefFacts, cursor });
export const Plan = z.object({ runKey: z.string(), facts, cursor });
export const Run = z.object({ runKey: z.string(), facts, cursor });
export const Runs = z.object({ runs: z.array(RunSearchResult).readonly(), cursor });
export const Dispatches = z.object({ dispatches: z.array(DispatchRow).readonly(), cursor });
export const Dispatch = z.object({ dispatchId: z.string(), facts: briefFacts, cursor });
export const Repositories = z.object({ repositories: z.array(RepositoryRow).readonly(), cursor });
export const RepositoryFacts = z.object({ repository: z.string(), facts: briefFacts, cursor });
export const Inbound = z.object({ repository: z.string(), uses: z.array(InboundUse).readonly(), cursor });
export const Routes = z.object({ routes: z.array(RouteRow).readonly(), cursor });
export const RouteFacts = z.object({ routeId: z.string(), facts: briefFacts, cursor });
export const Installations = z.object({ installations: z.array(Installation).readonly(), cursor });
export const DeadLetters = z.object({ queue: z.string(), deadLetters: z.array(DeadLetter).readonly(), cursor });
export const Audit = z.object({ entries: z.array(AuditRow).readonly(), cursor });

export const OpenApi = z.looseObject({ openapi: z.string() });
