import type { RecordedFact } from '@dispatcher/store';
import { waitForTimeline, readFacts } from '../demo/timeline.ts';
import { maxWaitMs } from './until.ts';

/** Returns every fact of a delivery, once it is processed. @throws Error if it is not processed in time */
export async function timelineOf(
  url: string,
  deliveryId: string,
  headers: Record<string, string> = {},
): Promise<readonly RecordedFact[]> {
  const read = () => readFacts(url, deliveryId, headers);
  const { facts, progress } = await waitForTimeline(read, { limitMs: maxWaitMs });
  if (progress === 'complete') return facts;
  throw new Error(`Delivery ${deliveryId} is still ${progress}: ${facts.map(({ type }) => type).join(', ')}`);
}
