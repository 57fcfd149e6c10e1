import type { Check, GuardRails, Lineage, Route, WorkflowReference } from '@dispatcher/contracts';
import { foldName } from '@dispatcher/contracts';
import { allowlisted, sameWorkflow } from '../values/names.ts';
import { check } from './checks.ts';

/** A route whose trigger is a run: it starts a workflow, never an event. */
export type RunRoute = Route & { readonly source: WorkflowReference; readonly target: WorkflowReference };

export interface RouteContext {
  /** The position of the route among the distinct routes of the run, from 1. */
  readonly position: number;
  readonly guardRails: GuardRails;
  readonly lineage: Lineage;
}

/** Returns the checks of a route that need neither side's snapshot: itself, operator limits and lineage. */
export function routeChecks(route: RunRoute, { position, guardRails, lineage }: RouteContext): Check[] {
  const { source, target } = route;
  const label = `${target.repository}:${target.workflow}`;
  return [
    check('not-self', !sameWorkflow(source, target), 'a workflow other than the source', label),
    check(
      'target-limit',
      position <= guardRails.maxTargetsPerRun,
      `at most ${guardRails.maxTargetsPerRun} targets`,
      `number ${position}`,
    ),
    allowlistCheck(target, guardRails),
    ...lineageChecks(route, guardRails, lineage),
  ];
}

/** Returns the check of the operator's allowlist for targets. */
export function allowlistCheck({ repository }: { readonly repository: string }, guardRails: GuardRails): Check {
  return check(
    'target-allowlist',
    allowlisted(guardRails.targetRepositories.map(foldName), foldName(repository)),
    'a repository in TARGET_REPO_ALLOWLIST',
    repository,
  );
}

/** Returns the depth check of a dispatch whose trigger was not itself started by a dispatch. */
export function firstDepthCheck(guardRails: GuardRails): Check {
  return check('depth', guardRails.maxDispatchDepth >= 1, depthLimit(guardRails), 'number 1');
}

function lineageChecks({ target }: RunRoute, guardRails: GuardRails, lineage: Lineage): Check[] {
  const expected = 'a recorded lineage';
  // Without the lineage, neither a loop nor the depth can be detected.
  if (lineage.state === 'unknown') return [check('lineage-known', false, expected, 'not recorded')];
  const actual = lineage.state === 'root' ? 'not started by a dispatch' : 'recorded';
  const known = check('lineage-known', true, expected, actual);
  if (lineage.state === 'root') return [known, firstDepthCheck(guardRails)];
  const path = lineage.path.map(({ repository, workflow }) => `${repository}:${workflow}`).join(' → ');
  const depth = lineage.depth + 1;
  return [
    known,
    check('no-loop', !lineage.path.some((step) => sameWorkflow(step, target)), 'a target not in the lineage', path),
    check('depth', depth <= guardRails.maxDispatchDepth, depthLimit(guardRails), `number ${depth} after ${path}`),
  ];
}

function depthLimit({ maxDispatchDepth }: GuardRails): string {
  return `at most ${maxDispatchDepth} dispatches in a row`;
}
