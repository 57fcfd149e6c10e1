import type { Schemas } from '../api/schemas.ts';
import { counted } from './counts.ts';
import { duration } from './times.ts';

export interface SystemFigures {
  readonly summary: Schemas['SummaryResponse'] | undefined;
  readonly queues: Schemas['QueuesResponse'] | undefined;
  readonly deadLetters: Schemas['DeadLetterSummaryResponse'] | undefined;
  readonly installations: readonly Schemas['Installation'][] | undefined;
  readonly pause: Schemas['PauseResponse'] | undefined;
}

export interface Problem {
  readonly id: 'dead-letters' | 'paused' | 'queue' | 'rate-limited' | 'roll-up' | 'unchecked';
  /** Whether a person must act; otherwise it is only worth knowing. */
  readonly isUrgent: boolean;
  readonly text: string;
  /** The page of docs/runbooks. */
  readonly runbook: string;
}

/** A queue whose oldest message waits longer than this needs a look. */
export const maxQueueMs = 5 * 60_000;
/** GitHub's log of deliveries is checked every few minutes; later than this means that the check does not run. */
export const maxCheckLagMs = 30 * 60_000;
/** The roll-up runs every minute. */
export const maxRollUpMs = 10 * 60_000;
/** An installation below this share of its hourly requests is about to be rate-limited. */
export const minBudgetShare = 0.1;

const deadLetterQueue = /-dead-letters$|^undelivered-events$/;

/** Returns what needs a look, the most urgent first. */
export function problemsOf(figures: SystemFigures, nowMs: number): readonly Problem[] {
  const problems: Problem[] = [];
  const { summary, queues, deadLetters, installations, pause } = figures;
  if (pause?.paused === true) {
    problems.push({
      id: 'paused',
      isUrgent: true,
      text: `All dispatches are paused${pause.operator === null ? '' : ` by ${pause.operator}`}${pause.reason === null ? '' : `: ${pause.reason}`}`,
      runbook: 'pause-all-dispatches',
    });
  }
  const open = deadLetters?.queues.reduce((sum, { queueDepth }) => sum + queueDepth, 0) ?? 0;
  if (open > 0) {
    const text = `${counted(open, 'dead letter waits', 'dead letters wait')} for a decision`;
    problems.push({ id: 'dead-letters', isUrgent: true, text, runbook: 'dead-letters' });
  }
  for (const { queue, waiting, lastEmptyAt } of queues?.queues ?? []) {
    if (deadLetterQueue.test(queue) || waiting === 0 || lastEmptyAt === null) continue;
    const age = nowMs - Date.parse(lastEmptyAt);
    if (age <= maxQueueMs) continue;
    const text = `The queue ${queue} has not been empty for ${duration(age)}: ${counted(waiting, 'message waits', 'messages wait')}`;
    problems.push({ id: 'queue', isUrgent: true, text, runbook: 'github-down' });
  }
  const lag = summary?.freshness.checkLagMs ?? null;
  if (lag !== null && lag > maxCheckLagMs) {
    const text = `GitHub’s log was last checked for missed deliveries ${duration(lag)} ago`;
    problems.push({ id: 'unchecked', isUrgent: true, text, runbook: 'missed-deliveries' });
  }
  if (summary !== undefined && nowMs - Date.parse(summary.rolledUpAt) > maxRollUpMs) {
    const text = `The figures are ${duration(nowMs - Date.parse(summary.rolledUpAt))} old: the facts function does not run its schedule`;
    problems.push({ id: 'roll-up', isUrgent: true, text, runbook: 'README' });
  }
  const low = (installations ?? []).filter(
    ({ remaining, limit, resetsAt }) => remaining < limit * minBudgetShare && Date.parse(resetsAt) > nowMs,
  );
  if (low.length > 0) {
    const names = [...new Set(low.map(({ installationId }) => installationId))];
    const text = `${counted(names.length, 'installation has', 'installations have')} less than 10 % of GitHub’s hourly requests left`;
    problems.push({ id: 'rate-limited', isUrgent: false, text, runbook: 'rate-limited' });
  }
  return problems.sort((one, other) => Number(other.isUrgent) - Number(one.isUrgent));
}

/** Returns the state of the system in one sentence, without its problems. */
export function sentenceOfState(problems: readonly Problem[]): string {
  const urgent = problems.filter(({ isUrgent }) => isUrgent).length;
  if (urgent > 0) return urgent === 1 ? 'One thing needs you.' : `${urgent} things need you.`;
  return problems.length > 0 ? 'Working, with a warning.' : 'Working.';
}
