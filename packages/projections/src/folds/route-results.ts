import { type Fact, isDryRun, isLeftToAnotherRun } from '@dispatcher/contracts';
import { decodeTime, encodeTime } from '../facts/order.ts';
import type { RouteResult } from '../read-models/schemas.ts';

/** Number of results of a route that are kept, newest first. */
export const maxRouteResults = 24;

// A result is 13 characters: eight of time, one of state and conclusion, four of duration. 24 results are 312 bytes, so
// that a route costs one write unit.
const width = 13;
const durationDigits = 4;
const noDuration = '-'.repeat(durationDigits);
const maxDurationSeconds = 36 ** durationDigits - 1;

const signs = {
  d: { state: 'denied', conclusion: null },
  e: { state: 'dry-run', conclusion: null },
  f: { state: 'failed', conclusion: null },
  u: { state: 'accepted-unverified', conclusion: null },
  a: { state: 'completed', conclusion: 'action_required' },
  c: { state: 'completed', conclusion: 'cancelled' },
  k: { state: 'completed', conclusion: 'skipped' },
  l: { state: 'completed', conclusion: 'stale' },
  n: { state: 'completed', conclusion: 'neutral' },
  p: { state: 'completed', conclusion: 'startup_failure' },
  s: { state: 'completed', conclusion: 'success' },
  t: { state: 'completed', conclusion: 'timed_out' },
  x: { state: 'completed', conclusion: 'failure' },
  z: { state: 'completed', conclusion: null },
  // A conclusion that GitHub may add.
  o: { state: 'completed', conclusion: 'other' },
} as const satisfies Readonly<Record<string, Pick<RouteResult, 'state' | 'conclusion'>>>;
type Sign = keyof typeof signs;

const signOfConclusion = new Map<string | null, Sign>(
  (Object.keys(signs) as Sign[]).flatMap((sign) =>
    signs[sign].state === 'completed' ? [[signs[sign].conclusion, sign] as const] : [],
  ),
);

function signOf(fact: Fact): Sign | null {
  switch (fact.type) {
    case 'route.decided':
      if (fact.data.decision.effect === 'allow' || isLeftToAnotherRun(fact.data.decision)) return null;
      return isDryRun(fact.data.decision) ? 'e' : 'd';
    case 'dispatch.failed':
      return 'f';
    case 'dispatch.accepted':
      return fact.data.workflowRunId === null ? 'u' : null;
    case 'dispatch.completed':
      return signOfConclusion.get(fact.data.conclusion) ?? 'o';
    default:
      return null;
  }
}

function encode(fact: Fact): string | null {
  const sign = signOf(fact);
  if (sign === null) return null;
  const milliseconds = fact.type === 'dispatch.completed' ? fact.data.durationMs : null;
  return encodeTime(Date.parse(fact.time)) + sign + encodeDuration(milliseconds);
}

function encodeDuration(milliseconds: number | null): string {
  if (milliseconds === null) return noDuration;
  const seconds = Math.min(maxDurationSeconds, Math.max(0, Math.round(milliseconds / 1_000)));
  return seconds.toString(36).padStart(durationDigits, '0');
}

/**
 * Adds the final results of these facts, newest first. Keeping the newest ones is independent of the order of the facts,
 * because results that compare as equal are equal.
 */
export function addResults(known: string, facts: readonly Fact[]): string {
  const added = facts.flatMap((fact) => encode(fact) ?? []);
  if (added.length === 0) return known;
  return [...split(known), ...added]
    .toSorted((left, right) => (left < right ? 1 : left > right ? -1 : 0))
    .slice(0, maxRouteResults)
    .join('');
}

function split(results: string): string[] {
  return Array.from({ length: results.length / width }, (_, index) =>
    results.slice(index * width, (index + 1) * width),
  );
}

/** Returns the results, newest first. */
export function decodeResults(results: string): RouteResult[] {
  return split(results).map((text) => {
    const sign = signs[text.charAt(width - durationDigits - 1) as Sign];
    const duration = text.slice(-durationDigits);
    const durationMs = duration === noDuration ? null : Number.parseInt(duration, 36) * 1_000;
    return { time: decodeTime(text), ...sign, durationMs };
  });
}

const succeeded = ({ state, conclusion }: RouteResult): boolean => state === 'completed' && conclusion === 'success';

/** A dry run starts nothing, and a run that cannot be followed may have succeeded. */
const saysWhetherItWorks = ({ state }: RouteResult): boolean => state !== 'dry-run' && state !== 'accepted-unverified';

/** Returns the share of the results that completed with success, and the median duration of the completed runs. */
export function statisticsOf(results: readonly RouteResult[]) {
  const judged = results.filter(saysWhetherItWorks);
  const durations = results.flatMap(({ durationMs }) => durationMs ?? []).toSorted((left, right) => left - right);
  return {
    successRate: judged.length === 0 ? null : judged.filter(succeeded).length / judged.length,
    p50DurationMs: durations[Math.ceil(durations.length / 2) - 1] ?? null,
  };
}
