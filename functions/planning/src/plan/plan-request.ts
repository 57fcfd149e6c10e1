import { type DispatchRequested, requesterOf, type TargetSnapshots } from '@dispatcher/contracts';
import type { CallOptions } from '@dispatcher/lambda';
import { outageOf } from '@dispatcher/github';
import { type ReplayOptions, decideRequest, policyOwnersOf, screenRequest, targetsOfRequest } from '@dispatcher/rules';
import { filesOfPlan } from '@dispatcher/store';
import { deferWhileUnreachable } from './outage.ts';
import { readPolicies, rememberPolicies } from './policies.ts';
import type { Decided, DecisionDependencies } from './snapshots.ts';

/**
 * Reads the target of a request and decides. Nothing is read if the scope of its key, schedule or webhook refuses the
 * request. The dispatch API has just authenticated the key of a request; in any other case the key, schedule or webhook may
 * have ended since, so it is read again.
 */
export async function readAndDecideRequest(
  deps: DecisionDependencies,
  request: DispatchRequested,
  replay: ReplayOptions | undefined,
  options: CallOptions,
): Promise<Decided> {
  const { guardRails, cache, reader } = deps;
  const refused = screenRequest(request, guardRails);
  if (refused !== null) {
    return {
      plan: { ...refused, revision: replay?.revision ?? refused.revision },
      outage: null,
      snapshots: [],
      files: [],
    };
  }
  const named = requesterOf(request);
  const isAuthenticated = named.kind === 'key' && replay === undefined;
  const requester = isAuthenticated ? undefined : await deps.findRequester(named);
  const requests = targetsOfRequest(request, guardRails, requester);
  const none: TargetSnapshots = {};
  const [targets, { policies, repositories }] = await Promise.all([
    requests.length === 0 ? none : reader.readTargets(null, requests, options),
    readPolicies(deps, null, policyOwnersOf(request, requests), options),
  ]);
  const plan = { trigger: request, revision: replay?.revision ?? 0 };
  const permissions =
    request.request.kind === 'event'
      ? await deferWhileUnreachable(deps, plan, (call) => permissionsIn(deps, targets, call), options)
      : null;
  const decided = decideRequest({ request, targets, permissions, guardRails, policies, cache, replay, requester });
  return {
    plan: decided,
    snapshots: Object.values(targets),
    files: filesOfPlan(decided, null, targets),
    outage: outageOf([...Object.entries(targets), ...repositories]),
    rememberIds: () => rememberPolicies(deps, policies),
  };
}

/** Returns the App's permissions in the one target that was read; null if the App has no access to it. */
async function permissionsIn({ permissionsOf }: DecisionDependencies, targets: TargetSnapshots, options: CallOptions) {
  const [snapshot] = Object.values(targets);
  return snapshot?.state === 'read' ? permissionsOf(snapshot.installationId, options) : null;
}
