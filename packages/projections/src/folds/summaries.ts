import { isLeftToAnotherRun } from '@dispatcher/contracts';
import type { Latency, Summary, SummaryWindow, Trend } from '../read-models/schemas.ts';
import { type Counters, groupOf, sumOf } from './counters.ts';
import { percentilesOf } from './histogram.ts';

// Pure functions from counters to the summaries that the roll-up stores.

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const trendHours = 48;

/** Return the start of each window's first bucket, in milliseconds; every window ends with the current bucket. */
export const windowStarts = {
  hour: (at: number): number => startOf(at, minuteMs) - 59 * minuteMs,
  day: (at: number): number => startOf(at, hourMs) - 23 * hourMs,
  week: (at: number): number => startOf(at, hourMs) - 167 * hourMs,
};

function startOf(at: number, length: number): number {
  return Math.floor(at / length) * length;
}

export type Freshness = Summary['freshness'];

/** Computes the summary of one window. @param from start of the window; null for all time */
export function summaryOf(
  window: SummaryWindow,
  at: number,
  from: number | null,
  buckets: readonly Counters[],
  freshness: Freshness,
): Summary {
  const counters = sumOf(buckets);
  const latencyOf = (name: string): Latency => percentilesOf(groupOf(counters, `latency.${name}`));
  return {
    window,
    from: from === null ? null : new Date(from).toISOString(),
    rolledUpAt: new Date(at).toISOString(),
    deliveries: { received: counters['deliveries'] ?? 0, repeated: counters['deliveries.repeated'] ?? 0 },
    requests: counters['requests'] ?? 0,
    plans: groupOf(counters, 'plans'),
    decisions: groupOf(counters, 'decisions'),
    dispatches: groupOf(counters, 'dispatches'),
    conclusions: groupOf(counters, 'conclusions'),
    funnel: funnelOf(counters),
    latency: { decided: latencyOf('decided'), accepted: latencyOf('accepted') },
    freshness,
  };
}

function funnelOf(counters: Counters): Summary['funnel'] {
  const plans = groupOf(counters, 'plans');
  return {
    received: (counters['deliveries'] ?? 0) + (counters['requests'] ?? 0),
    planned: total(plans),
    matched: plans['planned'] ?? 0,
    allowed: counters['decisions.allowed'] ?? 0,
    started: (counters['dispatches.accepted'] ?? 0) + (counters['dispatches.accepted-unverified'] ?? 0),
    succeeded: counters['conclusions.success'] ?? 0,
  };
}

/** Computes the trend. @param hours counters by hour (`2026-11-03T14`); an absent hour had no facts */
export function trendOf(at: number, hours: ReadonlyMap<string, Counters>): Trend {
  const current = startOf(at, hourMs);
  const starts = Array.from({ length: trendHours }, (_, index) => current - (trendHours - 1 - index) * hourMs);
  return { rolledUpAt: new Date(at).toISOString(), hours: starts.map((start) => trendHour(start, hours)) };
}

function trendHour(start: number, hours: ReadonlyMap<string, Counters>): Trend['hours'][number] {
  const hour = new Date(start).toISOString();
  const counters = hours.get(hour.slice(0, 13)) ?? {};
  const decisions = groupOf(counters, 'decisions');
  const allowed = decisions['allowed'] ?? 0;
  const dispatches = groupOf(counters, 'dispatches');
  return {
    hour,
    deliveries: counters['deliveries'] ?? 0,
    requests: counters['requests'] ?? 0,
    plans: total(groupOf(counters, 'plans')),
    allowed,
    denied: total(decisions) - allowed - leftToAnotherRun(decisions),
    accepted: (dispatches['accepted'] ?? 0) + (dispatches['accepted-unverified'] ?? 0),
    failed: dispatches['failed'] ?? 0,
    completed: dispatches['completed'] ?? 0,
    succeeded: counters['conclusions.success'] ?? 0,
  };
}

function leftToAnotherRun(decisions: Counters): number {
  return total(Object.fromEntries(Object.entries(decisions).filter(([code]) => isLeftToAnotherRun({ code }))));
}

function total(counters: Counters): number {
  return Object.values(counters).reduce((sum, count) => sum + count, 0);
}
