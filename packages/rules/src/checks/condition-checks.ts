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
    check(names.event, acceptsEvent(conditions, run), events.join(', '), event),
    check(names.conclusion, acceptsConclusion(conditions, run), conclusions.join(', '), conclusion ?? 'no conclusion'),
    ...(attempts === null
      ? []
      : [
          check(names.attempt, acceptsAttempt(conditions, run), `attempt ${attempts.join(', ')}`, `attempt ${attempt}`),
        ]),
  ];
}

/** Returns how many of the checks of {@link conditionChecks} are not satisfied, without creating them. */
export function countFailedConditions(
  conditions: Conditions,
  run: RunCompleted['run'],
  sourceDefaultBranch: string,
): number {
  const isAccepted = acceptedTypes(conditions, run, sourceDefaultBranch).length > 0;
  return (
    Number(!isAccepted) +
    Number(!acceptsEvent(conditions, run)) +
    Number(!acceptsConclusion(conditions, run)) +
    Number(!acceptsAttempt(conditions, run))
  );
}

function acceptsEvent({ events }: Conditions, { event }: RunCompleted['run']): boolean {
  return (events ?? defaultEvents).includes(event);
}

function acceptsConclusion({ conclusions }: Conditions, { conclusion }: RunCompleted['run']): boolean {
  return conclusion !== null && (conclusions ?? defaultConclusions).includes(conclusion);
}

function acceptsAttempt({ attempts }: Conditions, { attempt }: RunCompleted['run']): boolean {
  return attempts === null || attempts.includes(attempt);
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
