// Each thing that is checked about the running system, with its value and its limit: also those that are fine.
import { count, counted } from './counts.ts';
import type { State } from './states.ts';
import { maxCheckLagMs, maxQueueMs, maxRollUpMs, minBudgetShare, type SystemFigures } from './system-state.ts';
import { duration } from './times.ts';

export interface SystemCheck {
  readonly id: string;
  readonly title: string;
  readonly state: State;
  readonly value: string;
  readonly limit: string;
  /** The page of docs/runbooks that says what to do. */
  readonly runbook: string;
}

const fine: State = { icon: 'check', tone: 'success', word: 'Fine' };
const unknown: State = { icon: 'question', tone: 'quiet', word: 'Unknown' };
const needed: State = { icon: 'failed', tone: 'danger', word: 'Needs you' };
const warning: State = { icon: 'warning', tone: 'attention', word: 'Warning' };

const deadLetterQueue = /-dead-letters$|^undelivered-events$/;

/** Returns the checks in a fixed order. */
export function checksOf(figures: SystemFigures, nowMs: number): readonly SystemCheck[] {
  const { summary, queues, deadLetters, installations, pause } = figures;
  const ageOf = (time: string) => nowMs - Date.parse(time);
  const checks: SystemCheck[] = [];
  const add = (id: string, title: string, runbook: string, state: State, value: string, limit: string) =>
    checks.push({ id, title, state, value, limit, runbook });

  const paused = pause?.paused;
  add(
    'pause',
    'Emergency brake',
    'pause-all-dispatches',
    paused === undefined ? unknown : paused ? needed : fine,
    paused === undefined ? '–' : paused ? 'paused' : 'released',
    'released',
  );

  const rollUp = summary === undefined ? null : ageOf(summary.rolledUpAt);
  add(
    'roll-up',
    'Figures are current',
    'README',
    rollUp === null ? unknown : rollUp > maxRollUpMs ? needed : fine,
    rollUp === null ? '–' : `${duration(rollUp)} old`,
    `≤ ${duration(maxRollUpMs)}`,
  );

  const lag = summary?.freshness.checkLagMs ?? null;
  add(
    'unchecked',
    'GitHub’s log is checked for missed deliveries',
    'missed-deliveries',
    lag === null ? unknown : lag > maxCheckLagMs ? needed : fine,
    lag === null ? 'not checked yet' : `${duration(lag)} ago`,
    `≤ ${duration(maxCheckLagMs)}`,
  );

  for (const { queue, waiting, lastEmptyAt } of queues?.queues ?? []) {
    if (deadLetterQueue.test(queue)) continue;
    const age = waiting === 0 || lastEmptyAt === null ? 0 : ageOf(lastEmptyAt);
    const value = waiting === 0 ? 'empty' : `${counted(waiting, 'message')}, not empty for ${duration(age)}`;
    add(
      `queue-${queue}`,
      `Queue ${queue}`,
      'github-down',
      age > maxQueueMs ? needed : fine,
      value,
      `≤ ${duration(maxQueueMs)}`,
    );
  }

  for (const { queue, queueDepth } of deadLetters?.queues ?? []) {
    add(
      `dead-letters-${queue}`,
      `Dead letters of ${queue}`,
      'dead-letters',
      queueDepth > 0 ? needed : fine,
      count(queueDepth),
      '0',
    );
  }

  for (const { installationId, resource, remaining, limit, resetsAt } of installations ?? []) {
    const isLow = remaining < limit * minBudgetShare && Date.parse(resetsAt) > nowMs;
    const value = `${count(remaining)} of ${count(limit)} left`;
    add(
      `budget-${installationId}-${resource}`,
      `Requests to GitHub of installation ${installationId}`,
      'rate-limited',
      isLow ? warning : fine,
      value,
      `≥ ${count(limit * minBudgetShare)}`,
    );
  }
  return checks;
}
