import type { StepLog } from '@dispatcher/lambda';

export interface RecordingLog extends StepLog {
  /** Oldest first; a test may empty it. */
  readonly lines: { readonly step: string; readonly details: unknown }[];
}

/** Records log lines for assertions. */
export function createRecordingLog(): RecordingLog {
  const lines: { step: string; details: unknown }[] = [];
  const add = (step: string, details: unknown): void => void lines.push({ step, details });
  const log: RecordingLog = { lines, info: add, warn: add, error: add, with: () => log };
  return log;
}
