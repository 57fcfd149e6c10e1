// The newest results of a route: as bars, as a rate, and in one sentence.
import { counted, share } from './counts.ts';
import { duration } from './times.ts';
import { type State, stateOfDispatch, stateOfRoute } from './states.ts';

export interface RouteResult {
  readonly time: string;
  readonly state: 'denied' | 'dry-run' | 'failed' | 'completed' | 'accepted-unverified';
  readonly conclusion: string | null;
  readonly durationMs?: number | null;
}

export const stateOfResult = ({ state, conclusion }: RouteResult): State =>
  state === 'denied' || state === 'dry-run' ? stateOfRoute(state) : stateOfDispatch(state, conclusion);

/** The height of a result's bar in percent, so that kinds differ without color, too. */
export function heightOfResult(result: RouteResult): number {
  const { tone } = stateOfResult(result);
  if (tone === 'success') return 100;
  if (result.state === 'denied' || result.state === 'dry-run') return 30;
  return tone === 'danger' ? 65 : 45;
}

/** Returns the results in words: `Last 24 results: 20 succeeded, 3 failed, 1 refused`. */
export function sentenceOfResults(results: readonly RouteResult[]): string {
  if (results.length === 0) return 'No results yet';
  const counts = new Map<string, number>();
  for (const result of results) {
    const word = stateOfResult(result).word.replace('Not started: failed', 'Not started').toLowerCase();
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const parts = [...counts].sort(([, a], [, b]) => b - a).map(([word, number]) => `${number} ${word}`);
  return `Last ${counted(results.length, 'result')}: ${parts.join(', ')}`;
}

/** The newest results of a route that are refusals, back to the last one that was none. */
export interface Refusals {
  readonly count: number;
  readonly firstAt: string;
  /** Whether an older one may have been dropped: a route has its newest 24 results only. */
  readonly isCut: boolean;
}

/** Returns the refusals that came one after the other up to now; null if the newest result is none. */
export function refusalsIn(results: readonly RouteResult[]): Refusals | null {
  const end = results.findIndex(({ state }) => state !== 'denied');
  const count = end === -1 ? results.length : end;
  const first = results[count - 1];
  return first === undefined ? null : { count, firstAt: first.time, isCut: count === maxResults };
}

const maxResults = 24;

/** Returns the success rate: `92 %`, or `–` without results. */
export const rateOf = (rate: number | null): string => share(rate ?? 0, rate === null ? 0 : 1);

/** Each percentile, and how many results it needs to differ from the longest one. */
const percentiles = [
  ['median', 0.5, 1],
  ['p95', 0.95, 20],
] as const;

/** Returns the durations in words: `median 2 min, p95 6 min, longest 7 min, over the last 22 completed runs`. */
export function sentenceOfDurations(results: readonly RouteResult[]): string {
  const durations = results.flatMap(({ durationMs }) => durationMs ?? []).sort((one, other) => one - other);
  const longest = durations.at(-1);
  if (longest === undefined) return '–';
  if (durations.length === 1) return `${duration(longest)}, of one completed run`;
  const shown = percentiles
    .filter(([, , needed]) => durations.length >= needed)
    .map(([name, part]) => `${name} ${duration(durations[Math.ceil(part * durations.length) - 1]!)}`);
  return `${[...shown, `longest ${duration(longest)}`].join(', ')}, over the last ${durations.length} completed runs`;
}
