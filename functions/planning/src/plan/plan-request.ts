import type { DispatchRequested, Plan, TargetSnapshots } from '@dispatcher/contracts';
import type { CallOptions } from '@dispatcher/lambda';
import { type ReplayOptions, decideRequest, type CurrentKey, screenRequest, targetsOfRequest } from '@dispatcher/rules';
import { type ApiKeyRecord, isLiveKey } from '@dispatcher/store';
import type { DecisionDependencies } from './snapshots.ts';

/**
 * Reads the target of an API key's request and decides. Nothing is read if the key's scope refuses the request. The
 * dispatch API has authenticated the key; a replay may run after the key was revoked, so the key is read again.
 */
export async function readAndDecideRequest(
  deps: DecisionDependencies,
  request: DispatchRequested,
  replay: ReplayOptions | undefined,
  options: CallOptions,
): Promise<Plan> {
  const { guardRails, cache, reader } = deps;
  const refused = screenRequest(request, guardRails);
  if (refused !== null) return { ...refused, revision: replay?.revision ?? refused.revision };
  const key = replay === undefined ? undefined : toKeyNow(await deps.findKey(request.key.id), deps.now());
  const requests = targetsOfRequest(request, guardRails, key);
  const targets = requests.length === 0 ? {} : await reader.readTargets(null, requests, options);
  const permissions = request.request.kind === 'event' ? await permissionsIn(deps, targets, options) : null;
  return decideRequest({ request, targets, permissions, guardRails, cache, replay, key });
}

function toKeyNow(record: ApiKeyRecord | null, now: number): CurrentKey {
  if (record === null) return { targets: [], ended: 'deleted' };
  const { targets, revokedAt, expiresAt } = record;
  if (isLiveKey(record, now)) return { targets, ended: null };
  return { targets, ended: revokedAt === null ? `expired since ${expiresAt}` : `revoked since ${revokedAt}` };
}

/** Returns the App's permissions in the one target that was read; null if the App has no access to it. */
async function permissionsIn({ permissionsOf }: DecisionDependencies, targets: TargetSnapshots, options: CallOptions) {
  const [snapshot] = Object.values(targets);
  return snapshot?.state === 'read' ? permissionsOf(snapshot.installationId, options) : null;
}
