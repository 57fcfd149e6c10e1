import { DateTime } from '@dispatcher/contracts';
import * as z from 'zod/mini';

// Whether Dispatcher works, from figures that the roll-up stores together: page, command line and monitors show the same.

/** What the roll-up stores. Ages are computed when it is read, because a roll-up that has stopped stores nothing. */
export const StatusFigures = z.object({
  rolledUpAt: DateTime,
  lastDeliveryAt: z.nullable(DateTime),
  checkedUntil: z.nullable(DateTime),
  queues: z.array(z.object({ queue: z.string(), waiting: z.int(), lastEmptyAt: z.nullable(DateTime) })),
  deadLetters: z.int(),
  /** Of the last 24 hours. */
  started: z.int(),
  failed: z.int(),
  /** From the end of a run to the start of what it starts, over the last hour; null without one. */
  startedP95Ms: z.nullable(z.number()),
  /** Present while an operator pauses all dispatches. */
  pause: z.optional(z.object({ since: DateTime, operator: z.string(), reason: z.string() })),
  /** When a request to GitHub was last responded to; absent if it is not known. */
  gitHubRespondedAt: z.optional(DateTime),
  /** Owners whose policy could not be seen if they had one; absent for those who may not see the names. */
  unseenPolicies: z.optional(z.array(z.string())),
});
export type StatusFigures = z.infer<typeof StatusFigures>;

export const CheckState = z.enum(['ok', 'warning', 'critical', 'unknown']);
export type CheckState = z.infer<typeof CheckState>;

export const StatusCheck = z.object({
  /** Stable, for monitors. */
  name: z.string(),
  title: z.string(),
  state: CheckState,
  /** Null if it is not known. */
  value: z.nullable(z.number()),
  unit: z.enum(['s', 'messages', 'owners', '%']),
  /** The check is `ok` up to this value. */
  threshold: z.number(),
  /** What is so, as a sentence. */
  message: z.string(),
  /** The page of docs/runbooks that says what to do, with its heading where only a part of the page is about the check. */
  runbook: z.string(),
});
export type StatusCheck = z.infer<typeof StatusCheck>;

export const Status = z.object({
  /** The worst state of a check; a check that is `unknown` does not count. */
  state: z.enum(['ok', 'warning', 'critical']),
  sentence: z.string(),
  rolledUpAt: DateTime,
  lastDeliveryAt: z.nullable(DateTime),
  gitHubRespondedAt: z.nullable(DateTime),
  checks: z.array(StatusCheck),
});
export type Status = z.infer<typeof Status>;

/** The roll-up runs every minute: later, its schedule or the facts function has a problem. */
const maxRollUpAgeSeconds = 300;
/** GitHub's log of deliveries is checked every minute. */
const maxCheckAgeSeconds = 600;
/** The check of the log asks GitHub every minute, also while nothing else does. */
const maxResponseAgeSeconds = 300;
/** Messages are processed within seconds, unless GitHub is down, dispatches are paused, or a function fails. */
const maxQueueAgeSeconds = 600;
const maxFailurePercent = 10;
/** Fewer dispatches say nothing about a rate. */
const minDispatches = 20;
const maxStartSeconds = 60;

/** Evaluates the figures at a time, in milliseconds since the epoch. No check is about traffic, so that a quiet weekend fails none. */
export function statusOf(figures: StatusFigures, now: number): Status {
  const { rolledUpAt, lastDeliveryAt, gitHubRespondedAt = null } = figures;
  const checks = [
    pauseCheck(figures, now),
    rollUpCheck(figures, now),
    deliveryCheck(figures, now),
    gitHubCheck(gitHubRespondedAt, now),
    ...figures.queues.map((queue) => queueCheck(queue, now)),
    deadLetterCheck(figures),
    failureCheck(figures),
    startCheck(figures),
    ...policyCheck(figures),
  ];
  const bad = checks.filter(({ state }) => state === 'warning' || state === 'critical');
  const state = bad.some((check) => check.state === 'critical') ? 'critical' : bad.length > 0 ? 'warning' : 'ok';
  const last = lastDeliveryAt === null ? 'No delivery yet.' : `Last delivery ${ageText(lastDeliveryAt, now)} ago.`;
  const first = bad.length === 0 ? 'Working.' : bad.map(({ message }) => message).join(' ');
  return { state, sentence: `${first} ${last}`, rolledUpAt, lastDeliveryAt, gitHubRespondedAt, checks };
}

const secondsSince = (at: string, now: number): number => Math.max(0, Math.round((now - Date.parse(at)) / 1000));

