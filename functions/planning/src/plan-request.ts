import type { DispatchRequested, Plan, TargetSnapshots } from '@dispatcher/contracts';
import { type Again, decideRequest, type KeyNow, screenRequest, targetsOfRequest } from '@dispatcher/rules';
import { type ApiKeyRecord, isLiveKey } from '@dispatcher/store';
import type { ReadingDependencies } from './reading.ts';

/**
 * Reads the target that a key asks for, and decides. Nothing is read of what the key's own scope refuses. The door has
 * found the key to be live; an operator's *again* may come when it no longer is.
 */
export async function readAndDecideRequest(
  deps: ReadingDependencies,
  request: DispatchRequested,
  again: Again | undefined,
): Promise<Plan> {
  const { guardRails, cache, reader } = deps;
  const refused = screenRequest(request, guardRails);
  if (refused !== null) return { ...refused, revision: again?.revision ?? refused.revision };
  const key = again === undefined ? undefined : keyNow(await deps.findKey(request.key.id), deps.now());
  const requests = targetsOfRequest(request, guardRails, key);
  const targets = requests.length === 0 ? {} : await reader.readTargets(null, requests);
  const permissions = request.request.kind === 'event' ? await permissionsIn(deps, targets) : null;
  return decideRequest({ request, targets, permissions, guardRails, cache, again, key });
}

function keyNow(record: ApiKeyRecord | null, now: number): KeyNow {
  if (record === null) return { targets: [], ended: 'not there any more' };
  const { targets, revokedAt, expiresAt } = record;
  if (isLiveKey(record, now)) return { targets, ended: null };
  return { targets, ended: revokedAt === null ? `over since ${expiresAt}` : `revoked since ${revokedAt}` };
}

/** Of the App in the one target that was read; null where it cannot be seen. */
async function permissionsIn({ permissionsOf }: ReadingDependencies, targets: TargetSnapshots) {
  const [reading] = Object.values(targets);
  return reading?.state === 'read' ? permissionsOf(reading.installationId) : null;
}
