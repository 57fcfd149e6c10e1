import type { ScenarioResult } from './run-scenario.ts';
import type { FaultPoint, PlannedFault } from './system/fault-plan.ts';

/**
 * Looks for a single fault that fails as a pair of faults does. Tries each fault of the pair alone: the first where it is,
 * the second at every point of the fault-free history with the same call and moment. Returns null if only the pair fails,
 * or if there is only one fault.
 * @param points the fault points of the history without faults
 */
export async function shrinkFaults(
  run: (faults: readonly PlannedFault[]) => Promise<ScenarioResult>,
  faults: readonly PlannedFault[],
  points: readonly FaultPoint[],
): Promise<readonly PlannedFault[] | null> {
  const [first, second] = faults;
  if (first === undefined || second === undefined) return null;
  const { points: afterFirst, violations } = await run([first]);
  if (violations.length > 0) return [first];
  const secondPoint = afterFirst[second.at];
  const candidates = points.flatMap(({ call, moment }, at) =>
    call === secondPoint?.call && moment === secondPoint.moment ? [{ at, kind: second.kind }] : [],
  );
  for (const candidate of candidates) {
    if ((await run([candidate])).violations.length > 0) return [candidate];
  }
  return null;
}
