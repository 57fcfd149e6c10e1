import { setTimeout } from 'node:timers/promises';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { itemsOf } from './items.ts';

/** Physical names. */
export interface FactTables {
  readonly facts: string;
  readonly projections: string;
}

export interface FactWriter {
  readonly client: DynamoDBDocumentClient;
  readonly tables: FactTables;
  /** Waits that many milliseconds before a retry. */
  readonly pause?: (milliseconds: number) => Promise<unknown>;
  readonly random?: () => number;
  /** Days after which a fact, and what is derived from it alone, expires. Default: {@link defaultFactRetentionDays}. */
  readonly retentionDays?: number;
  /** Creates the items of a fact. Tests replace it. */
  readonly itemsOf?: typeof itemsOf;
}

const minPauseMs = 25;

/** Waits with exponential backoff and jitter. @param tries number of tries so far; six waits take less than 2 s in total */
export async function pauseBefore({ pause = setTimeout, random = Math.random }: FactWriter, tries: number) {
  await pause(minPauseMs * 2 ** tries * random());
}
