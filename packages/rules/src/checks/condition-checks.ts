import type { Check, RunCompleted } from '@dispatcher/contracts';
import { check, type CheckName } from './checks.ts';
import type { Conditions } from '../compile/compiled-file.ts';
import type { Pattern } from '../values/pattern.ts';
import { defaultConclusions, defaultEvents } from '../values/events.ts';
import { acceptedTypes } from './run-head.ts';

export interface ConditionNames {
  readonly branch: CheckName;
  readonly event: CheckName;
  readonly conclusion: CheckName;
  readonly attempt: CheckName;
}

/**
 * Checks a run against the branches and tags, events, conclusions and attempts of a rule. The defaults are the same on
 * both sides: the source's default branch, {@link defaultEvents} and {@link defaultConclusions}, never "any"; but any
 * attempt. Branches and tags are compared by name only.
 */
export function conditionChecks(
  names: ConditionNames,
  conditions: Conditions,
  run: RunCompleted['run'],
  sourceDefaultBranch: string,
): Check[] {
  const events: readonly string[] = conditions.events ?? defaultEvents;
  const conclusions: readonly string[] = conditions.conclusions ?? defaultConclusions;
  const { attempts } = conditions;
  const { event, conclusion, attempt } = run;
  return [
    check(
      names.branch,
      acceptedTypes(conditions, run, sourceDefaultBranch).length > 0,
      refsText(conditions, sourceDefaultBranch),
      headText(run),
    ),
    check(names.event, events.includes(event), events.join(', '), event),
    check(
      names.conclusion,
      conclusion !== null && conclusions.includes(conclusion),
      conclusions.join(', '),
      conclusion ?? 'no conclusion',
    ),
    ...(attempts === null
      ? []
      : [check(names.attempt, attempts.includes(attempt), `attempt ${attempts.join(', ')}`, `attempt ${attempt}`)]),
  ];
}

function refsText({ branches, tags }: Conditions, defaultBranch: string): string {
  const ofTags = tags === null ? [] : [`tags ${listed(tags)}`];
  if (branches !== null) return [listed(branches), ...ofTags].join('; ');
  return ofTags[0] ?? `${defaultBranch} (the default branch)`;
}

/** Names the head of a run and, for some events, what else decides whether a rule accepts it. */
function headText({ headBranch, event }: RunCompleted['run']): string {
  if (headBranch === null) return 'no branch';
  if (event === 'release') return `tag ${headBranch}`;
  if (event.startsWith('pull_request')) return `${headBranch} (a pull request)`;
  return event === 'merge_group' ? `${headBranch} (a merge queue)` : headBranch;
}

/** Joins patterns for a message. */
export function listed(patterns: readonly Pattern[]): string {
  return patterns.map(({ text }) => text).join(', ');
}
