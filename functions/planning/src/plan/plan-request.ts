import { type AppPermissions, type DispatchRequested, requesterOf, type TargetSnapshots } from '@dispatcher/contracts';
import type { CallOptions } from '@dispatcher/lambda';
import { GitHubUnreachableError, outageOf } from '@dispatcher/github';
import { type ReplayOptions, decideRequest, policyOwnersOf, screenRequest, targetsOfRequest } from '@dispatcher/rules';
import { filesOfPlan } from '@dispatcher/store';
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
  const [found, { policies, repositories }] = await Promise.all([
    requests.length === 0 ? none : reader.readTargets(null, requests, options),
    readPolicies(deps, null, policyOwnersOf(request, requests), options),
  ]);
  const { targets, permissions } =
    request.request.kind === 'event'
      ? await readPermissions(deps, found, options)
      : { targets: found, permissions: null };
  const decided = decideRequest({ request, targets, permissions, guardRails, policies, cache, replay, requester });
  return {
    plan: decided,
    snapshots: Object.values(targets),
    files: filesOfPlan(decided, null, targets),
    outage: outageOf([...Object.entries(targets), ...repositories]),
    rememberIds: () => rememberPolicies(deps, policies),
  };
}

/**
 * Reads the App's permissions in the one target that was read; null if the App has no access to it. If GitHub cannot be
 * reached for them, the target counts as not read: whether the plan waits for GitHub is decided where it is stored.
 */
async function readPermissions(
  { permissionsOf, now }: Pick<DecisionDependencies, 'permissionsOf' | 'now'>,
  targets: TargetSnapshots,
  options: CallOptions,
): Promise<{ readonly targets: TargetSnapshots; readonly permissions: AppPermissions | null }> {
  const [target] = Object.entries(targets);
  if (target?.[1].state !== 'read') return { targets, permissions: null };
  const [name, { installationId }] = target;
  try {
    return { targets, permissions: await permissionsOf(installationId, options) };
  } catch (error) {
    if (!(error instanceof GitHubUnreachableError)) throw error;
    const { message: reason, retryAfterMs } = error;
    const unreachable = { retryAt: retryAfterMs === null ? null : now() + retryAfterMs };
    return { targets: { [name]: { state: 'unknown', reason, unreachable } }, permissions: null };
  }
}
