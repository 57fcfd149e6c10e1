import type { Fate, Level, Moment, Strike } from './process.ts';

export interface CrashPoint {
  readonly call: string;
  readonly moment: Moment;
}

/** A strike at the n-th crash point (0 is the first) since the one before it, or since the start. */
export interface Blow {
  readonly at: number;
  readonly how: Strike;
}

/** A fate that is written down: the same blows give the same history. */
export interface Script extends Fate {
  /** The crash points reached since the last blow, in order. */
  readonly reached: readonly CrashPoint[];
  /** Where the blows fell; fewer than were written where the history was over before. */
  readonly struck: readonly (CrashPoint & { readonly how: Strike })[];
}

export function script(level: Level, blows: readonly Blow[]): Script {
  const left = [...blows];
  const struck: (CrashPoint & { how: Strike })[] = [];
  const reached: CrashPoint[] = [];
  return {
    level,
    reached,
    struck,
    strike: (call, moment) => {
      const index = reached.push({ call, moment }) - 1;
      const [next] = left;
      if (next === undefined || next.at !== index) return null;
      left.shift();
      reached.length = 0;
      struck.push({ call, moment, how: next.how });
      return next.how;
    },
  };
}
