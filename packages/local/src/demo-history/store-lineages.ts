import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type DispatchAccepted, type Fact, type RouteDecided, urlOfTrigger } from '@dispatcher/contracts';
import { createStateStore } from '@dispatcher/store';
import { tableName } from '../aws/provision.ts';
import { startedBy } from './facts.ts';

/** Number of writes at the same time. */
const batchSize = 25;

/** Stores which dispatch started a run, as the dispatch function does: planning waits for it when such a run is replayed. */
export async function storeLineages(client: DynamoDBDocumentClient, facts: readonly Fact[]): Promise<void> {
  const { lineage } = createStateStore({ client, table: tableName('state') });
  const decisions = new Map(
    facts.flatMap((fact) => (fact.type === 'route.decided' ? [[fact.data.decision.dispatchId, fact] as const] : [])),
  );
  const put = async ({ time, data: { dispatchId, workflowRunId } }: DispatchAccepted) => {
    const decided = decisions.get(dispatchId);
    const target = decided?.data.decision.target;
    if (decided === undefined || target === undefined || workflowRunId === null) return;
    await lineage.putLineage(target.repositoryId, workflowRunId, lineageOf(decided, time));
  };
  const accepted = facts.filter((fact) => fact.type === 'dispatch.accepted');
  for (let start = 0; start < accepted.length; start += batchSize) {
    await Promise.all(accepted.slice(start, start + batchSize).map(put));
  }
}

function lineageOf(decided: RouteDecided, acceptedAt: string) {
  const { runKey, correlationId, data } = decided;
  const { dispatchId, routeId, route } = data.decision;
  const { depth, path } = startedBy(decided, Date.parse(acceptedAt)).lineage;
  const sourceRunUrl = urlOfTrigger(data.trigger);
  return { dispatchId, runKey, correlationId, sourceRunUrl, routeId, route, depth, path: [...path], acceptedAt };
}
