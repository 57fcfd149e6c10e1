import type { DispatchRequested, Plan, TargetReadings } from '@dispatcher/contracts';
import { type Again, decideRequest, screenRequest, targetsOfRequest } from '@dispatcher/rules';
import type { ReadingDependencies } from './reading.ts';

/** Reads the target that a key asks for, and decides. Nothing is read of what the key's own scope refuses. */
export async function readAndDecideRequest(
  deps: ReadingDependencies,
  request: DispatchRequested,
  again: Again | undefined,
): Promise<Plan> {
  const { guardRails, cache, reader } = deps;
  const refused = screenRequest(request, guardRails);
  if (refused !== null) return { ...refused, revision: again?.revision ?? refused.revision };
  const requests = targetsOfRequest(request, guardRails);
  const targets = requests.length === 0 ? {} : await reader.readTargets(null, requests);
  const permissions = request.asked.kind === 'event' ? await permissionsIn(deps, targets) : null;
  return decideRequest({ request, targets, permissions, guardRails, cache, again });
}

/** Of the App in the one target that was read; null where it cannot be seen. */
async function permissionsIn({ permissionsOf }: ReadingDependencies, targets: TargetReadings) {
  const [reading] = Object.values(targets);
  return reading?.state === 'read' ? permissionsOf(reading.installationId) : null;
}
