import type { QueueSample, QueuesSampled } from '@dispatcher/contracts';
import { orderOf } from '../facts/fact-keys.ts';
import type { Queues } from './projection-schemas.ts';

/** Merged samples of all queues: one item. */
export interface SampledQueues {
  readonly order: string;
  readonly sampledAt: string;
  readonly samples: readonly QueueSample[];
  /** When each queue was last seen empty; absent if never. */
  readonly emptyAt: Readonly<Record<string, string>>;
}

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
