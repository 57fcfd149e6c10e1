import type { FaultKind, FaultPlan, Intervention, Level, Moment } from './worker-process.ts';

export interface FaultPoint {
  readonly call: string;
  readonly moment: Moment;
  /** Fingerprint of the state that outlives the process. A crash at points with equal fingerprints has equal effects. */
  readonly fingerprint: string;
}

/** A fault at the n-th fault point (counted from 0) since the fault before it, or since the start. */
export interface PlannedFault {
  readonly at: number;
  readonly kind: FaultKind;
}

export interface InjectedFault extends FaultPoint {
  readonly kind: FaultKind;
}

/** A fault plan that records its points. The same faults lead to the same history. */
export interface RecordingFaultPlan extends FaultPlan {
  /** The fault points reached since the last fault, in order. */
  readonly points: readonly FaultPoint[];
  /** The faults injected so far. Fewer than planned if the history ended before. */
  readonly injected: readonly InjectedFault[];
}

/**
 * @param fingerprint returns the fingerprint of the state that would outlive a process that crashes now
 * @param intervene carries out what happens outside a process
 */
export function createFaultPlan(
  level: Level,
  faults: readonly PlannedFault[],
  fingerprint: () => string,
  intervene: (kind: Intervention) => Promise<void> = () => Promise.reject(new Error('Nobody can intervene.')),
): RecordingFaultPlan {
  const remaining = [...faults];
  const injected: InjectedFault[] = [];
  const points: FaultPoint[] = [];
  return {
    level,
    points,
    injected,
    intervene,
    faultAt: (call, moment) => {
      const point = { call, moment, fingerprint: fingerprint() };
      const index = points.push(point) - 1;
      const [next] = remaining;
      if (next === undefined || next.at !== index) return null;
      remaining.shift();
      points.length = 0;
      injected.push({ ...point, kind: next.kind });
      return next.kind;
    },
  };
}

/**
 * Returns the indexes of the points at which a crash leaves a different state than a crash at the point before: the first
 * point of each state.
 *
 * Why pairs of crashes may skip the other points. What a crash leaves is the state that outlives the process: the tables,
 * the queues, GitHub with its log of requests, the clock, and the memory of the other processes, which do not run
 * meanwhile. The crashed process's own memory is lost. All of this state except the clock changes only by requests. Each
 * request that may change it is counted when it is sent: a write (even one whose condition fails), any request to SQS,
 * EventBridge or GitHub, and receiving the messages with which an invocation begins. A request in flight during the crash
 * still arrives, so the moment of sending decides. Between two points with the same count and the same time only memory
 * changed and only tables were read: a crash at either leads to the same history. `enumerateFaults` verifies this where it
 * injects a single crash at every point.
 */
export function distinctPoints(points: readonly FaultPoint[]): number[] {
  return points.flatMap(({ fingerprint }, at) => (fingerprint === points[at - 1]?.fingerprint ? [] : [at]));
}
