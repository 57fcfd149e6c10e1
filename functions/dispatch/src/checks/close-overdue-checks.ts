import type { Attempt, StepLog } from '@dispatcher/lambda';
import type { OpenChecks } from '@dispatcher/store';
import { noHint, type ReportCheckDependencies, reportChecks } from './report-checks.ts';

const dayMs = 24 * 60 * 60 * 1000;

/**
 * How old open checks are when they are looked at: when they are overdue, a day later to catch up after an interruption,
 * and after their first day, in case the end of their run was never delivered. What is overdue comes first: it cannot wait.
 */
const agesInDays = [13, 14, 1];

/** Looks at the check runs that are open for long, and completes those that are overdue. Every hour; repeating it is harmless. */
export async function closeOverdueChecks(
  deps: ReportCheckDependencies,
  log: StepLog,
  hasTime: () => boolean,
): Promise<void> {
  if (deps.createChecks === 'none') return;
  for (const days of agesInDays) {
    for await (const runKey of openRuns(deps, deps.now() - days * dayMs)) {
      if (!hasTime()) return;
      await lookAt(deps, runKey, log.with({ runKey }));
    }
  }
}

/**
 * Yields the runs of a day that have an open check, each once. It begins at a random position, so that a day with more runs
 * than an hour has time for does not begin with the same ones every hour.
 */
export async function* openRuns(
  { openChecks, random }: Pick<ReportCheckDependencies, 'openChecks' | 'random'>,
  at: number,
): AsyncGenerator<string> {
  const start = Math.floor(random() * 0x1_0000_0000)
    .toString(16)
    .padStart(8, '0');
  yield* runsBetween(openChecks, at, start, 'g');
  yield* runsBetween(openChecks, at, '', start);
}

/** Yields the runs with a position after the first one and before the last one. Positions are hex digits. */
async function* runsBetween(openChecks: OpenChecks, at: number, first: string, last: string): AsyncGenerator<string> {
  let groups = await openChecks.list(at, first);
  while (groups.length > 0) {
    for (const { key, position } of groups) {
      if (position >= last) return;
      yield key;
    }
    groups = await openChecks.list(at, groups.at(-1)?.position ?? last);
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
