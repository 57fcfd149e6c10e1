import { triggeredAt, type RouteDecided, urlOfTrigger, type WorkflowReference } from '@dispatcher/contracts';
import type { Intent } from '@dispatcher/store';

/** The intent of an allowed decision: all that its facts, its lineage and its issue will say. */
export function intentOf({ runKey, correlationId, data }: RouteDecided): Intent {
  const { decision, trigger: run, lineage, revision } = data;
  if (decision.target === undefined || decision.ref === null) {
    throw new Error(`Decision ${decision.dispatchId} is allowed without a target or a ref: decide has a defect.`);
  }
  const { repositoryId, installationId } = decision.target;
  return {
    dispatchId: decision.dispatchId,
    revision,
    runKey,
    correlationId,
    routeId: decision.routeId,
    route: decision.route,
    target: { repositoryId, installationId },
    ref: decision.ref,
    inputs: decision.inputs,
    sourceRunUrl: urlOfTrigger(run),
    sourceEndedAt: triggeredAt(run),
    lineage: { depth: lineage.depth + 1, path: wayTo(data) },
  };
}

function wayTo({ decision: { route }, lineage }: RouteDecided['data']): WorkflowReference[] {
  const { source, target } = route;
  const from = lineage.path.length > 0 || 'key' in source ? lineage.path : [source];
  return 'workflow' in target ? [...from, target] : from;
}