function ageText(at: string, now: number): string {
  const seconds = secondsSince(at, now);
  if (seconds < 120) return `${seconds} s`;
  return seconds < 7_200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3_600)} h`;
}

const stateAbove = (value: number, threshold: number, above: CheckState): CheckState =>
  value > threshold ? above : 'ok';

function pauseCheck({ pause }: StatusFigures, now: number): StatusCheck {
  const value = pause === undefined ? 0 : Math.max(1, secondsSince(pause.since, now));
  return {
    name: 'pause',
    title: 'Pause of all dispatches',
    state: stateAbove(value, 0, 'critical'),
    value,
    unit: 's',
    threshold: 0,
    message:
      pause === undefined
        ? 'Dispatches are not paused.'
        : `All dispatches are paused by ${pause.operator}: ${pause.reason.replace(/\.$/, '')}.`,
    runbook: 'pause-all-dispatches.md',
  };
}

function rollUpCheck({ rolledUpAt }: StatusFigures, now: number): StatusCheck {
  const value = secondsSince(rolledUpAt, now);
  return {
    name: 'roll-up',
    title: 'Age of the figures',
    state: stateAbove(value, maxRollUpAgeSeconds, 'critical'),
    value,
    unit: 's',
    threshold: maxRollUpAgeSeconds,
    message: `The figures are ${ageText(rolledUpAt, now)} old.`,
    runbook: 'alarms.md#outdated-data',
  };
}

function deliveryCheck({ checkedUntil }: StatusFigures, now: number): StatusCheck {
  const value = checkedUntil === null ? null : secondsSince(checkedUntil, now);
  return {
    name: 'missed-deliveries',
    title: 'Check for missed deliveries',
    state: value === null ? 'unknown' : stateAbove(value, maxCheckAgeSeconds, 'critical'),
    value,
    unit: 's',
    threshold: maxCheckAgeSeconds,
    message:
      checkedUntil === null
        ? 'GitHub’s log of deliveries was not checked yet.'
        : `GitHub’s log of deliveries is checked up to ${ageText(checkedUntil, now)} ago.`,
    runbook: 'missed-deliveries.md',
  };
}

/** A warning only: what waits for GitHub is tried again, and no person can do anything about it. */
function gitHubCheck(respondedAt: string | null, now: number): StatusCheck {
  const value = respondedAt === null ? null : secondsSince(respondedAt, now);
  const state = value === null ? 'unknown' : stateAbove(value, maxResponseAgeSeconds, 'warning');
  const age = respondedAt === null ? '' : ageText(respondedAt, now);
  return {
    name: 'github',
    title: 'Last response of GitHub',
    state,
    value,
    unit: 's',
    threshold: maxResponseAgeSeconds,
    message:
      respondedAt === null
        ? 'GitHub has not responded yet.'
        : state === 'ok'
          ? `GitHub responded ${age} ago.`
          : `GitHub has not responded for ${age}. Runs wait and are tried again.`,
    runbook: 'github-down.md',
  };
}

function queueCheck({ queue, waiting, lastEmptyAt }: StatusFigures['queues'][number], now: number): StatusCheck {
  const value = waiting === 0 ? 0 : lastEmptyAt === null ? null : secondsSince(lastEmptyAt, now);
  const since = lastEmptyAt === null ? 'that was never seen empty' : `that was empty ${ageText(lastEmptyAt, now)} ago`;
  return {
    name: `queue-${queue}`,
    title: `Queue ${queue}`,
    state: value === null ? 'unknown' : stateAbove(value, maxQueueAgeSeconds, 'critical'),
    value,
    unit: 's',
    threshold: maxQueueAgeSeconds,
    message: waiting === 0 ? `The queue ${queue} is empty.` : `${waiting} wait in the queue ${queue}, ${since}.`,
    runbook: 'github-down.md',
  };
}

function deadLetterCheck({ deadLetters }: StatusFigures): StatusCheck {
  return {
    name: 'dead-letters',
    title: 'Dead letters',
    state: stateAbove(deadLetters, 0, 'warning'),
    value: deadLetters,
    unit: 'messages',
    threshold: 0,
    message:
      deadLetters === 1 ? '1 dead letter waits for a decision.' : `${deadLetters} dead letters wait for a decision.`,
    runbook: 'dead-letters.md',
  };
}

function failureCheck({ started, failed }: StatusFigures): StatusCheck {
  const all = started + failed;
  const value = all < minDispatches ? null : Math.round((failed / all) * 100);
  return {
    name: 'failed-dispatches',
    title: 'Dispatches that failed in the last 24 hours',
    state: value === null ? 'unknown' : stateAbove(value, maxFailurePercent, 'warning'),
    value,
    unit: '%',
    threshold: maxFailurePercent,
    message: `${failed} of ${all} dispatches failed in the last 24 hours.`,
    runbook: 'alarms.md#failed-dispatches',
  };
}

function startCheck({ startedP95Ms }: StatusFigures): StatusCheck {
  const value = startedP95Ms === null ? null : Math.round(startedP95Ms / 100) / 10;
  return {
    name: 'time-to-start',
    title: 'Time from the end of a run to a start, p95 of the last hour',
    state: value === null ? 'unknown' : stateAbove(value, maxStartSeconds, 'warning'),
    value,
    unit: 's',
    threshold: maxStartSeconds,
    message: value === null ? 'Nothing was started in the last hour.' : `95 % of the starts took at most ${value} s.`,
    runbook: 'rate-limited.md',
  };
}

/**
 * Never fails: most owners have no policy, and an owner whose policy cannot be seen is treated as one without. A policy that was
 * seen before and is gone refuses everything of its owner.
 */
function policyCheck({ unseenPolicies }: StatusFigures): readonly StatusCheck[] {
  if (unseenPolicies === undefined) return [];
  return [
    {
      name: 'policies',
      title: 'Owners whose policy cannot be read',
      state: stateAbove(unseenPolicies.length, 0, 'unknown'),
      value: unseenPolicies.length,
      unit: 'owners',
      threshold: 0,
      message:
        unseenPolicies.length === 0
          ? 'The policy of every owner can be read.'
          : `A policy of ${unseenPolicies.join(', ')} could not be read: the App has no access to the repository .github. An owner who wants a policy adds it to the installation at GitHub.`,
      runbook: 'alarms.md#policies-that-cannot-be-read',
    },
  ];
}
