import { QueueSample, type QueuesSampled } from '@dispatcher/contracts';
import * as z from 'zod/mini';
import { orderOf } from '../facts/fact-keys.ts';
import type { Queues } from './projection-schemas.ts';

/** Merged samples of all queues: one item. */
export const SampledQueues = z.object({
  order: z.string(),
  sampledAt: z.iso.datetime(),
  samples: z.array(QueueSample),
  /** When each queue was last seen empty; absent if never. */
  emptyAt: z.record(z.string(), z.iso.datetime()),
});
export type SampledQueues = z.infer<typeof SampledQueues>;

/** Merges samples. The result does not depend on their order or on repeats. */
export function mergeSamples(known: SampledQueues | null, facts: readonly QueuesSampled[]): SampledQueues | null {
  return facts.reduce<SampledQueues | null>(mergeSample, known);
}

function mergeSample(known: SampledQueues | null, fact: QueuesSampled): SampledQueues {
  const order = orderOf(fact);
  const sampledAt = new Date(fact.time).toISOString();
  const sample = { order, sampledAt, samples: fact.data.queues };
  const newest = known === null || known.order < order ? sample : known;
  const emptyAt: Record<string, string> = { ...known?.emptyAt };
  for (const { queue, waiting, inFlight, delayed } of fact.data.queues) {
    const isEmpty = waiting + inFlight + delayed === 0;
    if (isEmpty && (emptyAt[queue] ?? '') < sampledAt) emptyAt[queue] = sampledAt;
  }
  return { ...newest, emptyAt };
}

export function toQueues({ sampledAt, samples, emptyAt }: SampledQueues): Queues {
  const queues = samples.map((sample) => ({ ...sample, lastEmptyAt: emptyAt[sample.queue] ?? null }));
  return { sampledAt, queues };
}
