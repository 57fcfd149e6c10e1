import type { StepLog } from '@dispatcher/lambda';

export interface TestLog extends StepLog {
  /** The oldest first; a test may empty it. */
  readonly lines: { readonly step: string; readonly details: unknown }[];
}

/** Keeps what is logged, so that a test can look at it. */
export function createTestLog(): TestLog {
  const lines: { step: string; details: unknown }[] = [];
  const add = (step: string, details: unknown): void => void lines.push({ step, details });
  const log: TestLog = { lines, info: add, warn: add, error: add, with: () => log };
  return log;
}
