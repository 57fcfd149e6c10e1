import type { Fate, Level, Moment, Strike } from './worker-process.ts';

export interface CrashPoint {
  readonly call: string;
  readonly moment: Moment;
  /** Two points with one and the same are the same death: see {@link distinctDeaths}. */
  readonly world: string;
}

/** A strike at the n-th crash point (0 is the first) since the one before it, or since the start. */
export interface Blow {
  readonly at: number;
  readonly how: Strike;
}

export interface Struck extends CrashPoint {
  readonly how: Strike;
}

/** A fate that is written down: the same blows give the same history. */
export interface Script extends Fate {
  /** The crash points reached since the last blow, in order. */
  readonly reached: readonly CrashPoint[];
  /** Where the blows fell; fewer than were written where the history was over before. */
  readonly struck: readonly Struck[];
}

/** @param worldNow what of the world outlives a process that dies at this moment */
export function script(level: Level, blows: readonly Blow[], worldNow: () => string): Script {
  const left = [...blows];
  const struck: Struck[] = [];
  const reached: CrashPoint[] = [];
  return {
    level,
    reached,
    struck,
    strike: (call, moment) => {
      const point = { call, moment, world: worldNow() };
      const index = reached.push(point) - 1;
      const [next] = left;
      if (next === undefined || next.at !== index) return null;
      left.shift();
      reached.length = 0;
      struck.push({ ...point, how: next.how });
      return next.how;
    },
  };
}

/**
 * The points at which a death leaves another world than at the point before, by their place: the first of each world.
 *
 * Why the others may be left out where deaths are told in pairs. What a death leaves is what outlives the process: the
 * tables, the queues, GitHub with its log of requests, the clock, and the memory of the other processes, which stand
 * still meanwhile. The dead process's own memory is gone. All of it but the clock changes only by a request, and each
 * that may change something is counted at the moment it is sent: a write (even one whose condition fails), anything sent
 * to SQS, EventBridge or GitHub, and the receiving of messages by which an invocation begins. What is under way when the
 * process dies arrives all the same, so that the moment of sending is the one that counts. Between two points with the
 * same count and the same time nothing but memory and reads of tables happened: dead at the one is dead at the other, and
 * what follows is the same history. That it is so is looked at where each point is told alone: see `enumerate`.
 */
export function distinctDeaths(points: readonly CrashPoint[]): number[] {
  return points.flatMap(({ world }, at) => (world === points[at - 1]?.world ? [] : [at]));
}
