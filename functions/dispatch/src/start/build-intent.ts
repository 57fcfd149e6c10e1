import {
  type RouteDecided,
  triggeredAt,
  urlOfTrigger,
  workflowOfSource,
  type WorkflowReference,
} from '@dispatcher/contracts';
import type { Intent } from '@dispatcher/store';

/** Builds the ledger intent of an allowed decision. It contains everything that facts, lineage and issues need. */
export function intentOf({ runKey, correlationId, data }: RouteDecided): Intent {
  const { decision, trigger, lineage, revision } = data;
  if (decision.target === undefined || decision.ref === null) {
    throw new Error(`Decision ${decision.dispatchId} is allowed, but has no target or ref. This is a bug in decide.`);
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
    sourceRunUrl: urlOfTrigger(trigger),
    sourceEndedAt: triggeredAt(trigger),
    lineage: { depth: lineage.depth + 1, path: lineagePathOf(data) },
  };
}

/** Returns the lineage path of the run that the dispatch starts, including that run. */
function lineagePathOf({ decision: { route }, lineage }: RouteDecided['data']): WorkflowReference[] {
  const { source, target } = route;
  const first = workflowOfSource(source);
  const from = lineage.path.length > 0 || first === null ? lineage.path : [first];
  return 'workflow' in target ? [...from, target] : from;
}
