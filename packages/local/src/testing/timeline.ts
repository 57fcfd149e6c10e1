import type { FactSummary } from '@dispatcher/store';
import { waitForTimeline, readFacts } from '../demo/timeline.ts';
import { patienceMs } from './until.ts';

/** Every fact of a delivery, once nothing more is to come of it. @throws Error where that does not come about */
export async function timelineOf(
  url: string,
  deliveryId: string,
  headers: Record<string, string> = {},
): Promise<readonly FactSummary[]> {
  const read = () => readFacts(url, deliveryId, headers);
  const { facts, progress } = await waitForTimeline(read, { limitMs: patienceMs });
  if (progress === 'complete') return facts;
  throw new Error(`The journey of ${deliveryId} is still ${progress}: ${facts.map(({ type }) => type).join(', ')}`);
}
