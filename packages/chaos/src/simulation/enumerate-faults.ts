import type { RunScenario, ScenarioResult } from './run-scenario.ts';
import type { Scenario } from './scenarios.ts';
import { shrinkFaults } from './shrink-faults.ts';
import { distinctPoints, type InjectedFault, type PlannedFault } from './system/fault-plan.ts';
import type { FaultKind, Level } from './system/worker-process.ts';

export interface Enumeration {
  readonly scenario: string;
  readonly level: Level;
  readonly kind: FaultKind;
  /** Fault points of the history without faults. */
  readonly points: number;
  /** The number of `points` at which a crash leaves a different state than at the point before. */
  readonly distinct: number;
  /** Histories that ran, including the one without faults. */
  readonly histories: number;
  readonly failures: readonly Failure[];
}

export interface Failure {
  readonly faults: readonly PlannedFault[];
  /** Descriptions of the injected faults. */
  readonly injected: readonly string[];
  readonly violations: readonly string[];
  /** A crash that counts as equal to this one, but whose history continued differently. */
  readonly comparedWith?: readonly PlannedFault[];
  /** The smallest list of faults found that still fails, where it is smaller than `faults`. */
  readonly shrunk?: readonly PlannedFault[];
}

export interface EnumerateOptions {
  readonly level: Level;
  readonly kind: FaultKind;
  /** Injects a second crash into each history as well. Both points are limited to those of {@link distinctPoints}. */
  readonly pairs?: boolean;
  /** Injects the first fault only into calls whose names begin like this, and only at points of {@link distinctPoints}. */
  readonly calls?: string;
  /** Runs only every n-th history. Default 1: all. */
  readonly every?: number;
}

/** Shrinking runs further histories, so it is limited to the first failures. */
const maxShrunkFailures = 5;

/** Runs the scenario with one fault (or a pair of them) at each fault point in turn, and checks every history. */
export async function enumerateFaults(
  runScenario: RunScenario,
  scenario: Scenario,
  { level, kind, pairs = false, calls, every = 1 }: EnumerateOptions,
): Promise<Enumeration> {
  const failures: Failure[] = [];
  let histories = 0;
  const run = async (faults: readonly PlannedFault[]): Promise<ScenarioResult> => {
    const result = await runScenario(scenario, level, faults);
    histories += 1;
    addFailure(faults, result, result.violations);
    return result;
  };
  const addFailure = (
    faults: readonly PlannedFault[],
    { injected }: ScenarioResult,
    violations: readonly string[],
    comparedWith?: readonly PlannedFault[],
  ): void => {
    if (violations.length === 0) return;
    const compared = comparedWith === undefined ? {} : { comparedWith };
    failures.push({ faults, injected: injected.map(describeFault), violations, ...compared });
  };
  const { points } = await run([]);
  const distinct = distinctPoints(points);
  const chosen = pairs || calls !== undefined ? distinct : points.map((_, at) => at);
  const firsts = chosen.filter((at) => points[at]?.call.startsWith(calls ?? ''));
  const singles = await Promise.all(
    everyNth(firsts, every, 0).map(async (at, index) => {
      const fault = { at, kind };
      const result = await run([fault]);
      // A different offset each time, so that a sample covers different points over time.
      const seconds = pairs ? everyNth(distinctPoints(result.points), every, index) : [];
      await Promise.all(seconds.map((second) => run([fault, { at: second, kind: 'crash' }])));
      return { fault, result, fingerprint: points[at]?.fingerprint };
    }),
  );
  for (const [index, { fault, result, fingerprint }] of singles.entries()) {
    const before = singles[index - 1];
    if (kind !== 'crash' || before === undefined || before.fingerprint !== fingerprint) continue;
    addFailure([fault], result, compareEqualCrashes(result, before.result), [before.fault]);
  }
  const shrunk = await Promise.all(
    failures.map(async (failure, index): Promise<Failure> => {
      if (index >= maxShrunkFailures) return failure;
      const smaller = await shrinkFaults((faults) => runScenario(scenario, level, faults), failure.faults, points);
      return smaller === null ? failure : { ...failure, shrunk: smaller };
    }),
  );
  return {
    scenario: scenario.name,
    level,
    kind,
    points: points.length,
    distinct: distinct.length,
    histories,
    failures: shrunk,
  };
}

/** Crashes that are considered equal must be followed by the same calls and requests. */
function compareEqualCrashes(result: ScenarioResult, other: ScenarioResult): string[] {
  return continuationOf(result) === continuationOf(other)
    ? []
    : [
        `this crash counts as equal to "${other.injected.map(describeFault).join()}", but the history continues differently`,
      ];
}

function continuationOf({ points, requests }: ScenarioResult): string {
  return JSON.stringify([points.map(({ call, moment }) => [call, moment]), requests]);
}

function everyNth<T>(all: readonly T[], n: number, offset: number): T[] {
  return all.filter((_, index) => index % n === offset % n);
}

export function describeFault({ call, moment, kind }: InjectedFault): string {
  return `${kind} ${moment} ${call}`;
}
