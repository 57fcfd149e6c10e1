import { setTimeout } from 'node:timers/promises';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/** Physical names. */
export interface FactTables {
  readonly facts: string;
  readonly projections: string;
}

export interface FactWriter {
  readonly client: DynamoDBDocumentClient;
  readonly tables: FactTables;
  /** Waits that many milliseconds between two tries. */
  readonly pause?: (milliseconds: number) => Promise<unknown>;
  readonly random?: () => number;
}

const minPauseMs = 25;

/** Exponential with jitter. @param tries made so far; six wait less than 2 s together */
export async function pauseBefore({ pause = setTimeout, random = Math.random }: FactWriter, tries: number) {
  await pause(minPauseMs * 2 ** tries * random());
}
