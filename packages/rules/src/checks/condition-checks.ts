import type { Check, RunCompleted } from '@dispatcher/contracts';
import { check, type CheckName } from './checks.ts';
import type { Conditions } from '../compile/compiled-file.ts';
import { matchesPatterns, type Pattern } from '../values/pattern.ts';
import { defaultConclusions, defaultEvents } from '../values/events.ts';

export interface ConditionNames {
  readonly branch: CheckName;
  readonly event: CheckName;
  readonly conclusion: CheckName;
}

/**
 * Checks a run against the branches, events and conclusions of a rule. The defaults are the same on both sides: the
 * source's default branch, {@link defaultEvents} and {@link defaultConclusions}; never "any".
 */
export function conditionChecks(
  names: ConditionNames,
  conditions: Conditions,
  run: RunCompleted['run'],
  sourceDefaultBranch: string,
): Check[] {
  const events: readonly string[] = conditions.events ?? defaultEvents;
  const conclusions: readonly string[] = conditions.conclusions ?? defaultConclusions;
  const { headBranch, event, conclusion } = run;
  return [
    check(
      names.branch,
      headBranch !== null && branchMatches(conditions.branches, headBranch, sourceDefaultBranch),
      conditions.branches === null ? `${sourceDefaultBranch} (the default branch)` : listed(conditions.branches),
      headBranch ?? 'no branch',
    ),
    check(names.event, events.includes(event), events.join(', '), event),
    check(
      names.conclusion,
      conclusion !== null && conclusions.includes(conclusion),
      conclusions.join(', '),
      conclusion ?? 'no conclusion',
    ),
  ];
}

function branchMatches(patterns: readonly Pattern[] | null, branch: string, defaultBranch: string): boolean {
  return patterns === null ? branch === defaultBranch : matchesPatterns(patterns, branch);
}

/** Joins patterns for a message. */
export function listed(patterns: readonly Pattern[]): string {
  return patterns.map(({ text }) => text).join(', ');
}
