import type { RecordedFact } from '@dispatcher/store';
import { progressOf, readFacts } from '../demo/timeline.ts';
import { until } from './until.ts';

/**
 * Returns every fact of a delivery, once it is processed. A denial that was recorded before for its route has a report only
 * if its issue changes, so the report of such a denial is not waited for.
 * @throws Error if it is not processed in time
 */
export async function timelineOf(
  url: string,
  deliveryId: string,
  headers: Record<string, string> = {},
): Promise<readonly RecordedFact[]> {
  let facts: readonly RecordedFact[] = [];
  await until(async () => {
    facts = await readFacts(url, deliveryId, headers);
    const progress = progressOf(facts);
    return progress === 'complete' || (progress === 'dispatched' && (await areRepeated(url, facts, headers)));
  });
  return facts;
}

async function areRepeated(
  url: string,
  facts: readonly RecordedFact[],
  headers: Record<string, string>,
): Promise<boolean> {
  const denied = facts.flatMap((fact) =>
    fact.type === 'route.decided' && fact.data.decision.effect === 'deny' ? [fact.data.decision.routeId] : [],
  );
  for (const routeId of denied) {
    const response = await fetch(`${url}/api/routes/${routeId}`, { headers });
    const { counts } = (await response.json()) as { counts?: { denied: number } };
    if ((counts?.denied ?? 0) < 2) return false;
  }
  return denied.length > 0;
}
