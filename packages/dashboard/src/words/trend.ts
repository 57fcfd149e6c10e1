import { counted, share } from './counts.ts';

export interface TrendHour {
  readonly hour: string;
  readonly deliveries: number;
  readonly denied: number;
  readonly accepted: number;
  readonly failed: number;
  readonly completed: number;
  readonly succeeded: number;
}

export interface Stack {
  readonly succeeded: number;
  /** The dispatch failed, or its run completed without success. */
  readonly failed: number;
  /** Started, and not completed in this hour. */
  readonly started: number;
  readonly refused: number;
}

/** Returns the parts of one hour's column. A run that was started in the hour before completes in this one. */
export function stackOf({ accepted, completed, succeeded, failed, denied }: TrendHour): Stack {
  return {
    succeeded,
    failed: failed + Math.max(0, completed - succeeded),
    started: Math.max(0, accepted - completed),
    refused: denied,
  };
}

export const heightOf = ({ succeeded, failed, started, refused }: Stack): number =>
  succeeded + failed + started + refused;

/** Returns a round number at or above the highest column: 1, 2, 5, 10, 20, 50 … */
export function axisEnd(max: number): number {
  if (max <= 1) return 1;
  const power = 10 ** Math.floor(Math.log10(max));
  const step = [1, 2, 5, 10].find((each) => each * power >= max) ?? 10;
  return step * power;
}

/** Returns what the last 48 hours were like, in one sentence. */
export function sentenceOfTrend(hours: readonly TrendHour[]): string {
  const sum = (valueOf: (hour: TrendHour) => number) => hours.reduce((total, hour) => total + valueOf(hour), 0);
  const [deliveries, completed, succeeded] = [
    sum((hour) => hour.deliveries),
    sum((hour) => hour.completed),
    sum((hour) => hour.succeeded),
  ];
  const failed = sum((hour) => stackOf(hour).failed);
  const refused = sum(({ denied }) => denied);
  if (deliveries === 0 && completed === 0 && refused === 0)
    return `Nothing happened in the last ${counted(hours.length, 'hour')}.`;
  const rate = completed === 0 ? '' : ` (${share(succeeded, completed)} of those completed)`;
  return (
    `In the last ${counted(hours.length, 'hour')}: ${counted(deliveries, 'delivery', 'deliveries')}, ` +
    `${counted(succeeded, 'started run')} succeeded${rate}, ${failed} failed, ${counted(refused, 'route')} refused.`
  );
}
