import {
  type Candidates,
  type CommitRuns,
  type DispatchRequested,
  foldName,
  type GuardRails,
  type Lineage,
  type OwnerPolicies,
  type RepositorySnapshot,
  type RunTrigger,
  type TargetRequest,
  type TargetSnapshots,
} from '@dispatcher/contracts';
import { unsatisfied } from '../checks/checks.ts';
import type { MatchedRoute } from '../checks/matched-route.ts';
import { checkSource } from '../checks/source-checks.ts';
import type { CompileCache } from '../compile/compile-snapshot.ts';
import { type CurrentRequester, matchRequest } from './match-request.ts';
import { qualifiedRef } from '../values/qualified-ref.ts';
import { matchRun } from './match-run.ts';

/**
 * Returns the target repositories that `decide` needs for this run, with the workflow files and refs to read there. Uses
 * the same matching as `decide`. Routes that are refused anyway are left out, so there are at most `maxTargetsPerRun`
 * repositories.
 */
export function targetsToRead(
  run: RunTrigger,
  source: RepositorySnapshot,
  guardRails: GuardRails,
  cache?: CompileCache,
  lineage: Lineage = { state: 'root' },
  policies?: OwnerPolicies,
  candidates?: Candidates,
  commit?: CommitRuns,
): TargetRequest[] {
  const checked = checkSource(run, source, cache);
  if (checked.file === undefined) return [];
  // The lineage must be that of the decision: a route that it refuses leaves its place to another one, which is read.
  return requestsFor(matchRun(run, checked, { guardRails, lineage, policies, candidates, commit }).routes);
}

/** Returns whether {@link targetsToRead} and `decide` need the candidates of this source. */
export function needsCandidates(
  run: RunTrigger,
  source: RepositorySnapshot,
  guardRails: GuardRails,
  cache?: CompileCache,
): boolean {
  const checked = checkSource(run, source, cache);
  if (!guardRails.allowPatterns || checked.file === undefined) return false;
  const hasPattern = checked.file.outbound.some(({ targets }) => targets.some(({ pattern }) => pattern !== null));
  return hasPattern && matchRun(run, checked, { guardRails, lineage: { state: 'root' } }).usesPattern;
}

/** Returns the target repository that `decideRequest` needs: none if the request is refused anyway. */
export function targetsOfRequest(
  request: DispatchRequested,
  guardRails: GuardRails,
  requester?: CurrentRequester,
): TargetRequest[] {
  return requestsFor([matchRequest(request, guardRails, { requester })]);
}

function requestsFor(routes: readonly MatchedRoute[]): TargetRequest[] {
  const requests = new Map<string, { owner: string; name: string; workflows: Set<string>; refs: Set<string> }>();
  for (const matched of routes) {
    if (unsatisfied(matched.checks).length > 0) continue;
    const { target } = matched.route;
    const [owner = '', name = ''] = target.repository.split('/');
    const key = targetKey(matched);
    const request = requests.get(key) ?? { owner, name, workflows: new Set<string>(), refs: new Set<string>() };
    if ('workflow' in target) request.workflows.add(target.workflow);
    if (matched.requestedRef !== null) request.refs.add(qualifiedRef(matched.requestedRef).name);
    requests.set(key, request);
  }
  return [...requests.values()].map((request) => ({
    ...request,
    workflows: [...request.workflows],
    refs: [...request.refs],
  }));
}

/**
 * Returns the snapshot of a route's target. Returns undefined if the route is refused anyway, because its target may not
 * have been read.
 */
export function snapshotOf(matched: MatchedRoute, targets: TargetSnapshots): RepositorySnapshot | undefined {
  const key = targetKey(matched);
  if (Object.hasOwn(targets, key)) return targets[key];
  return unsatisfied(matched.checks).length > 0 ? undefined : { state: 'unknown', reason: 'it was not read' };
}

/** Returns the key of a route's target in the snapshots: lower-case `owner/name`. */
export function targetKey(matched: MatchedRoute): string {
  return foldName(matched.route.target.repository);
}
