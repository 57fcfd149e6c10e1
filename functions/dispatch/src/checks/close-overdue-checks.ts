import type { Attempt, StepLog } from '@dispatcher/lambda';
import { noHint, type ReportCheckDependencies, reportChecks } from './report-checks.ts';

const dayMs = 24 * 60 * 60 * 1000;

/**
 * How old open checks are when they are looked at: after a day, in case the end of their run was never delivered, and when
 * they are overdue. The last one catches up after an interruption.
 */
const agesInDays = [1, 13, 14];

/** Looks at the check runs that are open for long, and completes those that are overdue. Every hour; repeating it is harmless. */
export async function closeOverdueChecks(
  deps: ReportCheckDependencies,
  log: StepLog,
  hasTime: () => boolean,
): Promise<void> {
  if (deps.createChecks === 'none') return;
  for (const days of agesInDays) {
    for (const runKey of await deps.checkRecords.openSince(deps.now() - days * dayMs)) {
      if (!hasTime()) return;
      await lookAt(deps, runKey, log.with({ runKey }));
    }
  }
}

async function lookAt(deps: ReportCheckDependencies, runKey: string, log: StepLog): Promise<void> {
  const time = new Date(deps.now()).toISOString();
  const attempt: Attempt = {
    messageId: `overdue-${runKey}`,
    attempt: 1,
    isLast: false,
    signal: AbortSignal.timeout(maxAttemptMs),
    log,
  };
  try {
    await reportChecks(deps, { runKey, revision: null, time, readRuns: 'open', refresh: null, hint: noHint }, attempt);
  } catch (error) {
    // One that cannot be completed now must not stop the others. The next hour tries it again.
    log.info('an open check waits', { error });
  }
}

const maxAttemptMs = 15_000;
