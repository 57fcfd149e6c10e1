import {
  type Check,
  foldName,
  type GuardRails,
  type JobReference,
  type Lineage,
  type Route,
  type WorkflowReference,
} from '@dispatcher/contracts';
import type { Enabled } from '../compile/compiled-file.ts';
import { isAllowlisted, sameWorkflow } from '../values/names.ts';
import { check, unsatisfied } from './checks.ts';

/** A route whose trigger is a run or a job of one: it starts a workflow, never an event. */
export type RunRoute = Route & {
  readonly source: WorkflowReference | JobReference;
  readonly target: WorkflowReference;
};

export interface RouteContext {
  readonly guardRails: GuardRails;
  /** Of the run, or of each run of a rule with `needs`. */
  readonly lineages: readonly Lineage[];
  /** The workflows of these runs. */
  readonly workflows: readonly string[];
}

/** Returns the checks of a route that need neither side's snapshot: itself, the allowlist and lineage. */
export function routeChecks(route: RunRoute, { guardRails, lineages, workflows }: RouteContext): Check[] {
  const {
    target,
    source: { repository },
  } = route;
  const isOther = workflows.every((workflow) => !sameWorkflow({ repository, workflow }, target));
  const label = `${target.repository}:${target.workflow}`;
  return [
    check('not-self', isOther, 'a workflow other than the source', label),
    allowlistCheck(target, guardRails),
    ...lineagesChecks(route, guardRails, lineages),
  ];
}

/**
 * Returns the check of the operator's limit of targets per run.
 * @param place the place of the route, from 1, among those that no other check of the source side refuses; null if one does
 */
export function limitCheck(place: number | null, { maxTargetsPerRun }: GuardRails): Check {
  return check(
    'target-limit',
    place === null || place <= maxTargetsPerRun,
    `at most ${maxTargetsPerRun} targets`,
    place === null ? 'not counted' : `target ${place}`,
  );
}

/** Returns the check of the operator's allowlist for targets. */
export function allowlistCheck({ repository }: { readonly repository: string }, guardRails: GuardRails): Check {
  return check(
    'target-allowlist',
    isAllowlisted(guardRails.targetRepositories.map(foldName), foldName(repository)),
    'a repository in TARGET_REPO_ALLOWLIST',
    repository,
  );
}

/** Returns the depth check of a dispatch whose trigger was not itself started by a dispatch. */
export function firstDepthCheck(guardRails: GuardRails): Check {
  return check('depth', guardRails.maxDispatchDepth >= 1, depthLimit(guardRails), 'dispatch 1');
}

/**
 * Returns a failed check for each reason why a route is a dry run; none if it is not.
 * @param enabled what the outbound rule says; absent for an API key, which has no rule
 */
export function dryRunChecks({ dryRun }: GuardRails, enabled: Enabled = true): Check[] {
  return [
    ...(dryRun ? [check('not-dry-run', false, 'DRY_RUN is not set', 'DRY_RUN=true')] : []),
    ...(enabled === 'dry-run'
      ? [check('outbound-not-dry-run', false, 'enabled: true', '`enabled: dry-run` in the outbound rule')]
      : []),
  ];
}

const depthOf = (lineage: Lineage): number => (lineage.state === 'known' ? lineage.depth : 0);

/** Returns the checks of the first lineage that refuses the route, or else of the longest. */
function lineagesChecks(route: RunRoute, guardRails: GuardRails, lineages: readonly Lineage[]): Check[] {
  const checked = lineages
    .toSorted((left, right) => depthOf(right) - depthOf(left))
    .map((lineage) => lineageChecks(route, guardRails, lineage));
  return checked.find((checks) => unsatisfied(checks).length > 0) ?? checked[0] ?? [];
}

function lineageChecks({ target }: RunRoute, guardRails: GuardRails, lineage: Lineage): Check[] {
  const expected = 'a recorded lineage';
  // Without the lineage, neither a loop nor the depth can be detected.
  if (lineage.state === 'unknown') return [check('lineage-known', false, expected, 'not recorded')];
  if (lineage.state === 'own-check') {
    const cause = 'a check of Dispatcher triggered the run';
    return [
      check('lineage-known', true, expected, cause),
      check('no-loop', false, 'a run that no check of Dispatcher triggered', cause),
    ];
  }
  const actual = lineage.state === 'root' ? 'not started by a dispatch' : 'recorded';
  const known = check('lineage-known', true, expected, actual);
  if (lineage.state === 'root') return [known, firstDepthCheck(guardRails)];
  const path = lineage.path.map(({ repository, workflow }) => `${repository}:${workflow}`).join(' → ');
  const depth = lineage.depth + 1;
  return [
    known,
    check('no-loop', !lineage.path.some((step) => sameWorkflow(step, target)), 'a target not in the lineage', path),
    check('depth', depth <= guardRails.maxDispatchDepth, depthLimit(guardRails), `dispatch ${depth} after ${path}`),
  ];
}

function depthLimit({ maxDispatchDepth }: GuardRails): string {
  return `at most ${maxDispatchDepth} dispatches in a row`;
}
