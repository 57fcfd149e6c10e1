import { type Check, type JobRequested, type RunTrigger, sameName } from '@dispatcher/contracts';
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
  readonly environment: CheckName;
}

/**
 * Checks a run, or a job of one, against the branches and tags, events, conclusions, attempts and environments of a rule.
 * The defaults are the same on both sides: the source's default branch, {@link defaultEvents} and
 * {@link defaultConclusions}, never "any"; but any attempt and environment. A running job has no conclusion, and a
 * completed run no environment. Branches and tags are compared by name only.
 */
export function conditionChecks(
  names: ConditionNames,
  conditions: Conditions,
  trigger: RunTrigger,
  sourceDefaultBranch: string,
): Check[] {
  const { run } = trigger;
  const events: readonly string[] = conditions.events ?? defaultEvents;
  const conclusions: readonly string[] = conditions.conclusions ?? defaultConclusions;
  const { attempts, environments } = conditions;
  const { event, conclusion, attempt } = run;
  return [
    check(
      names.branch,
      acceptedTypes(conditions, run, sourceDefaultBranch).length > 0,
      refsText(conditions, sourceDefaultBranch),
      headText(run),
    ),
    check(names.event, acceptsEvent(conditions, run), events.join(', '), event),
    ...(trigger.type === 'run.completed'
      ? [
          check(
            names.conclusion,
            acceptsConclusion(conditions, run),
            conclusions.join(', '),
            conclusion ?? 'no conclusion',
          ),
        ]
      : []),
    ...(attempts === null
      ? []
      : [
          check(names.attempt, acceptsAttempt(conditions, run), `attempt ${attempts.join(', ')}`, `attempt ${attempt}`),
        ]),
    ...(trigger.type === 'run.completed' || environments === null
      ? []
      : [
          check(
            names.environment,
            acceptsEnvironment(conditions, trigger),
            `environment ${environments.join(', ')}`,
            trigger.job.environment === null ? 'no environment' : `environment ${trigger.job.environment}`,
          ),
        ]),
  ];
}

type WorkflowOrJob = Pick<Conditions, 'kind' | 'workflow'>;

/** Checks that a rule for runs or jobs of a workflow names the workflow of a run, or of a job. */
export function workflowCheck(
  name: 'source-workflow' | 'inbound-workflow',
  expected: WorkflowOrJob,
  actual: WorkflowOrJob,
): Check {
  return check(name, isSameWorkflow(expected, actual), workflowText(expected), workflowText(actual));
}

/** Returns whether both are runs, or both are jobs, of the same workflow. */
export function isSameWorkflow(expected: WorkflowOrJob, actual: WorkflowOrJob): boolean {
  return expected.kind === actual.kind && expected.workflow === actual.workflow;
}

/** Checks that a rule with `needs` names the workflow of a run. */
export function needsCheck(
  name: 'source-workflow' | 'inbound-workflow',
  expected: readonly Pick<Conditions, 'workflow'>[],
  actual: readonly WorkflowOrJob[],
  satisfied: boolean,
): Check {
  const texts = [expected.map(({ workflow }) => workflow), actual.map(workflowText)] as const;
  return check(name, satisfied, texts[0].join(' and '), texts[1].join(' and '));
}

function workflowText({ kind, workflow }: WorkflowOrJob): string {
  return kind === 'run' ? workflow : `a job of ${workflow}`;
}

/** Returns how many of the checks of {@link conditionChecks} are not satisfied, without creating them. */
export function countFailedConditions(
  conditions: Conditions,
  trigger: RunTrigger,
  sourceDefaultBranch: string,
): number {
  const { run } = trigger;
  const isRun = trigger.type === 'run.completed';
  const isAccepted = acceptedTypes(conditions, run, sourceDefaultBranch).length > 0;
  return (
    Number(!isAccepted) +
    Number(!acceptsEvent(conditions, run)) +
    Number(isRun && !acceptsConclusion(conditions, run)) +
    Number(!acceptsAttempt(conditions, run)) +
    Number(!isRun && !acceptsEnvironment(conditions, trigger))
  );
}

/** Returns whether a rule accepts the event and the branch or tag of a run, by its name. */
export function concernsRun(conditions: Conditions, run: RunTrigger['run'], sourceDefaultBranch: string): boolean {
  return acceptsEvent(conditions, run) && acceptedTypes(conditions, run, sourceDefaultBranch).length > 0;
}

/** Returns whether a rule accepts how a run ended, and in which attempt. */
export function acceptsResult(conditions: Conditions, run: RunTrigger['run']): boolean {
  return acceptsConclusion(conditions, run) && acceptsAttempt(conditions, run);
}

function acceptsEvent({ events }: Conditions, { event }: RunTrigger['run']): boolean {
  return (events ?? defaultEvents).includes(event);
}

function acceptsConclusion({ conclusions }: Conditions, { conclusion }: RunTrigger['run']): boolean {
  return conclusion !== null && (conclusions ?? defaultConclusions).includes(conclusion);
}

function acceptsAttempt({ attempts }: Conditions, { attempt }: RunTrigger['run']): boolean {
  return attempts === null || attempts.includes(attempt);
}

function acceptsEnvironment({ environments }: Conditions, { job: { environment } }: JobRequested): boolean {
  return environments === null || (environment !== null && environments.some((name) => sameName(name, environment)));
}

function refsText({ branches, tags }: Conditions, defaultBranch: string): string {
  const ofTags = tags === null ? [] : [`tags ${listed(tags)}`];
  if (branches !== null) return [listed(branches), ...ofTags].join('; ');
  return ofTags[0] ?? `${defaultBranch} (the default branch)`;
}

/** Names the head of a run and, for some events, what else decides whether a rule accepts it. */
function headText({ headBranch, event }: RunTrigger['run']): string {
  if (headBranch === null) return 'no branch';
  if (event === 'release') return `tag ${headBranch}`;
  if (event.startsWith('pull_request')) return `${headBranch} (a pull request)`;
  return event === 'merge_group' ? `${headBranch} (a merge queue)` : headBranch;
}

/** Joins patterns for a message. */
export function listed(patterns: readonly Pattern[]): string {
  return patterns.map(({ text }) => text).join(', ');
}
