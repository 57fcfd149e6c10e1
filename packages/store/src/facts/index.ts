import type { Fact } from '@dispatcher/contracts';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createFactReads, type FactReads } from './read.ts';
import { recordFacts } from './write.ts';

export { BriefFact } from './brief.ts';
export { CursorInvalid } from './cursor.ts';
export type { RouteStatus } from './latest.ts';
export type { FactReads, Page, PageRequest } from './read.ts';
export { DeliveryRow } from './row.ts';
export type { Totals, TotalsSpan } from './totals.ts';

/** The fact log and its projections: written by the facts function, read by the admin API. */
export interface FactStore extends FactReads {
  /** Stores and counts each fact exactly once, whatever is repeated. @throws Error when it must be tried again. */
  recordFacts(facts: readonly Fact[]): Promise<void>;
}

export interface FactStoreOptions {
  readonly client: DynamoDBDocumentClient;
  /** Physical names: `FACTS_TABLE` and `PROJECTIONS_TABLE`. */
  readonly table: string;
  readonly projectionsTable: string;
  /** Waits between two tries of a transaction that met another; a timer where it is left out. */
  readonly pause?: (milliseconds: number) => Promise<unknown>;
}

export function createFactStore({ client, table, projectionsTable, pause }: FactStoreOptions): FactStore {
  const reader = { client, tables: { facts: table, projections: projectionsTable } };
  const writer = pause === undefined ? reader : { ...reader, pause };
  return { ...createFactReads(reader), recordFacts: (facts) => recordFacts(writer, facts) };
}
