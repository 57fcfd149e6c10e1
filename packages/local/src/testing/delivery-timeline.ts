import type { RecordedFact } from '@dispatcher/store';
import { waitForTimeline, readFacts } from '../demo/timeline.ts';
import { maxWaitMs } from './until.ts';

/** How long a repeated denial may take to change its issue, which it does only if the issue says something else. */
const repeatedReportWaitMs = 5_000;

/**
 * Returns every fact of a delivery, once it is processed. A denial that was recorded before for its route has a report only
 * if its issue changes, so a missing report of such a denial is not waited for as long.
 * @throws Error if it is not processed in time
 */
export async function timelineOf(
  url: string,
  deliveryId: string,
  headers: Record<string, string> = {},
): Promise<readonly RecordedFact[]> {
  const read = () => readFacts(url, deliveryId, headers);
  const first = await waitForTimeline(read, { limitMs: maxWaitMs, issueReportWaitMs: repeatedReportWaitMs });
  if (first.progress === 'dispatched' && (await areRepeated(url, first.facts, headers))) return first.facts;
  const { facts, progress } =
    first.progress === 'dispatched' ? await waitForTimeline(read, { limitMs: maxWaitMs }) : first;
  if (progress === 'complete') return facts;
  throw new Error(`Delivery ${deliveryId} is still ${progress}: ${facts.map(({ type }) => type).join(', ')}`);
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
